import { z } from 'zod';
import { region, s3Bucket, s3Prefix, tagKey } from '../formats/awsFormats';
import * as formats from '../formats/clusterFormats';
import { flag, keyed, optional, text, words } from './fields';
import { roleDefaultsSchema } from './roles';

const configuration = optional(z.record(z.string(), z.unknown()), "The add-on's configurationValues, as a map.");

/** `environments.<key>.clusters.<key>.addons.<name>` */
const addonSchema = z
  .strictObject({
    version: text(formats.addonVersion).meta({
      description: 'The version of the add-on.',
      examples: ['v1.40.0-eksbuild.1'],
    }),
    configuration,
    serviceAccounts: z.record(text(formats.serviceAccount), words).meta({
      description: "The add-on's service accounts, each with the key of the workload that has its role.",
    }),
    adopt: flag('The add-on exists. podlift imports it and does not remove it while this is true.'),
  })
  .meta({ description: 'An EKS add-on whose service accounts get their roles from workloads.' });

/** `environments.<key>.clusters.<key>` */
export const clusterSchema = z
  .strictObject({
    name: text(formats.clusterName).meta({ description: 'The name of the EKS cluster.' }),
    region: optional(text(region), "The region of the cluster. Default: the environment's."),
    version: text(formats.kubernetesVersion).meta({
      description: 'The Kubernetes version, in quotes: "1.33".',
      examples: ['1.33'],
    }),
    oidc: optional(
      z.strictObject({
        issuer: text(formats.oidcIssuer).meta({
          description: "The cluster's issuer URL, as EKS shows it: https://, no trailing slash.",
        }),
        provider: optional(
          z.enum(['existing', 'managed']),
          'existing: the IAM OIDC provider exists. managed: podlift creates it.',
          { default: 'existing' },
        ),
        adopt: flag(
          'With `provider: managed`: the provider exists. podlift imports it and does not remove it while this is true.',
        ),
      }),
      'The OIDC provider of IRSA. Required up to the stage cutover.',
    ),
    agent: optional(
      z.strictObject({
        version: text(formats.agentVersion).meta({
          description: 'The version of the add-on eks-pod-identity-agent.',
          examples: ['v1.3.4-eksbuild.1'],
        }),
        configuration,
        adopt: flag(
          'The agent exists. podlift imports it, keeps it at every stage, and does not remove it while this is true.',
        ),
      }),
      'The Pod Identity agent add-on.',
    ),
    addons: optional(
      z.record(text(formats.addonName), addonSchema),
      'Other EKS add-ons whose service accounts are workloads, by name.',
      { default: {} },
    ),
    kubernetes: optional(
      z.strictObject({
        context: text(formats.kubernetesContext).meta({
          description: 'The context in the kubeconfig.',
          examples: ['prod-main'],
        }),
      }),
      'Terraform manages the service accounts through this context. Default: GitOps manages them.',
    ),
    autoMode: flag('EKS Auto Mode: the agent is built in, and podlift installs none.'),
  })
  .meta({ description: 'An EKS cluster.' });

function quota(what: string, min: number, fallback: number, max?: number) {
  const number = z.int().min(min);
  return optional(max === undefined ? number : number.max(max), `If the quota of the account was raised: ${what}.`, {
    default: fallback,
  });
}

/** `environments.<key>` */
export const environmentSchema = z
  .strictObject({
    account: words.meta({ description: 'The key of the account in `accounts`.' }),
    region: text(region).meta({
      description: 'The AWS region. It determines the partition.',
      examples: ['us-west-2'],
    }),
    state: optional(
      z.strictObject({
        s3: z.strictObject({
          bucket: text(s3Bucket).meta({ description: 'The bucket of the Terraform state.' }),
          region: text(region).meta({ description: 'The region of the bucket.' }),
          prefix: optional(text(s3Prefix), 'The key prefix in the bucket.'),
        }),
      }),
      'The place of the Terraform state. Default: a local file.',
    ),
    tags: optional(z.record(text(tagKey), z.string()), 'Tags for every AWS resource. {name} is replaced in values.', {
      default: {},
    }),
    role: roleDefaultsSchema.exactOptional(),
    quotas: optional(
      z.strictObject({
        trustPolicyLength: quota('characters of a trust policy', 2048, 2048, 8192),
        managedPoliciesPerRole: quota('managed policies of a role', 1, 10, 25),
        rolesPerAccount: quota('roles of the account', 1, 1000),
        oidcProvidersPerAccount: quota('OIDC providers of the account', 1, 100),
      }),
      'Raised quotas.',
    ),
    clusters: optional(keyed(clusterSchema), 'The clusters of the environment. Their keys never change.', {
      default: {},
    }),
    values: optional(keyed(z.string()), 'The values of {key} in workloads.', { default: {} }),
  })
  .meta({ description: 'An environment: one account and region, its clusters and its Terraform stacks.' });
