import { z } from 'zod';
import {
  addonName,
  addonVersion,
  agentVersion,
  clusterName,
  kubernetesContext,
  kubernetesVersion,
  oidcIssuer,
  serviceAccount,
} from '../formats/clusterFormats';
import { region, s3Bucket, s3Prefix, tagKey } from '../formats/awsFormats';
import { roleDefaultsSchema } from './roles';
import { keyed, text } from './text';

const configuration = z
  .record(z.string(), z.unknown())
  .meta({ description: "The add-on's configurationValues, as a map." })
  .exactOptional();

/** `environments.<key>.clusters.<key>.addons.<name>` */
const addonSchema = z
  .strictObject({
    version: text(addonVersion).meta({ description: 'Version of the add-on.', examples: ['v1.40.0-eksbuild.1'] }),
    configuration,
    serviceAccounts: z
      .record(text(serviceAccount), z.string().min(1))
      .meta({ description: "The add-on's service accounts, each with the key of the workload that has its role." }),
    adopt: z
      .boolean()
      .meta({
        description: 'The add-on is there already: it is imported, and not removed while this stands here.',
        default: false,
      })
      .exactOptional(),
  })
  .meta({ description: 'An EKS add-on whose service accounts take their roles from workloads.' });

/** `environments.<key>.clusters.<key>` */
export const clusterSchema = z
  .strictObject({
    name: text(clusterName).meta({ description: "The EKS cluster's name." }),
    region: text(region).meta({ description: "The cluster's region. Default: the environment's." }).exactOptional(),
    version: text(kubernetesVersion).meta({
      description: 'The Kubernetes version, in quotes: "1.33".',
      examples: ['1.33'],
    }),
    oidc: z
      .strictObject({
        issuer: text(oidcIssuer).meta({
          description: 'The issuer URL as the cluster states it, of EKS: https://, no trailing slash.',
        }),
        provider: z
          .enum(['existing', 'managed'])
          .meta({
            description: 'existing: the IAM OIDC provider is there already. managed: podlift builds it.',
            default: 'existing',
          })
          .exactOptional(),
        adopt: z
          .boolean()
          .meta({
            description:
              'With `provider: managed`: it is there already, is imported, and not removed while this stands here.',
            default: false,
          })
          .exactOptional(),
      })
      .meta({ description: 'The OIDC provider of IRSA; needed up to the stage cutover.' })
      .exactOptional(),
    agent: z
      .strictObject({
        version: text(agentVersion).meta({
          description: 'Version of the eks-pod-identity-agent add-on.',
          examples: ['v1.3.4-eksbuild.1'],
        }),
        configuration,
        adopt: z
          .boolean()
          .meta({
            description:
              'The agent is there already: it is imported, stays at every stage, and is not removed while this stands here.',
            default: false,
          })
          .exactOptional(),
      })
      .meta({ description: 'The Pod Identity agent add-on.' })
      .exactOptional(),
    addons: z
      .record(text(addonName), addonSchema)
      .meta({ description: 'Other EKS add-ons whose service accounts are workloads, by name.', default: {} })
      .exactOptional(),
    kubernetes: z
      .strictObject({
        context: text(kubernetesContext).meta({ description: 'Context in the kubeconfig.', examples: ['prod-main'] }),
      })
      .meta({
        description:
          'Service accounts are managed by Terraform through this context. Default: they are left to GitOps.',
      })
      .exactOptional(),
    autoMode: z
      .boolean()
      .meta({ description: 'EKS Auto Mode: the agent is built in, none is installed.', default: false })
      .exactOptional(),
  })
  .meta({ description: 'An EKS cluster.' });

const QUOTA = 'Where the quota of the account was raised: ';

/** `environments.<key>` */
export const environmentSchema = z
  .strictObject({
    account: z.string().min(1).meta({ description: 'Key of the account in `accounts`.' }),
    region: text(region).meta({
      description: 'The AWS region; the partition follows from it.',
      examples: ['us-west-2'],
    }),
    state: z
      .strictObject({
        s3: z.strictObject({
          bucket: text(s3Bucket).meta({ description: 'Bucket of the Terraform state.' }),
          region: text(region).meta({ description: "The bucket's region." }),
          prefix: text(s3Prefix).meta({ description: 'Key prefix in the bucket.' }).exactOptional(),
        }),
      })
      .meta({ description: 'Where the Terraform state is kept. Default: a local file.' })
      .exactOptional(),
    tags: z
      .record(text(tagKey), z.string())
      .meta({ description: 'Tags for every AWS resource. {name} is replaced in values.', default: {} })
      .exactOptional(),
    role: roleDefaultsSchema.exactOptional(),
    quotas: z
      .strictObject({
        trustPolicyLength: z
          .int()
          .min(2048)
          .max(8192)
          .meta({ description: `${QUOTA}characters of a trust policy.`, default: 2048 })
          .exactOptional(),
        managedPoliciesPerRole: z
          .int()
          .min(1)
          .max(25)
          .meta({ description: `${QUOTA}managed policies of a role.`, default: 10 })
          .exactOptional(),
        rolesPerAccount: z
          .int()
          .min(1)
          .meta({ description: `${QUOTA}roles of the account.`, default: 1000 })
          .exactOptional(),
        oidcProvidersPerAccount: z
          .int()
          .min(1)
          .meta({ description: `${QUOTA}OIDC providers of the account.`, default: 100 })
          .exactOptional(),
      })
      .meta({ description: 'Quotas that were raised.' })
      .exactOptional(),
    clusters: keyed(clusterSchema)
      .meta({ description: "The environment's clusters, by a key that never changes.", default: {} })
      .exactOptional(),
    values: keyed(z.string()).meta({ description: 'What {key} stands for in workloads.', default: {} }).exactOptional(),
  })
  .meta({ description: 'An environment: one account and region, its clusters and its Terraform stacks.' });
