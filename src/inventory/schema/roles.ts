import { z } from 'zod';
import { associationId } from '../formats/clusterFormats';
import { inlinePolicyName, policyArn, roleDescription, tagKey, tagValue } from '../formats/awsFormats';
import { adoptedTrustSchema, keepTrustSchema } from './keepTrust';
import { keyed, template, text } from './text';

const path = template().meta({
  description: "The role's IAM path, such as /podlift/. {name} is replaced.",
  examples: ['/podlift/'],
});
const permissionsBoundary = template().meta({
  description: "ARN of the policy that bounds the role, of the role's own account or of AWS. {name} is replaced.",
});
const maxSessionDuration = z
  .int()
  .min(3600)
  .max(43200)
  .meta({ description: 'Longest session, in seconds: 3600 to 43200. Default of AWS: 3600.' });

const defaults = {
  path: path.exactOptional(),
  permissionsBoundary: permissionsBoundary.exactOptional(),
  maxSessionDuration: maxSessionDuration.exactOptional(),
};
const name = template()
  .meta({
    description:
      'The name of the role, at most 64 characters. {name} is replaced. Default: <environment>-<workload>, and -<target> for a target.',
  })
  .exactOptional();

/** `environments.<key>.role` */
export const roleDefaultsSchema = z.strictObject(defaults).meta({
  description:
    "Defaults for the environment's roles. Adopted roles take none of them; targets in other accounts do not take a boundary of the environment's account.",
});

/** `workloads.<key>.targets.<key>.role` */
export const targetRoleSchema = z.strictObject({ name, ...defaults }).meta({ description: "The target's role." });

/** `workloads.<key>.role.imports` */
const importsSchema = z
  .strictObject({
    managedPolicies: z
      .array(text(policyArn))
      .meta({ description: 'ARNs of attached policies; each stands under permissions as well.', default: [] })
      .exactOptional(),
    inlinePolicies: z
      .array(text(inlinePolicyName))
      .meta({ description: 'Names of inline policies; each stands under permissions as well.', default: [] })
      .exactOptional(),
    associations: keyed(text(associationId))
      .meta({ description: "Ids of associations, by the cluster's key.", default: {} })
      .exactOptional(),
  })
  .meta({
    description:
      'What was found with an adopted role and is imported with it. Once an apply has imported it, this may be deleted.',
  });

/** `workloads.<key>.role` */
export const workloadRoleSchema = z
  .strictObject({
    name,
    ...defaults,
    adopt: z
      .boolean()
      .meta({
        description:
          'The role exists: it is imported, never recreated. It takes no defaults of the environment: a path other than / is written here.',
        default: false,
      })
      .exactOptional(),
    description: text(roleDescription)
      .meta({ description: 'The description of an adopted role, which it keeps.' })
      .exactOptional(),
    tags: z
      .record(text(tagKey), text(tagValue))
      .meta({ description: "Tags of an adopted role that stay beside podlift's.", default: {} })
      .exactOptional(),
    keepTrust: keepTrustSchema.exactOptional(),
    adoptedTrust: adoptedTrustSchema.exactOptional(),
    imports: importsSchema.exactOptional(),
  })
  .meta({ description: "The workload's role, one for each environment." });
