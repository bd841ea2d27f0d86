import type { Setting } from '../../agreedWorld';
import { CreateAddonCommand, DeleteAddonCommand } from '@aws-sdk/client-eks';
import type { Cluster } from '../../../../src/inventory/Inventory';
import { ACCOUNT, CLUSTER, CONTEXT, type Live, NEVER } from './liveWorld';
import type { Situation } from './Situation';

/** As the sandbox installs it by default. */
const ADOPTED_AGENT: Setting = {
  cluster: { kubernetes: { context: CONTEXT }, agent: { version: 'v1.3.10-eksbuild.3', adopt: true } },
};

const ADDON = { clusterName: 'prod-main', addonName: 'eks-pod-identity-agent' };
const OTHER_ARN = 'arn:aws:eks:us-west-2:333333333333:cluster/prod-blue';
/** The inventory has no agent for the cluster, as where the line was left out. */
const NO_AGENT = { kubernetes: { context: CONTEXT }, agent: undefined } as unknown as Partial<Cluster>;

const LEGACY = { account: ACCOUNT, region: 'us-west-2', name: 'legacy' } as const;
const ISSUER_OF_LEGACY = `https://oidc.eks.us-west-2.amazonaws.com/id/${'LEGACY'.padEnd(32, '0')}`;

/** The operator's kubeconfig gets another server under the context's name. */
async function leadContextTo(live: Live, cluster: typeof LEGACY | typeof CLUSTER): Promise<undefined> {
  await live.run(`kubectl config set-cluster ${CONTEXT} --server ${live.sandbox().kubernetes.apiServer(cluster)}`);
  return undefined;
}

/** The pod template is applied anew as it should be. */
const redeployed = async (live: Live) => {
  await live.deploy();
  return undefined;
};

const onNodesOf = (title: string, nodeSelector: Record<string, string>, found: RegExp): Situation => ({
  title,
  check: 'compute',
  change: (live) => live.deploy({ nodeSelector }),
  found,
  remedy: /Move its pods to Linux nodes.*workloads\.orders-api/,
  mend: redeployed,
});

/** From irsa to prepared: the cluster, where the pods run, the SDK, the agent, the order of waves. */
export const IRSA_CLUSTER_SITUATIONS: readonly Situation[] = [
  {
    title: 'the cluster is too old',
    check: 'cluster',
    ground: { cluster: { version: '1.23' } },
    found: /1\.23 .*needs 1\.24 or later/,
    remedy: /Upgrade the cluster/,
    mendedGround: {},
  },
  {
    title: 'the platform version is too old',
    check: 'cluster',
    ground: { cluster: { version: '1.28' } },
    found: /1\.28 eks\.1: .*needs eks\.4 or later/,
    remedy: /An upgrade of the cluster updates it at once/,
    mendedGround: { cluster: { version: '1.29' } },
  },
  {
    title: 'AWS has no cluster of that name',
    check: 'cluster',
    also: ['association unknown'],
    claim: { cluster: { name: 'prod-blue', arn: OTHER_ARN, kubernetes: { context: CONTEXT } } },
    found: /there is no cluster prod-blue/,
    remedy: /aws eks list-clusters --region us-west-2/,
  },
  {
    title: 'the kubeconfig context leads to another cluster',
    check: 'cluster',
    also: [
      'annotation unknown',
      'compute unknown',
      'credential-chain unknown',
      'pod-credentials unknown',
      'service-account unknown',
    ],
    ground: { further: [{ ...LEGACY, version: '1.33', issuer: ISSUER_OF_LEGACY }] },
    change: (live) => leadContextTo(live, LEGACY),
    found: /the context leads to another cluster: its issuer is \S+LEGACY0+, and that of prod-main is \S+MAIN0+/,
    remedy: /aws eks update-kubeconfig --name prod-main --region us-west-2 --alias=prod-main/,
    mend: (live) => leadContextTo(live, CLUSTER),
  },
  {
    title: 'the inventory has another issuer than EKS',
    check: 'cluster',
    also: ['oidc-provider no', 'trust no'],
    claim: {
      cluster: {
        kubernetes: { context: CONTEXT },
        oidc: { issuer: ISSUER_OF_LEGACY, provider: 'existing', adopt: false },
      },
    },
    found: /the issuer of prod-main is \S+MAIN0+, and the inventory says \S+LEGACY0+/,
    remedy: /Write oidc: \{ issuer/,
  },
  {
    title: 'the inventory says Fargate',
    check: 'compute',
    claim: { workload: { compute: 'fargate' } },
    found: /fargate, where no agent can run/,
    remedy: /because: runs on fargate/,
  },
  onNodesOf(
    'pods are on a Fargate node',
    { 'eks.amazonaws.com/compute-type': 'fargate' },
    /orders-api-\S+ on fargate, orders-api-\S+ on fargate/,
  ),
  onNodesOf('pods are on a Windows node', { 'kubernetes.io/os': 'windows' }, /on windows/),
  {
    title: 'the SDK is too old',
    check: 'sdk',
    claim: { workload: { sdk: { language: 'python', version: '1.34.40' } } },
    found: /python 1\.34\.40 does not support Pod Identity/,
    remedy: /1\.34\.41 or later/,
  },
  {
    title: 'the SDK is not declared',
    check: 'sdk',
    claim: { undeclaredSdk: true },
    found: /does not declare the SDK/,
    remedy: /workloads\.orders-api, for example sdk: \{ language/,
  },
  {
    title: 'the agent is missing, in AWS and in the inventory',
    check: 'agent',
    claim: { cluster: NO_AGENT },
    found: /there is no add-on eks-pod-identity-agent/,
    remedy: /agent: \{ version/,
  },
  {
    title: 'others made the agent’s add-on',
    check: 'agent',
    change: (live) => live.eks().send(new CreateAddonCommand(ADDON)),
    found: /made by others, and the inventory does not adopt it: the apply fails with ResourceInUseException \(409\)/,
    remedy: /write agent: \{ version: \S+, adopt: true \} into cluster main of environment prod/,
    mendedClaim: ADOPTED_AGENT,
  },
  {
    title: 'the agent’s add-on is not ACTIVE yet',
    check: 'agent',
    setting: ADOPTED_AGENT,
    change: async (live) => {
      await live.eks().send(new DeleteAddonCommand(ADDON));
      live.sandbox().setTiming({ addonMs: NEVER });
      await live.eks().send(new CreateAddonCommand(ADDON));
    },
    found: /is CREATING/,
    remedy: /\naws eks wait addon-active --cluster-name prod-main --addon-name eks-pod-identity-agent/,
    mend: async (live) => {
      await live.eks().send(new DeleteAddonCommand(ADDON));
      live.sandbox().setTiming({ addonMs: 0 });
      await live.eks().send(new CreateAddonCommand(ADDON));
      return undefined;
    },
  },
  {
    title: 'the cluster is in Auto Mode in the inventory alone',
    check: 'agent',
    claim: { cluster: { autoMode: true, kubernetes: { context: CONTEXT } } },
    found: /not in Auto Mode/,
    remedy: /remove autoMode from cluster main/,
  },
  {
    title: 'the wave before it is behind',
    check: 'wave-order',
    claim: { wave: { after: 'first', soak: '1m' }, waves: [{ key: 'first', stages: { prod: { stage: 'irsa' } } }] },
    found: /first is at irsa, before prepared/,
    remedy: /npx podlift advance first --environment prod/,
    mendedClaim: {
      wave: { after: 'first', soak: '1m' },
      waves: [{ key: 'first', stages: { prod: { stage: 'prepared' } } }],
    },
  },
];
