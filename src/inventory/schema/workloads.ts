import { z } from 'zod';
import { inlinePolicyName, sid } from '../formats/awsFormats';
import { namespace, serviceAccount, subjectPattern } from '../formats/clusterFormats';
import { sdkVersion } from '../formats/inventoryFormats';
import { ASSOCIATION_OWNERS, type InlineStatement, STAGES } from '../Inventory';
import { SDK_LANGUAGES } from '../rules/sdkMinimums';
import { isMap } from '../source/plainData';
import { flag, keyed, map, MISSING, optional, required, several, stageSchema, template, text, words } from './fields';
import { oneOrMany, targetRoleSchema, workloadRoleSchema } from './roles';

const conditionValue = z.union([z.string(), z.boolean(), z.int()]);

/** One statement of `permissions`. */
const statementSchema = map('One statement of an identity policy.', {
  sid: optional(text(sid), 'A name for the statement: letters and digits.'),
  effect: optional(z.enum(['Allow', 'Deny']), 'Allow or Deny.', { default: 'Allow' }),
  actions: several(template).describe(
    'Actions, such as s3:GetObject. * and ? are allowed after the colon. {name} is replaced.',
  ),
  resources: several(template).describe('ARNs, or "*". {name} is replaced. ${…} stays for IAM.'),
  conditions: optional(
    z.record(words, z.record(words, z.union([conditionValue, several(conditionValue)]))),
    'Operator → condition key → one value or several, as in IAM. {name} is replaced in keys and values.',
  ),
  because: optional(words, 'Why the statement must be so wide. It silences the warning for "*".'),
});

/** A statement of an identity policy in IAM's own JSON. The rule `inline-policy` checks its pairs of elements. */
const inlineStatementSchema: z.ZodType<InlineStatement> = z.strictObject({
  Sid: z.string().exactOptional(),
  Effect: z.enum(['Allow', 'Deny']),
  Action: oneOrMany.exactOptional(),
  NotAction: oneOrMany.exactOptional(),
  Resource: oneOrMany.exactOptional(),
  NotResource: oneOrMany.exactOptional(),
  Condition: z
    .record(z.string(), z.record(z.string(), z.union([z.string(), z.array(z.string()), z.number(), z.boolean()])))
    .exactOptional(),
});

const inlineDocumentSchema = z.strictObject({
  Version: z.enum(['2012-10-17', '2008-10-17']).exactOptional(),
  Id: z.string().exactOptional(),
  Statement: z.union([inlineStatementSchema, several(inlineStatementSchema)]),
});

/** The value of a parameter of the catalogue. The rule `controller-parameter` checks it. */
const parameterValue = z.union([z.boolean(), template, several(template)]);

/** An entry of `use`. */
const usedControllerSchema = z.union([
  words,
  z.strictObject({
    name: required(
      words,
      'The name of the controller in the catalogue. `podlift catalogue` lists them.',
      'external-dns',
    ),
    parameters: optional(
      z.record(words, parameterValue),
      'The parameters of the controller: true or false, one value or several. {name} is replaced. `podlift catalogue NAME` lists them.',
      { default: {} },
    ),
    because: optional(words, 'Why a parameter admits everything, or which other roles the pods assume.'),
  }),
]);

/** `permissions` of a workload or a target. */
const permissionsSchema = map('The permissions of the role.', {
  managedPolicies: optional(
    z.array(template),
    'Names of AWS managed policies (AmazonSSMReadOnlyAccess, service-role/X) or ARNs. {name} is replaced.',
    { default: [] },
  ),
  statements: optional(z.array(statementSchema), 'The statements of the inline policy.', { default: [] }),
  use: optional(
    z.array(usedControllerSchema),
    'Controllers of the catalogue whose permissions the role gets, by name, or with parameters. `podlift catalogue` lists them.',
    {
      default: [],
      examples: [['cluster-autoscaler', { name: 'external-dns', parameters: { zones: ['Z0123456789'] } }]],
    },
  ),
  inlinePolicies: optional(
    z.record(text(inlinePolicyName), inlineDocumentSchema),
    "Further inline policies of an adopted role by name, complete and in IAM's own JSON. podlift replaces nothing in them.",
    { default: {} },
  ),
});

const serviceAccountName = text(serviceAccount).describe('The name of the Kubernetes service account.');
const accountFields = {
  manage: optional(
    z.enum(['create', 'annotate', 'none']),
    'create: podlift creates the service account. annotate: it only sets the annotation. none: it changes nothing. Default: create, and annotate for an adopted role.',
  ),
  adopt: flag(
    'With `manage: create`: the service account exists. podlift imports it and does not remove it while this is true.',
  ),
  imports: optional(
    z.array(words),
    "With `manage: create`: keys of clusters where the service account exists and Terraform's state does not have it. The next apply imports it. `podlift recover --write` writes and removes this.",
    { default: [] },
  ),
};

const pattern = z.union([text(subjectPattern), several(text(subjectPattern))]);

/** One entry of `subjects`. The rule `subjects` checks which keys stand together. */
const subjectSchema = z.strictObject({
  namespace: optional(text(namespace), 'The Kubernetes namespace.'),
  serviceAccount: optional(
    z.union([serviceAccountName, z.strictObject({ name: serviceAccountName, ...accountFields })]),
    'The service account: its name, or { name, manage, adopt }.',
  ),
  namespaces: optional(
    pattern,
    'Namespaces by pattern: * and ? are wildcards. `podlift expand` finds the service accounts.',
    {
      examples: ['pr-*'],
    },
  ),
  serviceAccounts: optional(pattern, 'Names of service accounts by pattern, together with `namespaces`.', {
    examples: ['app'],
  }),
  clusters: optional(several(words), "Keys of clusters. Default: all of the workload's."),
});

const subjects = optional(
  several(subjectSchema),
  'The service accounts that share the role, instead of `namespace` and `serviceAccount`. They move together.',
  { examples: [[{ namespace: 'argocd', serviceAccount: 'argocd-server' }]] },
);

const sdk = {
  language: z.enum(SDK_LANGUAGES).describe('The language of the AWS SDK, or cli.'),
  version: required(text(sdkVersion), 'The oldest version of the AWS SDK in the pods.', '1.34.60'),
};

/** `workloads.<key>.association`. The rule `association-owner` checks which keys stand together. */
const associationSchema = map('Who manages the associations of the workload.', {
  manage: optional(
    z.enum(['podlift', 'external']),
    'external: another tool owns the associations. podlift judges them and never writes them; `podlift association` prints the object for the tool.',
    { default: 'podlift' },
  ),
  as: optional(
    z.enum(ASSOCIATION_OWNERS),
    'With `manage: external`: the tool that owns them. It decides which object `podlift association` prints.',
    { examples: ['ack'] },
  ),
});

const targetFields = {
  environments: optional(several(words), "Environments that have the target. Default: all of the workload's."),
  via: optional(
    z.enum(['workload', 'association']),
    'Who assumes the role: the app itself, or EKS (targetRoleArn). At most one target is `association`.',
    { default: 'workload' },
  ),
  role: targetRoleSchema.exactOptional(),
  permissions: permissionsSchema.exactOptional(),
};
const account = words.describe("The key of the target's account in `accounts`.");

/** The fields of a workload that can differ by environment. */
const fields = {
  wave: optional(words, 'The wave of the workload. Write either `wave` or `stage`.'),
  stage: stageSchema.exactOptional(),
  found: optional(
    z.enum(STAGES),
    'The stage that an adopted role had in AWS when the entry was written. `discover` writes it. Required for a new entry past irsa that adopts a role.',
  ),
  released: flag(
    'Release the workload: the next apply forgets each of its resources and destroys nothing. After that apply you can delete the entry.',
  ),
  because: optional(words, 'Why the workload has its own stage. Required with `stage: irsa`.'),
  compute: optional(
    z.enum(['ec2', 'fargate', 'windows', 'hybrid', 'auto']),
    'Where its pods run. Fargate and Windows have no Pod Identity.',
    { default: 'ec2' },
  ),
  sessionTags: optional(z.boolean(), 'EKS sends its six session tags. false: no condition on these tags can match.', {
    default: true,
  }),
  clusters: optional(several(words), 'Keys of clusters. Default: all clusters of each environment.'),
  role: workloadRoleSchema.exactOptional(),
  association: associationSchema.exactOptional(),
  permissions: permissionsSchema.exactOptional(),
  resourcePolicies: optional(
    z.array(words),
    'JSON files with policies of resources that name the role, such as a bucket policy: relative to this file, inside the repository. podlift judges their conditions for both kinds of session (`mode-condition`, `session-keys`) and never writes them.',
    { default: [], examples: [['policies/orders-bucket.json']] },
  ),
};

const overrideSchema = map(
  'Fields that differ in one environment. Maps are merged, lists and single values replaced.',
  {
    ...fields,
    namespace: text(namespace).exactOptional(),
    subjects,
    serviceAccount: z
      .union([serviceAccountName, z.strictObject({ name: serviceAccountName.exactOptional(), ...accountFields })])
      .exactOptional(),
    sdk: z
      .strictObject({ language: sdk.language.exactOptional(), version: sdk.version.exactOptional() })
      .exactOptional(),
    targets: keyed(z.strictObject({ account: account.exactOptional(), ...targetFields })).exactOptional(),
  },
);

const workloadFields = map('A workload: one service account, or several, and their role.', {
  ...fields,
  namespace: optional(text(namespace), 'The Kubernetes namespace. Required without `subjects`.'),
  serviceAccount: optional(
    z.union([serviceAccountName, z.strictObject({ name: serviceAccountName, ...accountFields })]),
    'The service account: its name, or { name, manage, adopt }. Required without `subjects`.',
  ),
  subjects,
  sdk: optional(
    z.strictObject(sdk),
    'The AWS SDK of its pods. podlift compares it with the oldest version that supports Pod Identity.',
  ),
  environments: optional(several(words), 'Environments that have the workload. Default: all.'),
  targets: optional(
    keyed(z.strictObject({ account, ...targetFields }).describe('A role in another account that podlift creates.')),
    'Other roles that the workload assumes.',
    { default: {} },
  ),
  overrides: optional(keyed(overrideSchema), 'Differences, by environment.', { default: {} }),
});

interface Fields {
  readonly subjects?: unknown;
  readonly namespace?: unknown;
  readonly serviceAccount?: unknown;
}

/** The short form needs both keys: an issue about each one that is missing, also beside other issues. */
function has(field: 'namespace' | 'serviceAccount') {
  const isThere = (value: Fields) => value.subjects !== undefined || value[field] !== undefined;
  const params = { error: MISSING, path: [field], when: ({ value }: { value: unknown }) => isMap(value) };
  return [isThere, params] as const;
}

/** `workloads.<key>` */
export const workloadSchema = workloadFields
  .refine(...has('namespace'))
  .refine(...has('serviceAccount'))
  .meta({
    anyOf: [
      { properties: { namespace: true, serviceAccount: true }, required: ['namespace', 'serviceAccount'] },
      { properties: { subjects: true }, required: ['subjects'] },
    ],
  });
