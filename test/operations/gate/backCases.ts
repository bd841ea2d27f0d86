import { irsaPod, podIdentityPod } from '../agreedWorld';
import type { GateCase } from './GateCase';

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
    title: 'the association is gone already',
    check: 'association',
    holds: 'no',
    change: (world) => (world.associations = []),
  },
];
