import { NO_IMPORTS } from '../../../blueprint/inventoryOf';
import { ListPodIdentityAssociationsCommand, UpdatePodIdentityAssociationCommand } from '@aws-sdk/client-eks';
import { UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam';
import { setTimeout as wait } from 'node:timers/promises';
import type { Statement } from '../../../../src/iam/PolicyDocument';
import { podCredentials } from '../../../../src/sandbox/podCredentials';
import type { Setting } from '../../agreedWorld';
import { roleAt } from './foreignTrust';
import { ACCOUNT, commandsOf, inventoryAt, type Live, NAME, NAMESPACE } from './liveWorld';
import { PROBE } from './dualSituations';
import type { Situation } from './Situation';

const LEGACY = { account: ACCOUNT, region: 'us-west-2', name: 'legacy' } as const;
const ISSUER = `oidc.eks.us-west-2.amazonaws.com/id/${'LEGACY'.padEnd(32, '0')}`;
const TRUST_OF_LEGACY = {
  Effect: 'Allow',
  Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/${ISSUER}` },
  Action: 'sts:AssumeRoleWithWebIdentity',
  Condition: { StringEquals: { [`${ISSUER}:sub`]: `system:serviceaccount:${NAMESPACE}:${NAME}` } },
} as const satisfies Statement;

const adopted = (keepTrust: readonly (typeof TRUST_OF_LEGACY)[]): Setting => ({
  workload: {
    role: {
      name: 'prod-orders-api',
      path: '/',
      adopt: true,
      tags: {},
      imports: NO_IMPORTS,
      ...(keepTrust.length > 0 ? { keepTrust } : {}),
    },
  },
});

async function associationOf(live: Live) {
  const clusterName = 'prod-main';
  const list = new ListPodIdentityAssociationsCommand({ clusterName, namespace: NAMESPACE, serviceAccount: NAME });
  return { clusterName, associationId: (await live.eks().send(list)).associations?.[0]?.associationId };
}

/** A pod of a cluster that podlift does not have takes the adopted role, while the workload's own pods sleep. */
async function legacyAsks(live: Live): Promise<void> {
  const role = { RoleName: 'prod-orders-api' };
  const { Version, Statement } = roleAt('cutover').trust;
  const trust = { Version, Statement: [...[Statement].flat(), TRUST_OF_LEGACY] };
  await live.iam().send(new UpdateAssumeRolePolicyCommand({ ...role, PolicyDocument: JSON.stringify(trust) }));
  const annotations = { 'eks.amazonaws.com/role-arn': roleAt('cutover').arn };
  const { kubernetes, endpoint } = live.sandbox();
  kubernetes.setServiceAccount({ cluster: LEGACY, namespace: NAMESPACE, name: NAME, annotations });
  const pod = kubernetes.admitPod({ cluster: LEGACY, namespace: NAMESPACE, serviceAccount: NAME });
  expect(await podCredentials(pod, { endpoint })).toMatchObject({ source: { ok: true } });
}

const asleep = (title: string, setting: Setting): Situation => ({
  title,
  check: 'role-used',
  holds: 'unknown',
  at: 'cutover',
  podsFrom: 'dual',
  setting,
  ground: { further: [{ ...LEGACY, version: '1.33', issuer: `https://${ISSUER}` }] },
  change: legacyAsks,
  found: /not seen: no session through Pod Identity on main since/,
  remedy: PROBE,
  mend: async (live) => {
    await live.ask();
    return undefined;
  },
});

export const CUTOVER_SITUATIONS: readonly Situation[] = [
  {
    title: 'since is old, and the apply was a minute ago',
    check: 'soak',
    also: ['role-used unknown'],
    claim: { since: '2026-01-01T00:00:00Z', wave: { soak: '7d' } },
    change: async (live) => {
      // Kubernetes keeps whole seconds, EKS milliseconds.
      await wait(1100);
      const metadata = { name: NAME, namespace: NAMESPACE, annotations: { 'eks.amazonaws.com/role-arn': '' } };
      const account = JSON.stringify({ apiVersion: 'v1', kind: 'ServiceAccount', metadata });
      // As podlift's stack writes it.
      await live.kubectl('apply --server-side --force-conflicts --field-manager podlift -f -', account);
    },
    mend: () => Promise.resolve({ wave: { soak: '1m' } }),
    found:
      /at cutover since 20\S+ \(the annotation of production\/orders-api on main\), for 16m; the soak is 7d: 6d 23h/,
    remedy: /Run the gate again after 20.*\nnpx podlift gate pilot --environment prod/,
  },
  {
    title: 'the association was changed at cutover',
    check: 'soak',
    also: ['role-used unknown'],
    claim: { since: '2026-01-01T00:00:00Z', wave: { soak: '7d' } },
    change: async (live) => {
      const association = await associationOf(live);
      await wait(1100);
      await live.eks().send(new UpdatePodIdentityAssociationCommand({ ...association, disableSessionTags: false }));
    },
    found: /\(the association of production\/orders-api on main\)/,
    remedy: /Run the gate again after/,
    mend: () => Promise.resolve({ wave: { soak: '1m' } }),
  },
  {
    title: 'the trust policy was changed at cutover',
    check: 'soak',
    also: ['role-used unknown'],
    claim: { since: '2026-01-01T00:00:00Z', wave: { soak: '7d' } },
    change: async (live) => {
      await wait(1100);
      const PolicyDocument = JSON.stringify(roleAt('cutover').trust);
      await live.iam().send(new UpdateAssumeRolePolicyCommand({ RoleName: 'prod-orders-api', PolicyDocument }));
    },
    found: /\(the trust policy of prod-orders-api\)/,
    remedy: /Run the gate again after/,
    mend: () => Promise.resolve({ wave: { soak: '1m' } }),
  },
  {
    title: 'a pod on IRSA calls the STS of another region, which its AWS_REGION names',
    check: 'web-identity-unused',
    also: ['pod-credentials no', 'role-used unknown', 'soak no'],
    podsFrom: 'none',
    claim: { wave: { soak: '1h' } },
    change: async (live) => {
      await live.apply(inventoryAt('prepared'));
      await live.settle({ env: { AWS_REGION: 'eu-central-1' } });
      await live.apply(inventoryAt('cutover'));
      expect(await live.ask()).toMatchObject([{ source: { ok: true } }, { source: { ok: true } }]);
    },
    found: /sessions since 20.*: 2, the last at 20.* by system:serviceaccount:production:orders-api/,
    remedy: /the gate can pass after 20/,
    mend: async (live) => {
      await live.kubectl(`rollout restart deployment/${NAME}`);
      return { wave: { soak: '1m' } };
    },
  },
  {
    title: 'a pod on IRSA has asked since the stage began',
    check: 'web-identity-unused',
    also: ['pod-credentials no', 'role-used unknown', 'soak no'],
    podsFrom: 'prepared',
    claim: { wave: { soak: '1h' } },
    change: async (live) => {
      const [first] = await live.ask();
      expect(first).toMatchObject({ source: { ok: true } });
    },
    found: /sessions since 20.*: 2, the last at 20.* by system:serviceaccount:production:orders-api/,
    remedy:
      /restart those pods\. The last session moves the start of the soak.*\n.*the gate can pass after 20.*\nnpx podlift gate/,
    mend: async (live) => {
      await live.kubectl(`rollout restart deployment/${NAME}`);
      expect(await live.ask()).toMatchObject([{ source: { ok: true } }, { source: { ok: true } }]);
      return { wave: { soak: '1m' } };
    },
  },
  {
    title: 'a CronJob has not run since',
    check: 'soak',
    change: async (live) => {
      const pod = {
        serviceAccountName: NAME,
        restartPolicy: 'Never',
        containers: [{ name: 'report', image: 'report' }],
      };
      const spec = { schedule: '0 3 1 1 *', jobTemplate: { spec: { template: { spec: pod } } } };
      const metadata = { name: 'report', namespace: NAMESPACE };
      await live.kubectl('create -f -', JSON.stringify({ apiVersion: 'batch/v1', kind: 'CronJob', metadata, spec }));
    },
    found: /CronJob production\/report has not completed since 20\S+ \(never, schedule 0 3 1 1 \*\)/,
    remedy: /create job report-once --from=cronjob\/report\n/,
    mend: async (live, evidence) => {
      for (const command of commandsOf(evidence)) await live.run(command);
      await wait(1100);
      return undefined;
    },
  },
  {
    title: 'nobody has used the role since',
    check: 'role-used',
    holds: 'unknown',
    podsFrom: 'dual',
    found: /not seen: no session through Pod Identity on main since 20/,
    remedy: PROBE,
    mend: async (live) => {
      expect(await live.ask()).toMatchObject([{ source: { ok: true } }, { source: { ok: true } }]);
      return undefined;
    },
  },
  asleep('another cluster has used the adopted role, and the workload slept', adopted([])),
  asleep('another cluster whose trust is kept has used the role, and the workload slept', adopted([TRUST_OF_LEGACY])),
  {
    title: 'the annotation is still there',
    check: 'annotation',
    change: (live) =>
      live.kubectl(`annotate serviceaccount ${NAME} eks.amazonaws.com/role-arn=${roleAt('cutover').arn}`),
    found: /is arn:aws:iam::333333333333:role\/prod-orders-api, should be none at cutover/,
    remedy: /npx cdktf apply prod-identity prod-service-accounts-main/,
  },
  {
    title: 'the annotation is still there, and GitOps has it',
    check: 'annotation',
    setting: { workload: { serviceAccount: { name: NAME, manage: 'none' } } },
    change: (live) =>
      live.kubectl(`annotate serviceaccount ${NAME} eks.amazonaws.com/role-arn=${roleAt('cutover').arn}`),
    found: /should be none at cutover/,
    remedy: /annotate serviceaccount orders-api eks\.amazonaws\.com\/role-arn-$/,
    mend: async (live, [evidence]) => {
      await live.run(evidence!.remedy!.split('\n').at(-1)!);
      return undefined;
    },
  },
  {
    title: 'an old pod has not asked, and holds web identity still',
    short: true,
    check: 'pod-credentials',
    also: ['role-used unknown'],
    podsFrom: 'prepared',
    found: /2 of 2 pods started before Pod Identity was set up/,
    remedy: /rollout restart deployment\/orders-api$/,
    mend: async (live, evidence) => {
      await live.run(evidence[0]!.remedy!.split('\n').at(-1)!);
      await live.ask();
      return undefined;
    },
  },
  {
    title: 'the wave before it is behind',
    check: 'wave-order',
    claim: { wave: { after: 'first', soak: '1m' }, waves: [{ key: 'first', stages: { prod: { stage: 'cutover' } } }] },
    found: /first is at cutover, before pod-identity/,
    remedy: /npx podlift advance first --environment prod/,
    mendedClaim: {
      wave: { after: 'first', soak: '1m' },
      waves: [{ key: 'first', stages: { prod: { stage: 'pod-identity' } } }],
    },
  },
];
