import type { Stage } from '../../../src/inventory/Inventory';
import { agreedWorld, irsaPod, pilotAt, podIdentityPod, ROLE, type World } from '../agreedWorld';
import type { GateCase } from './GateCase';

const KEY = '333333333333/prod-orders-api';
const OTHER = 'arn:aws:iam::333333333333:role/other';
const NODES = '333333333333/nodes';

export const BACK_CASES: readonly GateCase[] = [
  {
    title: 'the OIDC provider is gone, and the pods get back to IRSA',
    check: 'oidc-provider',
    holds: 'no',
    change: (world) => (world.oidcProviders = {}),
    found: /there is no OIDC provider/,
  },
  {
    title: 'the OIDC provider is gone: a warning, one stage before pods need it',
    check: 'oidc-provider',
    holds: 'yes',
    at: 'cutover',
    change: (world) => (world.oidcProviders = {}),
    found: /there is no OIDC provider/,
    remedy: /create-open-id-connect-provider/,
  },
  {
    title: 'Pod Identity does not work, which is why an operator rolls back',
    check: 'restart-needed',
    holds: 'yes',
    at: 'cutover',
    change: (world) => {
      world.rolePolicies[NODES] = { attached: [], inline: {} };
      world.addons = {};
      world.pods = world.pods.filter(({ namespace }) => namespace !== 'kube-system');
    },
  },
  {
    title: 'from dual, pods hold Pod Identity: nobody can restart them before, and it says what to run after',
    check: 'restart-needed',
    holds: 'yes',
    found: /1 of 1 pods use Pod Identity/,
    remedy:
      /After the apply, wait 15 seconds .*restart the pods at once:\nkubectl .* rollout restart deployment\/orders-api/,
  },
  {
    title: 'from dual, pods that were never restarted',
    check: 'restart-needed',
    holds: 'yes',
    change: (world) => (world.pods = [irsaPod()]),
    found: /none uses Pod Identity/,
  },
  {
    title: 'from prepared, a pod holds Pod Identity still: restart it first',
    check: 'restart-needed',
    holds: 'no',
    at: 'prepared',
    change: (world) => world.pods.push(podIdentityPod()),
    remedy: /before the step:\nkubectl .* rollout restart/,
  },
  {
    title: 'from prepared, a pod holds Pod Identity, and a restart gives it Pod Identity again',
    check: 'restart-needed',
    holds: 'no',
    at: 'prepared',
    change: (world) => {
      world.pods.push(podIdentityPod());
      world.associations = associationsOf(ROLE);
    },
    remedy: /association a-1 exists: delete it first, .*wait 15 seconds, and restart the pods .*:\nkubectl .* restart/,
  },
  {
    title: 'from cutover, nothing is taken',
    check: 'restart-needed',
    holds: 'yes',
    at: 'cutover',
    found: /does not change their credentials/,
  },
  {
    title: 'a wave that comes after it is further',
    check: 'wave-order',
    holds: 'no',
    setting: { waves: [{ key: 'later', after: 'pilot', stages: { prod: { stage: 'dual' } } }] },
    remedy: /podlift rollback later --environment prod/,
  },
  {
    title: 'a wave that comes after it is behind',
    check: 'wave-order',
    holds: 'yes',
    setting: { waves: [{ key: 'later', after: 'pilot', stages: {} }] },
  },
  {
    title: 'the association is gone already, which the step removes',
    check: 'association',
    holds: 'yes',
    change: (world) => (world.associations = []),
    found: /there is no association/,
    remedy: /The step removes the association/,
  },
  {
    title: 'the association is gone: the apply of the step creates it again',
    check: 'association',
    holds: 'yes',
    at: 'cutover',
    change: (world) => (world.associations = []),
    remedy: /creates the association again/,
  },
  {
    title: 'the association names another role, and pods would get another one',
    check: 'association',
    holds: 'no',
    at: 'cutover',
    change: (world) => (world.associations = associationsOf(OTHER)),
    found: /its role is arn:aws:iam::333333333333:role\/other/,
  },
  {
    title: 'an association with this role stays, and the step removes the trust that it needs',
    check: 'association',
    holds: 'no',
    at: 'prepared',
    change: (world) => (world.associations = associationsOf(ROLE)),
    found: /there must be no association/,
    remedy: /restart the pods that started since/,
  },
  {
    title: 'an association that an interrupted apply left: no state has it, so that no apply deletes it',
    check: 'association',
    holds: 'no',
    at: 'prepared',
    change: (world) => {
      const tags = { 'podlift:environment': 'prod' };
      world.associations = associationsOf(ROLE).map((one) => ({ ...one, tags }));
    },
    remedy: /does not delete the association, .*:\nnpx podlift recover --environment prod\n/,
  },
  {
    title: 'an association of another team names another role',
    check: 'association',
    holds: 'yes',
    at: 'prepared',
    change: (world) => (world.associations = associationsOf(OTHER)),
    remedy: /does not change the role that this association names/,
  },
  ...(['pod-identity', 'cutover'] as const).map((at): GateCase => ({
    title: `an annotation is left at ${at}`,
    check: 'annotation',
    holds: 'yes',
    at,
    change: (world) => (world.serviceAccounts = agreedWorld(pilotAt('dual')).serviceAccounts),
    found: /should be none/,
    remedy: /pods use the association, whatever the annotation is/,
  })),
  {
    title: 'the annotation is missing, and the restarted pods need it',
    check: 'annotation',
    holds: 'no',
    at: 'dual',
    change: (world) => (world.serviceAccounts = agreedWorld(pilotAt('pod-identity')).serviceAccounts),
    found: /is not there/,
  },
  {
    title: 'the trust of Pod Identity is gone: the apply of the step writes it again',
    check: 'trust',
    holds: 'yes',
    at: 'pod-identity',
    change: trustsAsAt('irsa'),
    found: /does not match the stage pod-identity for Pod Identity: denied/,
    remedy: /writes the trust policy again/,
  },
  {
    title: 'the trust of the OIDC provider was never removed',
    check: 'trust',
    holds: 'yes',
    at: 'pod-identity',
    change: trustsAsAt('cutover'),
    found: /for web identity \(IRSA\): allowed/,
  },
  {
    title: 'the trust of Pod Identity is gone, which the step removes',
    check: 'trust',
    holds: 'yes',
    at: 'prepared',
    change: trustsAsAt('irsa'),
    remedy: /The step removes this trust/,
  },
  {
    title: 'the trust of web identity is gone: the apply of the step writes it again',
    check: 'trust',
    holds: 'yes',
    change: trustsAsAt('pod-identity'),
    found: /for web identity \(IRSA\): denied/,
    remedy: /writes the trust policy again/,
  },
  {
    title: 'others use a statement that the apply of the step would remove',
    check: 'trust',
    holds: 'no',
    at: 'cutover',
    change: (world) => {
      const { trust } = world.roles[KEY]!;
      const Statement = [
        ...[trust.Statement].flat(),
        { Effect: 'Allow', Principal: { AWS: OTHER }, Action: 'sts:AssumeRole' } as const,
      ];
      world.roles[KEY] = { ...world.roles[KEY]!, trust: { ...trust, Statement } };
    },
    found: /0 statements missing, 1 statement too many/,
  },
  {
    title: 'the role is gone: the apply of the step creates it again',
    check: 'role',
    holds: 'yes',
    at: 'cutover',
    change: (world) => (world.roles = Object.fromEntries(Object.entries(world.roles).filter(([key]) => key !== KEY))),
    remedy: /creates the role again/,
  },
];

function associationsOf(roleArn: string) {
  return agreedWorld(pilotAt('dual')).associations.map((one) => ({ ...one, roleArn }));
}

function trustsAsAt(stage: Stage): (world: World) => void {
  return (world) => {
    const { trust } = agreedWorld(pilotAt(stage)).roles[KEY]!;
    world.roles[KEY] = { ...world.roles[KEY]!, trust };
  };
}
