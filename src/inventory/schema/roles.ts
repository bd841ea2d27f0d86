import { z } from 'zod';
import { policyArn, roleDescription, tagKey, tagValue } from '../formats/awsFormats';
import { associationId } from '../formats/clusterFormats';
import type { KeptStatement } from '../Inventory';
import { flag, keyed, map, optional, several, template, text, words } from './fields';

/** One text or a list, as IAM accepts it. */
export const oneOrMany = z.union([words, several(words)]);

const principal = z.union([
  z.literal('*'),
  z.strictObject({
    AWS: oneOrMany.exactOptional(),
    Service: oneOrMany.exactOptional(),
    Federated: oneOrMany.exactOptional(),
  }),
]);

/** A statement of a trust policy in IAM's own JSON. */
const trustStatementSchema: z.ZodType<KeptStatement> = z.strictObject({
  Sid: z
    .string()
    .regex(/^[A-Za-z0-9]+$/, 'letters and digits only')
    .exactOptional(),
  Effect: z.enum(['Allow', 'Deny']),
  Principal: principal.exactOptional(),
  NotPrincipal: principal.exactOptional(),
  Action: oneOrMany.exactOptional(),
  NotAction: oneOrMany.exactOptional(),
  // IAM takes an empty list, which no value equals: without the key, the statement would say something else.
  Condition: z
    .record(z.string(), z.record(z.string(), z.union([words, z.array(words), z.number(), z.boolean()])))
    .exactOptional(),
  because: optional(
    words,
    'podlift’s own key, which AWS does not get: why the statement may admit others than the workload. With a reason the proof only reports them. Without it the proof fails.',
  ),
});

const adoptedTrustSchema = z.strictObject({
  version: optional(
    z.enum(['2008-10-17', 'none']),
    'The version of the trust policy, where it is not 2012-10-17; `none`: the trust policy has no version. In both, `${…}` is plain text. podlift writes it at every stage. Remove it, and podlift writes 2012-10-17.',
  ),
  id: optional(words, 'The `Id` of the trust policy. podlift writes it at every stage.'),
  oidc: optional(
    several(trustStatementSchema),
    "Statements instead of podlift's own for each OIDC provider that they name.",
  ),
  podIdentity: optional(
    several(trustStatementSchema),
    "Statements instead of podlift's own for pods.eks.amazonaws.com.",
  ),
  because: optional(
    words,
    'Why the statements may allow more than the workload. With a reason the proof only reports them. Without it the proof fails.',
  ),
});

const defaults = {
  path: optional(template, "The role's IAM path, such as /podlift/. {name} is replaced.", {
    examples: ['/podlift/'],
  }),
  permissionsBoundary: optional(
    template,
    "The ARN of the role's permissions boundary: a policy of the role's own account or of AWS. {name} is replaced.",
  ),
  maxSessionDuration: optional(
    z.int().min(3600).max(43200),
    'The longest session in seconds: 3600 to 43200. Default of AWS: 3600.',
  ),
};
const name = optional(
  template,
  'The name of the role, at most 64 characters. {name} is replaced. Default: <environment>-<workload>, and -<target> for a target.',
);

/** `environments.<key>.role` */
export const roleDefaultsSchema = z.strictObject(defaults).meta({
  description:
    "Defaults for the environment's roles. Adopted roles use none of them. Targets in other accounts do not use a boundary of the environment's account.",
});

const roleImports = {
  role: flag(
    "The role exists, and Terraform's state does not have it: the next apply imports it. An adopted role needs no entry.",
  ),
  managedPolicies: optional(
    z.array(text(policyArn)),
    'ARNs of attached policies. List each of them under permissions too.',
    { default: [] },
  ),
  inlinePolicies: optional(z.array(words), 'Names of inline policies. List each of them under permissions too.', {
    default: [],
  }),
};

/** `workloads.<key>.targets.<key>.role` */
export const targetRoleSchema = z
  .strictObject({
    name,
    ...defaults,
    adopt: flag(
      'The role exists: podlift imports it and never recreates it. It uses no defaults of the environment: write a path other than / here.',
    ),
    manage: optional(
      z.literal('external'),
      'external: the role exists and stays with its owner. podlift never writes it, and `podlift trust --target` prints what the owner must write. `name` is required.',
    ),
    description: optional(text(roleDescription), 'The description of an adopted role. The role keeps it.'),
    tags: optional(z.record(text(tagKey), text(tagValue)), "Tags that an adopted role keeps beside podlift's.", {
      default: {},
    }),
    keepTrust: optional(
      several(trustStatementSchema),
      "Statements in the trust policy of an adopted or external role that stay at every stage, in IAM's own JSON. podlift replaces nothing in them.",
    ),
    imports: optional(
      z.strictObject(roleImports),
      'What exists and the state does not have: the policies of an adopted role. `podlift recover --write` writes and removes this.',
    ),
  })
  .describe('The role of the target.');

const importsSchema = z.strictObject({
  ...roleImports,
  associations: optional(
    keyed(z.union([text(associationId), z.record(words, text(associationId))])),
    "Ids of associations, by the cluster's key: of the first subject there, or { namespace/service-account: id }.",
    { default: {} },
  ),
});

/** `workloads.<key>.role` */
export const workloadRoleSchema = map('The role of the workload, one for each environment.', {
  name,
  ...defaults,
  adopt: flag(
    'The role exists: podlift imports it and never recreates it. It uses no defaults of the environment: write a path other than / here.',
  ),
  manage: optional(
    z.literal('external'),
    'external: the role exists and stays with its owner (its own Terraform, CloudFormation, eksctl). podlift never writes it, and `podlift trust` prints what the owner must write. `name` is required, `path` is / without one, and `permissions` only say what the owner has given.',
  ),
  description: optional(text(roleDescription), 'The description of an adopted role. The role keeps it.'),
  tags: optional(z.record(text(tagKey), text(tagValue)), "Tags that an adopted role keeps beside podlift's.", {
    default: {},
  }),
  keepTrust: optional(
    several(trustStatementSchema),
    "Statements in the trust policy of an adopted or external role that stay, in IAM's own JSON: for GitHub, other clusters, people. podlift replaces nothing in them.",
  ),
  adoptedTrust: optional(
    adoptedTrustSchema,
    "Statements in the trust policy of an adopted or external role that replace podlift's own, as they were found, in IAM's own JSON. They apply at the stages that have podlift's statements. Remove them, and podlift writes its own, which are stricter.",
  ),
  imports: optional(
    importsSchema,
    'What exists and the next apply imports: what an adopted role has, and what the state does not have. `podlift recover --write` writes entries, and removes those that are no longer needed.',
  ),
});
