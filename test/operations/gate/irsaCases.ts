import { clusterOf } from '../../blueprint/inventoryOf';
import { irsaPod, podOf, ROLE } from '../agreedWorld';
import type { GateCase } from './GateCase';
import { addonOf, containerOf, serviceAccountOf } from '../facts';

const CLUSTER = { arn: clusterOf().arn, status: 'ACTIVE', autoMode: false, issuer: clusterOf().oidc!.issuer };
const KEY = '333333333333/prod-orders-api';

export const IRSA_CASES: readonly GateCase[] = [
  ...(
    [
      ['1.23', 'eks.20', 'no'],
      ['1.24', 'eks.12', 'no'],
      ['1.24', 'eks.13', 'yes'],
      ['1.25', 'eks.9', 'no'],
      ['1.26', 'eks.9', 'yes'],
      ['1.27', 'eks.7', 'no'],
      ['1.28', 'eks.4', 'yes'],
      ['1.29', 'eks.1', 'yes'],
      ['1.28', 'strange', 'unknown'],
      ['two', 'eks.1', 'unknown'],
    ] as const
  ).map(([version, platformVersion, holds]): GateCase => ({
    title: `a cluster at ${version} ${platformVersion}`,
    check: 'cluster',
    holds,
    change: (world) => (world.clusters = { 'prod-main': { ...CLUSTER, version, platformVersion } }),
  })),
  {
    title: 'no such cluster',
    check: 'cluster',
    holds: 'no',
    change: (world) => (world.clusters = {}),
    remedy: /aws eks list-clusters --region us-west-2/,
  },
  {
    title: 'declared to run on Fargate',
    check: 'compute',
    holds: 'no',
    setting: { workload: { compute: 'fargate' } },
    remedy: /because: runs on fargate/,
  },
  {
    title: 'a pod on a Fargate node, whatever is declared',
    check: 'compute',
    holds: 'no',
    change: (world) => (world.nodes = [{ name: 'node-1', os: 'linux', computeType: 'fargate' }]),
    found: /orders-api-old on fargate/,
  },
  {
    title: 'a pod on a Windows node',
    check: 'compute',
    holds: 'no',
    change: (world) => (world.nodes = [{ name: 'node-1', os: 'windows', computeType: 'ec2' }]),
  },
  {
    title: 'a pod on a node that nobody knows any more',
    check: 'compute',
    holds: 'unknown',
    change: (world) => (world.nodes = []),
  },
  { title: 'no pod runs', check: 'compute', holds: 'yes', change: (world) => (world.pods = []), found: /no pod runs/ },
  {
    title: 'an SDK that nobody has declared',
    check: 'sdk',
    holds: 'no',
    setting: { undeclaredSdk: true },
    remedy: /workloads\.orders-api, for example sdk: \{ language/,
  },
  {
    title: 'an SDK that is too old',
    check: 'sdk',
    holds: 'no',
    setting: { workload: { sdk: { language: 'python', version: '1.34.40' } } },
    remedy: /1\.34\.41/,
  },
  {
    title: 'an SDK whose version cannot be compared',
    check: 'sdk',
    holds: 'unknown',
    setting: { workload: { sdk: { language: 'rust', version: '1.2.3' } } },
  },
  {
    title: 'a language that is none of AWS’s',
    check: 'sdk',
    holds: 'unknown',
    setting: { workload: { sdk: { language: 'cobol', version: '1.2.3' } } },
  },
  {
    title: 'no add-on yet, but one comes with the plan',
    check: 'agent',
    holds: 'yes',
    found: /prod-identity installs v/,
  },
  {
    title: 'an add-on that is ACTIVE already, and that the inventory adopts',
    check: 'agent',
    holds: 'yes',
    setting: { cluster: { agent: { version: 'v1.3.4-eksbuild.1', adopt: true } } },
    change: (world) => (world.addons = { 'prod-main': addonOf({ status: 'ACTIVE', version: 'v1.3.4-eksbuild.1' }) }),
    found: /ACTIVE/,
  },
  {
    title: 'an add-on that others made, and that the inventory does not adopt',
    check: 'agent',
    holds: 'no',
    change: (world) => (world.addons = { 'prod-main': addonOf({ version: 'v1.3.5-eksbuild.2' }) }),
    found: /made by others, and the inventory does not adopt it: the apply fails with ResourceInUseException \(409\)/,
    remedy: /write agent: \{ version: v1\.3\.5-eksbuild\.2, adopt: true \} into cluster main of environment prod/,
  },
  {
    title: 'an add-on of another environment',
    check: 'agent',
    holds: 'no',
    change: (world) => (world.addons = { 'prod-main': addonOf({ tags: { 'podlift:environment': 'staging' } }) }),
    found: /made by another environment of podlift/,
    remedy: /adopt: true/,
  },
  {
    title: 'an add-on that an interrupted apply left',
    check: 'agent',
    holds: 'no',
    change: (world) => (world.addons = { 'prod-main': addonOf({ tags: { 'podlift:environment': 'prod' } }) }),
    found: /exists, and podlift has none at this stage/,
    remedy: /npx podlift recover --environment prod/,
  },
  {
    title: 'an add-on that podlift keeps',
    check: 'agent',
    holds: 'yes',
    setting: { cluster: { agent: { version: 'v1.3.4-eksbuild.1', adopt: false, keep: true } } },
    change: (world) => (world.addons = { 'prod-main': addonOf({ tags: { 'podlift:environment': 'prod' } }) }),
  },
  {
    title: 'an add-on from before podlift had a tag: a warning until the next apply',
    check: 'agent',
    holds: 'yes',
    at: 'prepared',
    change: (world) => (world.addons = { 'prod-main': addonOf() }),
    found: /has no tag podlift:environment/,
    remedy: /The next apply writes the tag\. If the apply fails with ResourceInUseException/,
  },
  {
    title: 'an add-on that is degraded',
    check: 'agent',
    holds: 'no',
    change: (world) =>
      (world.addons = {
        'prod-main': addonOf({ status: 'DEGRADED', version: 'v1', issues: ['InsufficientNumberOfReplicas'] }),
      }),
    found: /DEGRADED: InsufficientNumberOfReplicas/,
  },
  {
    title: 'Auto Mode, as EKS says too',
    check: 'agent',
    holds: 'yes',
    setting: { cluster: { autoMode: true } },
    found: /built in/,
  },
  {
    title: 'Auto Mode in the inventory alone',
    check: 'agent',
    holds: 'no',
    setting: { cluster: { autoMode: true } },
    change: (world) => (world.clusters = { 'prod-main': { ...CLUSTER, version: '1.33', platformVersion: 'eks.1' } }),
  },
  {
    title: 'the role is not there',
    check: 'role',
    holds: 'no',
    change: (world) => (world.roles = {}),
    remedy: /npx cdktf apply prod-identity/,
  },
  {
    title: 'the role has another path',
    check: 'role',
    holds: 'no',
    change: (world) => (world.roles[KEY] = { ...world.roles[KEY]!, arn: ROLE.replace('role/', 'role/team/') }),
    found: /role\/team\//,
  },
  {
    title: 'the role trusts another service account',
    check: 'trust',
    holds: 'no',
    change: (world) =>
      (world.roles[KEY] = JSON.parse(
        JSON.stringify(world.roles[KEY]).replaceAll('production:orders-api', 'production:x'),
      )),
    found: /denies its pods the role through web identity/,
  },
  ...(
    [
      ['a token file of its own', irsaPod({ AWS_WEB_IDENTITY_TOKEN_FILE: '/etc/token' })],
      ['the webhook’s values without the webhook’s volume', irsaPod({}, { tokenVolumes: {} })],
      ['a role that comes from a secret', irsaPod({ AWS_ROLE_ARN: 'secret orders/arn' })],
      ['a role alone', podOf({ containers: [containerOf({ env: { AWS_ROLE_ARN: ROLE } })] })],
    ] as const
  ).map(([title, pod]): GateCase => ({
    title,
    check: 'credential-chain',
    holds: 'no',
    change: (world) => world.pods.push(pod),
    found: /deployment\/orders-api app: AWS_/,
  })),
  {
    title: 'a pod that was admitted under another annotation',
    check: 'credential-chain',
    holds: 'no',
    change: (world) => world.pods.push(irsaPod({ AWS_ROLE_ARN: `${ROLE}-2` })),
    found: /^pods were admitted when the annotation named another role: \S+-2 \(deployment\/orders-api\)$/,
    remedy: /^Restart these pods.*\nkubectl --context \S+ -n production rollout restart deployment\/orders-api$/,
  },
  {
    title: 'another service account’s pod sets them',
    check: 'credential-chain',
    holds: 'yes',
    change: (world) => world.pods.push(irsaPod({ AWS_ROLE_ARN: 'x' }, { serviceAccount: 'orders-api-2' })),
  },
  {
    title: 'a pod that is over sets them',
    check: 'credential-chain',
    holds: 'yes',
    change: (world) => world.pods.push(irsaPod({ AWS_ROLE_ARN: 'x' }, { phase: 'Succeeded' })),
  },
  {
    title: 'variables that podlift may not read are named',
    check: 'credential-chain',
    holds: 'unknown',
    change: (world) => {
      world.pods.push(podOf({ containers: [containerOf({ sources: [{ kind: 'secret', name: 'orders' }] })] }));
      world.unanswered = { secret: 'denied' };
    },
    found: /^could not be checked: the variables of secret orders \(envFrom of deployment\/orders-api\): denied/,
    remedy: /ClusterRole podlift-read-secrets/,
  },
  {
    title: 'a quota that a later stage would pass',
    check: 'trust-length',
    holds: 'no',
    setting: { quotas: { trustPolicyLength: 600 } },
    found: /characters at prepared/,
  },
  {
    title: 'a quota that was raised far enough',
    check: 'trust-length',
    holds: 'yes',
    setting: { quotas: { trustPolicyLength: 4096 } },
    found: /of 4096/,
  },
  {
    title: 'the wave before it is not as far',
    check: 'wave-order',
    holds: 'no',
    setting: { wave: { after: 'first' }, waves: [{ key: 'first', stages: { prod: { stage: 'irsa' } } }] },
    remedy: /podlift advance first --environment prod/,
  },
  {
    title: 'the wave before it is there already',
    check: 'wave-order',
    holds: 'yes',
    setting: { wave: { after: 'first' }, waves: [{ key: 'first', stages: { prod: { stage: 'prepared' } } }] },
  },
  {
    title: 'the service account has no annotation',
    check: 'annotation',
    holds: 'no',
    change: (world) => (world.serviceAccounts['production/orders-api'] = serviceAccountOf('production', 'orders-api')),
    remedy: /annotate serviceaccount orders-api --overwrite eks\.amazonaws\.com\/role-arn=arn/,
  },
  {
    title: 'there is no service account',
    check: 'annotation',
    holds: 'no',
    change: (world) => (world.serviceAccounts = {}),
  },
];
