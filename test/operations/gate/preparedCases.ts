import { compile } from '../../../src/blueprint/compile';
import { NO_IMPORTS, roleSettingsOf, targetOf } from '../../blueprint/inventoryOf';
import { agentPod, irsaPod, pilotAt, podIdentityPod, ROLE, type Setting } from '../agreedWorld';
import type { PolicyDocument } from '../../../src/iam/PolicyDocument';
import type { GateCase } from './GateCase';
import { addonOf } from '../facts';

const KEY = '333333333333/prod-orders-api';
const TARGET_KEY = '444444444444/prod-orders-api-ledger';
const foreign = {
  id: 'a-9',
  namespace: 'production',
  serviceAccount: 'orders-api',
  disableSessionTags: false,
  tags: {},
};

const QUARANTINE = 'arn:aws:iam::aws:policy/Deny';
const GIVEN: Setting = {
  workload: {
    permissions: {
      managedPolicies: [],
      statements: [{ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::acme/*'] }],
      inlinePolicies: {},
    },
  },
};
const ALLOWED: PolicyDocument = {
  Statement: { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::acme/*' },
};
const DENIED: PolicyDocument = { Statement: { Effect: 'Deny', Action: '*', Resource: '*' } };
const NODES = '333333333333/nodes';
/** The last step, and each one before it, needs what the agent needs. */
const STAGES_BEFORE_POD_IDENTITY = ['prepared', 'dual', 'cutover'] as const;

export const PREPARED_CASES: readonly GateCase[] = [
  ...STAGES_BEFORE_POD_IDENTITY.flatMap((at): readonly GateCase[] => [
    {
      title: `the node role does not allow the agent's call (at ${at})`,
      check: 'node-role',
      holds: 'no',
      at,
      change: (world) => (world.rolePolicies[NODES] = { attached: [], inline: {} }),
      found: /nodes, the role of its nodes, does not allow eks-auth:AssumeRoleForPodIdentity/,
      remedy: /aws iam attach-role-policy --role-name nodes --policy-arn \S+AmazonEKSWorkerNodePolicy/,
    },
    {
      title: `the add-on is degraded (at ${at})`,
      check: 'agent',
      holds: 'no',
      at,
      change: (world) => (world.addons = { 'prod-main': addonOf({ status: 'DEGRADED' }) }),
      found: /is DEGRADED/,
    },
    {
      title: `the add-on was removed (at ${at})`,
      check: 'agent',
      holds: 'no',
      at,
      change: (world) => (world.addons = {}),
      found: /there is no add-on eks-pod-identity-agent/,
    },
    {
      title: `the inline policy of the source role lost the hop (at ${at})`,
      check: 'target-hop',
      holds: 'no',
      at,
      setting: { targets: [targetOf()] },
      change: (world) =>
        (world.rolePolicies[KEY] = JSON.parse(
          JSON.stringify(world.rolePolicies[KEY]).replaceAll('"sts:TagSession"', '"sts:GetCallerIdentity"'),
        )),
      found: /cannot assume prod-orders-api-ledger through Pod Identity, denied by the source role:[^]*sts:TagSession/,
    },
  ]),
  ...[
    {
      title: 'the inline policy is gone',
      left: { attached: [], inline: {} },
      found: /missing inline policies: podlift/,
      remedy: /npx cdktf apply prod-identity/,
    },
    {
      title: 'the inline policy lost a statement',
      left: { attached: [], inline: { podlift: { Statement: [] } } },
      found: /does not allow what the inventory gives it: s3:GetObject on arn:aws:s3:::acme\/\*/,
      remedy: /npx cdktf apply prod-identity/,
    },
    {
      title: 'another policy denies everything',
      left: { attached: [QUARANTINE], inline: { podlift: ALLOWED } },
      found:
        /a policy of the role denies what the inventory gives it: s3:GetObject on [^]*policy arn:aws:iam::aws:policy\/Deny/,
      remedy:
        /from statement 0\b.* of policy arn:aws:iam::aws:policy\/Deny\S*, which the inventory does not have: it is only on the role in AWS/,
    },
    {
      title: 'another inline policy denies it',
      left: { attached: [], inline: { podlift: ALLOWED, deny: DENIED } },
      found: /a policy of the role denies[^]*inline policy deny/,
      remedy:
        /from statement 0\b.* of inline policy deny\b.*, which the inventory does not have: it is only on the role in AWS/,
    },
  ].map(({ left, ...one }): GateCase => ({
    ...one,
    check: 'permissions',
    holds: 'no',
    setting: GIVEN,
    change: (world) => {
      world.rolePolicies[KEY] = left;
      world.managedPolicies[QUARANTINE] = DENIED;
    },
  })),
  {
    title: 'a boundary that the inventory does not have removes it',
    check: 'permissions',
    holds: 'no',
    setting: GIVEN,
    change: (world) => {
      world.roles[KEY] = { ...world.roles[KEY]!, permissionsBoundary: QUARANTINE };
      world.managedPolicies[QUARANTINE] = { Statement: { Effect: 'Allow', Action: 'sqs:*', Resource: '*' } };
    },
    found: /the permissions boundary of the role does not allow what the inventory gives it: s3:GetObject/,
    remedy: /Allow it in the permissions boundary arn:aws:iam::aws:policy\/Deny, or detach/,
  },
  ...[
    {
      title: 'the same permission in a managed policy',
      left: { attached: [QUARANTINE], inline: { podlift: { Statement: [] } } },
      document: ALLOWED,
    },
    {
      title: 'a policy that denies something else',
      left: { attached: [QUARANTINE], inline: { podlift: ALLOWED } },
      document: { Statement: { Effect: 'Deny', Action: 's3:DeleteObject', Resource: '*' } },
    } as const,
  ].map(({ left, document, ...one }): GateCase => ({
    ...one,
    check: 'permissions',
    holds: 'yes',
    setting: GIVEN,
    change: (world) => {
      world.rolePolicies[KEY] = left;
      world.managedPolicies[QUARANTINE] = document;
    },
  })),
  {
    title: 'a proxy without NO_PROXY, in pods that are on IRSA still',
    check: 'proxy',
    holds: 'no',
    change: (world) => {
      const [pod] = [irsaPod()];
      const containers = pod.containers.map((one) => ({ ...one, proxy: { HTTP_PROXY: 'http://proxy:3128' } }));
      world.pods = [{ ...pod, containers }, agentPod('node-1')];
    },
    found: /requests to the agent \(http:\/\/169\.254\.170\.23\) go through a proxy/,
  },
  {
    title: 'a NetworkPolicy blocks pods that are on IRSA still',
    check: 'network-policy',
    holds: 'no',
    change: (world) =>
      (world.networkPolicies = {
        production: [{ name: 'strict', limitsEgress: true, podLabels: {}, egress: [] }],
      }),
    found: /NetworkPolicy strict limits egress/,
  },
  ...['sts:TagSession', 'sts:AssumeRole'].map((action): GateCase => ({
    title: `the role does not allow ${action}`,
    check: 'trust',
    holds: 'no',
    change: (world) =>
      (world.roles[KEY] = JSON.parse(
        JSON.stringify(world.roles[KEY]).replaceAll(`"${action}"`, '"sts:SetSourceIdentity"'),
      )),
    found: new RegExp(`denies its pods the role through Pod Identity:\n${action} `),
  })),
  {
    title: 'the role trusts another cluster',
    check: 'trust',
    holds: 'no',
    change: (world) =>
      (world.roles[KEY] = JSON.parse(
        JSON.stringify(world.roles[KEY]).replaceAll('cluster/prod-main', 'cluster/other'),
      )),
  },
  {
    title: 'the role trusts Pod Identity without tags, as the workload has none',
    check: 'trust',
    holds: 'yes',
    setting: { workload: { sessionTags: false } },
  },
  {
    title: 'an association is still to be imported that is gone',
    check: 'association',
    holds: 'no',
    setting: {
      workload: { role: roleSettingsOf({ adopt: true, imports: { ...NO_IMPORTS, associations: { main: 'a-1' } } }) },
    },
    found: /there is no association, and the inventory still imports a-1/,
    remedy: /Delete workloads\.orders-api\.role\.imports\.associations\.main/,
  },
  {
    title: 'the target role has the trust policy of the stage before: the last step was not applied yet',
    check: 'trust',
    holds: 'no',
    setting: { targets: [targetOf()] },
    change: (world) => {
      const { trust } = compile(pilotAt('irsa', { targets: [targetOf()] }), 'prod').targetRoles[0]!;
      world.roles[TARGET_KEY] = { ...world.roles[TARGET_KEY]!, trust };
    },
    found:
      /does not match the stage prepared: 1 statement missing, 0 statements too many\. It is the trust policy of irsa$/,
    remedy: /npx cdktf apply prod-targets-data-prod/,
  },
  { title: 'there is no role', check: 'role', holds: 'no', change: (world) => (world.roles = {}) },
  {
    title: 'the target role does not serve the tagged hop yet',
    check: 'trust',
    holds: 'no',
    setting: { targets: [targetOf()] },
    change: (world) => {
      const target = world.roles['444444444444/prod-orders-api-ledger']!;
      const [untagged] = target.trust.Statement as never[];
      world.roles['444444444444/prod-orders-api-ledger'] = { ...target, trust: { Statement: [untagged!] } };
    },
    remedy: /npx cdktf apply prod-targets-data-prod/,
  },
  {
    title: 'there is no add-on',
    check: 'agent',
    holds: 'no',
    change: (world) => (world.addons = {}),
    remedy: /npx cdktf apply prod-identity/,
  },
  {
    title: 'the add-on is being made',
    check: 'agent',
    holds: 'no',
    change: (world) => (world.addons = { 'prod-main': addonOf({ status: 'CREATING', version: 'v1' }) }),
  },
  {
    title: 'a node of its pods without the agent',
    check: 'agent-on-nodes',
    holds: 'no',
    change: (world) => {
      world.pods.push(irsaPod({}, { node: 'node-2' }));
      world.nodes.push({ name: 'node-2', os: 'linux' });
    },
    found: /no pod of the agent is on node-2/,
  },
  {
    title: 'an agent that is not ready',
    check: 'agent-on-nodes',
    holds: 'no',
    change: (world) => (world.pods = [irsaPod(), agentPod('node-1', { ready: false })]),
  },
  {
    title: 'another DaemonSet on the node',
    check: 'agent-on-nodes',
    holds: 'no',
    change: (world) => (world.pods = [irsaPod(), agentPod('node-1', { app: 'kube-proxy' })]),
  },
  {
    title: 'a node of Auto Mode, which has it built in',
    check: 'agent-on-nodes',
    holds: 'yes',
    setting: { cluster: { autoMode: true } },
    change: (world) => (world.pods = [irsaPod()]),
    found: /built in on 1/,
  },
  {
    title: 'a node group of one’s own beside Auto Mode, without the agent',
    check: 'agent-on-nodes',
    holds: 'no',
    setting: { cluster: { autoMode: true } },
    change: (world) => {
      world.pods = [irsaPod()];
      world.nodes = [{ name: 'node-1', os: 'linux', computeType: 'ec2' }];
    },
  },
  {
    title: 'a node without the agent that runs none of its pods',
    check: 'agent-on-nodes',
    holds: 'yes',
    change: (world) => world.nodes.push({ name: 'node-2', os: 'linux' }),
  },
  {
    title: 'an association of someone else’s',
    check: 'association',
    holds: 'no',
    change: (world) => world.associations.push({ ...foreign, roleArn: `${ROLE}-other`, ownerArn: 'arn:aws:eks:addon' }),
    found: /a-9 names .*-other \(owned by arn:aws:eks:addon/,
    remedy: /belongs to arn:aws:eks:addon/,
  },
  {
    title: 'an association with this very role, which EKS would not take twice',
    check: 'association',
    holds: 'no',
    change: (world) => world.associations.push({ ...foreign, roleArn: ROLE }),
    remedy: /after a rollback/,
  },
  {
    title: 'an association of another service account',
    check: 'association',
    holds: 'yes',
    change: (world) => world.associations.push({ ...foreign, serviceAccount: 'orders-api-2', roleArn: ROLE }),
  },
  {
    title: 'after a rollback a pod was restarted before EKS saw that the association is gone',
    check: 'pod-credentials',
    holds: 'no',
    change: (world) => world.pods.push(podIdentityPod()),
    found: /1 of 2 pods .*still use Pod Identity/,
    remedy: /restarted too early: EKS did not see the change(?:.|\n)*rollout restart deployment\/orders-api/,
  },
];
