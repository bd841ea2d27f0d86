import { NO_IMPORTS } from '../../../blueprint/inventoryOf';
import { UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam';
import { setTimeout as wait } from 'node:timers/promises';
import type { Statement } from '../../../../src/iam/PolicyDocument';
import { podCredentials } from '../../../../src/sandbox/podCredentials';
import type { Setting } from '../../agreedWorld';
import { roleAt } from './foreignTrust';
import { ACCOUNT, type Live, NAME, NAMESPACE } from './liveWorld';
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
  at: 'cutover',
  podsFrom: 'dual',
  setting,
  ground: { further: [{ ...LEGACY, version: '1.33', issuer: `https://${ISSUER}` }] },
  change: legacyAsks,
  found: /not used since/,
  remedy: /Run the workload once/,
  mend: async (live) => {
    await live.ask();
    return undefined;
  },
});

export const CUTOVER_SITUATIONS: readonly Situation[] = [
  {
    title: 'the soak is not over',
    check: 'soak',
    claim: { wave: { soak: '7d' } },
    found: /at cutover for 1m, the soak is 7d: 6d 23h remaining/,
    remedy: /Run the gate again after 20.*\nnpx podlift gate pilot --environment prod/,
  },
  {
    title: 'nobody knows since when',
    check: 'soak',
    also: ['role-used no', 'web-identity-unused no'],
    claim: { since: undefined },
    found: /waves\.pilot\.stages\.prod has no since/,
    remedy: /since: 20/,
  },
  {
    title: 'a pod on IRSA has asked since the stage began',
    check: 'web-identity-unused',
    also: ['pod-credentials no'],
    podsFrom: 'prepared',
    change: async (live) => {
      const [first] = await live.ask();
      expect(first).toMatchObject({ source: { ok: true } });
    },
    found: /sessions since 20.*: 2, the last at 20.* by system:serviceaccount:production:orders-api/,
    remedy:
      /restart them\. Then roll back and advance.*\nnpx podlift rollback pilot --environment prod\nnpx podlift advance pilot/,
    mend: async (live) => {
      await live.kubectl(`rollout restart deployment/${NAME}`);
      await wait(1100);
      const since = new Date(Math.floor(Date.now() / 1000) * 1000).toISOString();
      expect(await live.ask()).toMatchObject([{ source: { ok: true } }, { source: { ok: true } }]);
      return { since };
    },
  },
  {
    title: 'nobody has used the role since',
    check: 'role-used',
    podsFrom: 'dual',
    found: /not used since 20.*RoleLastUsed never/,
    remedy: /Run the workload once/,
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
    also: ['role-used no'],
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
