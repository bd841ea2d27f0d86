import { z } from 'zod';
import { namespace, serviceAccount } from '../formats/clusterFormats';
import { sdkVersion } from '../formats/inventoryFormats';
import { STAGES } from '../Inventory';
import { SDK_LANGUAGES } from '../rules/sdkMinimums';
import { permissionsSchema } from './permissions';
import { targetRoleSchema, workloadRoleSchema } from './roles';
import { stageSchema } from './stage';
import { keyed, text } from './text';

const serviceAccountName = text(serviceAccount).meta({ description: 'The name of the Kubernetes service account.' });
const manage = z
  .enum(['create', 'annotate', 'none'])
  .meta({
    description:
      'create: podlift creates the service account. annotate: it sets the annotation only. none: it changes nothing. Default: create, and annotate where the role is adopted.',
  })
  .exactOptional();
const adoptAccount = z
  .boolean()
  .meta({
    description:
      'With `manage: create`: the service account exists. It is imported, and not removed while this stands here.',
    default: false,
  })
  .exactOptional();

const sdk = {
  language: z.enum(SDK_LANGUAGES).meta({ description: 'The language of the AWS SDK, or cli.' }),
  version: text(sdkVersion).meta({
    description: 'The oldest version of the AWS SDK among the pods.',
    examples: ['1.34.60'],
  }),
};

const targetFields = {
  environments: z
    .array(z.string().min(1))
    .min(1)
    .meta({ description: "Environments that have the target. Default: all of the workload's." })
    .exactOptional(),
  via: z
    .enum(['workload', 'association'])
    .meta({
      description: 'Who assumes the role: the app itself, or EKS (targetRoleArn). One target at most is `association`.',
      default: 'workload',
    })
    .exactOptional(),
  role: targetRoleSchema.exactOptional(),
  permissions: permissionsSchema.exactOptional(),
};
const account = z.string().min(1).meta({ description: "Key of the target's account in `accounts`." });

/** What a workload says, apart from where it runs; every field may differ by environment. */
const fields = {
  wave: z
    .string()
    .min(1)
    .meta({ description: 'The wave that it moves with; not together with `stage`.' })
    .exactOptional(),
  stage: stageSchema.exactOptional(),
  found: z
    .enum(STAGES)
    .meta({
      description:
        'The stage at which an adopted role stood in AWS when the entry was written; `discover` writes it. Required for a new entry past irsa that adopts a role.',
    })
    .exactOptional(),
  released: z
    .boolean()
    .meta({
      description:
        'Let the workload go: the next apply forgets each of its resources and destroys nothing. After that apply the entry can be deleted.',
      default: false,
    })
    .exactOptional(),
  because: z
    .string()
    .min(1)
    .meta({ description: 'Why it has a stage of its own; asked for with `stage: irsa`.' })
    .exactOptional(),
  compute: z
    .enum(['ec2', 'fargate', 'windows', 'hybrid', 'auto'])
    .meta({ description: 'What its pods run on. Fargate and Windows have no Pod Identity.', default: 'ec2' })
    .exactOptional(),
  sessionTags: z
    .boolean()
    .meta({ description: 'EKS sends its six session tags. false: no condition on tags can match.', default: true })
    .exactOptional(),
  clusters: z
    .array(z.string().min(1))
    .min(1)
    .meta({ description: 'Keys of clusters. Default: all of each environment.' })
    .exactOptional(),
  role: workloadRoleSchema.exactOptional(),
  permissions: permissionsSchema.exactOptional(),
};

const overrideSchema = z
  .strictObject({
    ...fields,
    namespace: text(namespace).exactOptional(),
    serviceAccount: z
      .union([
        serviceAccountName,
        z.strictObject({ name: serviceAccountName.exactOptional(), manage, adopt: adoptAccount }),
      ])
      .exactOptional(),
    sdk: z
      .strictObject({ language: sdk.language.exactOptional(), version: sdk.version.exactOptional() })
      .exactOptional(),
    targets: keyed(z.strictObject({ account: account.exactOptional(), ...targetFields })).exactOptional(),
  })
  .meta({ description: 'Fields that differ in one environment: maps are merged, lists and single values replaced.' });

/** `workloads.<key>` */
export const workloadSchema = z
  .strictObject({
    ...fields,
    namespace: text(namespace).meta({ description: 'The Kubernetes namespace.' }),
    serviceAccount: z
      .union([serviceAccountName, z.strictObject({ name: serviceAccountName, manage, adopt: adoptAccount })])
      .meta({ description: 'The service account: its name, or { name, manage, adopt }.' }),
    sdk: z
      .strictObject(sdk)
      .meta({ description: 'The AWS SDK of its pods, checked against the oldest that knows Pod Identity.' })
      .exactOptional(),
    environments: z
      .array(z.string().min(1))
      .min(1)
      .meta({ description: 'Environments that have it. Default: all.' })
      .exactOptional(),
    targets: keyed(
      z
        .strictObject({ account, ...targetFields })
        .meta({ description: 'A role in another account, built by podlift.' }),
    )
      .meta({ description: 'Roles that it reaches beyond its own.', default: {} })
      .exactOptional(),
    overrides: keyed(overrideSchema)
      .meta({ description: 'What differs, by environment.', default: {} })
      .exactOptional(),
  })
  .meta({ description: 'A workload: one service account and its role.' });
