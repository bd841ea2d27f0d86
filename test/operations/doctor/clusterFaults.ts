import type { Fault } from './Fault';
import { without } from './Fault';
import { ACCOUNT, SOURCE } from './doctorWorld';

const CLUSTER = 'prod-main';

export const CLUSTER_FAULTS: readonly Fault[] = [
  {
    name: 'the cluster is not in AWS',
    stage: 'dual',
    break: (world) => (world.clusters = {}),
    notes: ['cluster problem'],
    found: /there is no cluster prod-main/,
    fix: /aws eks list-clusters/,
  },
  {
    name: 'the kubeconfig context leads to another cluster',
    stage: 'dual',
    break: (world) => (world.issuer = 'https://elsewhere.example'),
    notes: ['cluster problem', '(compute unknown after cluster)', '(service-account unknown after cluster)'],
    found: /leads to another cluster/,
    fix: /aws eks update-kubeconfig --name prod-main/,
  },
  {
    name: 'what another cluster shows is not shouted about',
    stage: 'dual',
    break: (world) => {
      world.issuer = 'https://elsewhere.example';
      world.serviceAccounts = {};
    },
    notes: ['cluster problem', '(compute unknown after cluster)', '(service-account unknown after cluster)'],
    found: /leads to another cluster/,
    fix: /update-kubeconfig/,
  },
  {
    name: 'the platform is too old',
    stage: 'prepared',
    break: (world) =>
      (world.clusters[CLUSTER] = { ...world.clusters[CLUSTER]!, version: '1.28', platformVersion: 'eks.3' }),
    notes: ['cluster problem'],
    found: /1\.28 eks\.3: Pod Identity needs eks\.4 or later/,
    fix: /An upgrade of the cluster/,
  },
  {
    name: 'the issuer in the inventory is another',
    stage: 'irsa',
    break: (world) => {
      world.issuer = 'https://oidc.eks.us-west-2.amazonaws.com/id/NEW';
      world.clusters[CLUSTER] = { ...world.clusters[CLUSTER]!, issuer: world.issuer };
    },
    notes: ['cluster problem'],
    found: /the inventory says/,
    fix: /Write oidc/,
  },
  {
    name: 'a pod is on Fargate',
    stage: 'dual',
    break: (world) => (world.nodes = [{ name: 'node-1', os: 'linux', computeType: 'fargate' }]),
    notes: ['compute problem'],
    found: /orders-api-new on fargate/,
    fix: /stage: irsa and because: runs on fargate/,
  },
  {
    name: 'a pod is on a hybrid node, where the agent of that version does not run',
    stage: 'dual',
    break: (world) => {
      world.nodes = [{ name: 'node-1', os: 'linux', computeType: 'hybrid' }];
      world.addons['prod-main'] = { ...world.addons['prod-main']!, version: 'v1.3.0-eksbuild.1' };
    },
    notes: ['compute problem', '(node-role warning after compute)'],
    found: /the agent v1\.3\.0-eksbuild\.1 does not run on hybrid nodes \(node-1\)/,
    fix: /agent: \{ version: v1\.3\.3-eksbuild\.1 \}/,
  },
  {
    name: 'a pod is on Windows',
    stage: 'pod-identity',
    break: (world) => (world.nodes = [{ name: 'node-1', os: 'windows' }]),
    notes: ['compute problem'],
    found: /on windows/,
    fix: /nodeSelector/,
  },
  {
    name: 'the service account is gone',
    stage: 'dual',
    break: (world) => (world.serviceAccounts = {}),
    notes: ['service-account problem'],
    found: /no service account production\/orders-api/,
    fix: /kubectl --context .* create serviceaccount orders-api/,
  },
  {
    name: 'the service account that Terraform makes is gone',
    stage: 'dual',
    setting: { cluster: { kubernetes: { context: 'prod-main' } } },
    break: (world) => (world.serviceAccounts = {}),
    notes: ['service-account problem'],
    found: /no service account/,
    fix: /npx cdktf apply prod-identity prod-service-accounts-main/,
  },
  {
    name: 'the OIDC provider is gone',
    stage: 'irsa',
    break: (world) => (world.oidcProviders = {}),
    notes: ['oidc-provider problem'],
    found: /there is no OIDC provider/,
    fix: /create-open-id-connect-provider/,
  },
  {
    name: 'the OIDC provider is gone, and only the way back needs it',
    stage: 'cutover',
    break: (world) => (world.oidcProviders = {}),
    notes: ['oidc-provider warning'],
    found: /there is no OIDC provider/,
    fix: /create-open-id-connect-provider/,
  },
  {
    name: 'the OIDC provider takes another audience',
    stage: 'prepared',
    break: (world) => {
      for (const [arn, provider] of Object.entries(world.oidcProviders))
        world.oidcProviders[arn] = { ...provider, audiences: ['vault'] };
    },
    notes: ['oidc-provider problem'],
    found: /accepts the audiences vault/,
    fix: /add-client-id-to-open-id-connect-provider/,
  },
  {
    name: 'the role is gone',
    stage: 'dual',
    break: (world) => (world.roles = without(world.roles, SOURCE)),
    notes: ['role problem'],
    found: /there is no role prod-orders-api/,
    fix: /cdktf apply prod-identity/,
  },
  {
    name: 'the role has another path',
    stage: 'dual',
    break: (world) =>
      (world.roles[SOURCE] = { ...world.roles[SOURCE]!, arn: `arn:aws:iam::${ACCOUNT}:role/eks/prod-orders-api` }),
    notes: ['role problem'],
    found: /role\/eks\/prod-orders-api, not/,
    fix: /Write the path of the role into workloads\.orders-api\.role/,
  },
];
