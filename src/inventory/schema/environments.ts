import { z } from 'zod';
import { region, tagKey } from '../formats/awsFormats';
import * as formats from '../formats/clusterFormats';
import { flag, keyed, map, optional, required, text, words } from './fields';
import { roleDefaultsSchema } from './roles';
import { stateSchema } from './state';

/** For a resource that podlift made and the state does not have. */
function importFlag(what: string) {
  return flag(
    `${what} exists, and Terraform's state does not have it: the next apply imports it. \`podlift recover --write\` writes and removes this.`,
  );
}

const configuration = optional(z.record(z.string(), z.unknown()), "The add-on's configurationValues, as a map.");

/** `environments.<key>.clusters.<key>.addons.<name>` */
const addonSchema = map('An EKS add-on whose service accounts get their roles from workloads.', {
  version: required(text(formats.addonVersion), 'The version of the add-on.', 'v1.40.0-eksbuild.1'),
  configuration,
  serviceAccounts: z
    .record(text(formats.serviceAccount), words)
    .describe("The add-on's service accounts, each with the key of the workload that has its role."),
  adopt: flag('The add-on exists. podlift imports it and does not remove it while this is true.'),
  imports: importFlag('The add-on'),
});

/** `environments.<key>.clusters.<key>` */
export const clusterSchema = map('An EKS cluster.', {
  name: text(formats.clusterName).describe('The name of the EKS cluster.'),
  region: optional(text(region), "The region of the cluster. Default: the environment's."),
  version: required(text(formats.kubernetesVersion), 'The Kubernetes version, in quotes: "1.33".', '1.33'),
  oidc: map('The OIDC provider of IRSA. Required up to the stage cutover.', {
    issuer: text(formats.oidcIssuer).describe(
      "The cluster's issuer URL, as EKS shows it: https://, no trailing slash.",
    ),
    provider: optional(
      z.enum(['existing', 'managed']),
      'existing: the IAM OIDC provider exists. managed: podlift creates it.',
      { default: 'existing' },
    ),
    adopt: flag(
      'With `provider: managed`: the provider exists. podlift imports it and does not remove it while this is true.',
    ),
    imports: importFlag('The managed provider'),
  }).exactOptional(),
  agent: map('The Pod Identity agent add-on.', {
    version: required(
      text(formats.agentVersion),
      'The version of the add-on eks-pod-identity-agent.',
      'v1.3.10-eksbuild.3',
    ),
    configuration,
    adopt: flag(
      'The agent exists. podlift imports it, keeps it at every stage, and does not remove it while this is true.',
    ),
    imports: importFlag('The agent'),
    keep: flag(
      'The agent stays at every stage, also when no workload of the inventory needs it: pods with associations of others do. `rollback` writes it.',
    ),
  }).exactOptional(),
  addons: optional(
    z.record(text(formats.addonName), addonSchema),
    'Other EKS add-ons whose service accounts are workloads, by name.',
    { default: {} },
  ),
  kubernetes: map('Terraform manages the service accounts through this context. Default: GitOps manages them.', {
    context: required(text(formats.kubernetesContext), 'The context in the kubeconfig.', 'prod-main'),
  }).exactOptional(),
  autoMode: flag('EKS Auto Mode: the agent is built in, and podlift installs none.'),
});

function quota(what: string, min: number, fallback: number, max?: number) {
  const number = z.int().min(min);
  return optional(max === undefined ? number : number.max(max), `If the quota of the account was raised: ${what}.`, {
    default: fallback,
  });
}

/** `environments.<key>` */
export const environmentSchema = map('An environment: one account and region, its clusters and its Terraform stacks.', {
  account: words.describe('The key of the account in `accounts`.'),
  region: required(text(region), 'The AWS region. It determines the partition.', 'us-west-2'),
  state: stateSchema.exactOptional(),
  tags: optional(z.record(text(tagKey), z.string()), 'Tags for every AWS resource. {name} is replaced in values.', {
    default: {},
  }),
  role: roleDefaultsSchema.exactOptional(),
  quotas: map('Raised quotas.', {
    trustPolicyLength: quota('characters of a trust policy', 2048, 2048, 8192),
    managedPoliciesPerRole: quota('managed policies of a role', 1, 10, 25),
    rolesPerAccount: quota('roles of the account', 1, 1000),
    oidcProvidersPerAccount: quota('OIDC providers of the account', 1, 100),
    associationsPerCluster: optional(
      z.int().min(1).max(5000),
      'How many associations podlift may have on a cluster. AWS cannot raise the quota: a lower number leaves room for the associations of others.',
      { default: 5000 },
    ),
  }).exactOptional(),
  regions: optional(
    z.array(text(region)),
    'Regions beside those of the clusters: Terraform keeps a provider for a region that its last cluster leaves. Remove it after the apply.',
    { default: [] },
  ),
  clusters: optional(keyed(clusterSchema), 'The clusters of the environment. Their keys never change.', {
    default: {},
  }),
  values: optional(keyed(z.string()), 'The values of {key} in workloads.', { default: {} }),
});
