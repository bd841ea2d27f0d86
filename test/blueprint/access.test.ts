import fc from 'fast-check';
import { compile } from '../../src/blueprint/compile';
import { STAGE_TABLE } from '../../src/blueprint/stageTable';
import { decideAssumeRole } from '../../src/iam/decideAssumeRole';
import type { Context } from '../../src/iam/Request';
import { type Stage, STAGES } from '../../src/inventory/Inventory';
import { clusterOf, environmentOf, inventoryOf, targetOf, workloadOf } from './inventoryOf';

// Who gets in, by evaluating the documents as they would stand in AWS.

interface Caller {
  readonly account: string;
  readonly cluster: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly audience: string;
  readonly service: string;
}

const RIGHT: Caller = {
  account: '333333333333',
  cluster: 'main',
  namespace: 'production',
  serviceAccount: 'orders-api',
  audience: 'sts.amazonaws.com',
  service: 'pods.eks.amazonaws.com',
};

const CLUSTERS = [clusterOf(), clusterOf({ key: 'other' })];
const arnOf = (cluster: string, account: string) => `arn:aws:eks:us-west-2:${account}:cluster/prod-${cluster}`;

function blueprintAt(stage: Stage, sessionTags = true) {
  const workloads = [workloadOf({ stage, sessionTags, targets: [targetOf()] })];
  const blueprint = compile(inventoryOf(environmentOf({ clusters: CLUSTERS, workloads })), 'prod');
  return { role: blueprint.roles[0]!, target: blueprint.targetRoles[0]! };
}

function webIdentity(stage: Stage, caller: Caller) {
  const { role } = blueprintAt(stage);
  const issuer = CLUSTERS.find(({ key }) => key === caller.cluster)!.oidc!.issuer.replace('https://', '');
  return decideAssumeRole({
    caller: { kind: 'federated', provider: `arn:aws:iam::${caller.account}:oidc-provider/${issuer}` },
    operation: 'sts:AssumeRoleWithWebIdentity',
    roleArn: role.arn,
    trust: { name: 'trust', document: role.trust },
    context: {
      [`${issuer}:sub`]: `system:serviceaccount:${caller.namespace}:${caller.serviceAccount}`,
      [`${issuer}:aud`]: caller.audience,
    },
  }).allowed;
}

const tagsOf = ({ cluster, account, namespace, serviceAccount }: Caller) => ({
  'eks-cluster-arn': arnOf(cluster, account),
  'eks-cluster-name': `prod-${cluster}`,
  'kubernetes-namespace': namespace,
  'kubernetes-service-account': serviceAccount,
  'kubernetes-pod-name': 'pod-1',
  'kubernetes-pod-uid': 'uid-1',
});

function podIdentity(stage: Stage, caller: Caller, sessionTags = true) {
  const { role } = blueprintAt(stage, sessionTags);
  return decideAssumeRole({
    caller: { kind: 'service', service: caller.service },
    operation: 'sts:AssumeRole',
    roleArn: role.arn,
    trust: { name: 'trust', document: role.trust },
    context: { 'aws:SourceAccount': caller.account, 'aws:SourceArn': arnOf(caller.cluster, caller.account) },
    ...(sessionTags ? { tags: tagsOf(caller) } : {}),
  }).allowed;
}

/** The hop to the target: `carries` are the caller's transitive session tags, `sends` what it puts into the request itself. */
function hop(
  stage: Stage,
  { from, carries, sends }: { from?: string; carries?: Record<string, string>; sends?: Record<string, string> },
) {
  const { role, target } = blueprintAt(stage);
  const context: Context = Object.fromEntries(
    Object.entries(carries ?? {}).map(([key, value]) => [`aws:PrincipalTag/${key}`, value]),
  );
  return decideAssumeRole({
    caller: { kind: 'session', roleArn: from ?? role.arn, sessionName: 'pod' },
    operation: 'sts:AssumeRole',
    roleArn: target.arn,
    trust: { name: 'trust', document: target.trust },
    callerPolicies: { identity: [{ name: 'podlift', document: role.inline! }] },
    context,
    ...(carries === undefined ? {} : { inheritedTags: carries }),
    ...(sends === undefined ? {} : { tags: sends }),
  }).allowed;
}

describe.each(STAGES)('at %s', (stage) => {
  const row = STAGE_TABLE[stage];

  it('the workload’s pods get the source role by the modes that the stage table names', () => {
    expect(webIdentity(stage, RIGHT)).toBe(row.trustsOidc);
    expect(podIdentity(stage, RIGHT)).toBe(row.trustsPodIdentity);
    expect(podIdentity(stage, RIGHT, false)).toBe(row.trustsPodIdentity);
  });

  it('the source role’s sessions reach the target by the hops that the stage table names', () => {
    expect(hop(stage, {})).toBe(row.servesUntaggedHop);
    expect(hop(stage, { carries: tagsOf(RIGHT) })).toBe(row.servesTaggedHop);
  });

  it.each<[string, Partial<Caller>]>([
    ['another service account in the namespace', { serviceAccount: 'orders-worker' }],
    ['a service account whose name goes on', { serviceAccount: 'orders-api-2' }],
    ['a service account whose name ends the same', { serviceAccount: 'new-orders-api' }],
    ['the same name in another namespace', { namespace: 'staging' }],
    ['another cluster of the account', { cluster: 'other' }],
    ['another account', { account: '999999999999' }],
  ])('nobody else gets the source role: %s', (_who, parts) => {
    expect(webIdentity(stage, { ...RIGHT, ...parts })).toBe(false);
    expect(podIdentity(stage, { ...RIGHT, ...parts })).toBe(false);
  });

  it('neither another audience nor another service gets the source role', () => {
    expect(webIdentity(stage, { ...RIGHT, audience: 'pods.eks.amazonaws.com' })).toBe(false);
    expect(podIdentity(stage, { ...RIGHT, service: 'ec2.amazonaws.com' })).toBe(false);
  });

  it('no other role of the account reaches the target, whatever tags it forges', () => {
    const from = 'arn:aws:iam::333333333333:role/prod-billing';
    for (const sends of [undefined, tagsOf(RIGHT)])
      expect(hop(stage, { from, ...(sends === undefined ? {} : { sends }) })).toBe(false);
  });

  it('a session of another pod does not reach the target by its tags, and sending other tags does not help it', () => {
    const carries = tagsOf({ ...RIGHT, serviceAccount: 'other' });
    expect(hop(stage, { carries })).toBe(false);
    expect(hop(stage, { carries, sends: { team: 'orders' } })).toBe(false);
  });
});

describe('at pod-identity', () => {
  it('an untagged session does not reach the target by putting the tags into its own request', () => {
    expect(hop('pod-identity', { sends: tagsOf(RIGHT) })).toBe(false);
  });

  it('no namespace and service account but the workload’s own get in, however they are cut', () => {
    const label = fc.stringMatching(/^[a-z]([a-z0-9-]{0,12}[a-z0-9])?$/);
    fc.assert(
      fc.property(label, label, (namespace, serviceAccount) => {
        fc.pre(namespace !== RIGHT.namespace || serviceAccount !== RIGHT.serviceAccount);
        expect(podIdentity('pod-identity', { ...RIGHT, namespace, serviceAccount })).toBe(false);
        expect(webIdentity('irsa', { ...RIGHT, namespace, serviceAccount })).toBe(false);
      }),
    );
  });
});
