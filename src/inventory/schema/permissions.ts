import { z } from 'zod';
import type { InlineStatement } from '../Inventory';
import { inlinePolicyName, sid } from '../formats/awsFormats';
import { template, text } from './text';

const conditionValue = z.union([z.string(), z.boolean(), z.int()]);

/** One statement of `permissions`. */
export const statementSchema = z
  .strictObject({
    sid: text(sid).meta({ description: 'A name for the statement: letters and digits.' }).exactOptional(),
    effect: z.enum(['Allow', 'Deny']).meta({ description: 'Allow or Deny.', default: 'Allow' }).exactOptional(),
    actions: z
      .array(template())
      .min(1)
      .meta({ description: 'Actions, as in s3:GetObject; * and ? stand behind the colon. {name} is replaced.' }),
    resources: z
      .array(template())
      .min(1)
      .meta({ description: 'ARNs, or "*". {name} is replaced; ${…} is left to IAM.' }),
    conditions: z
      .record(z.string().min(1), z.record(z.string().min(1), z.union([conditionValue, z.array(conditionValue).min(1)])))
      .meta({
        description:
          'Operator → condition key → one value or several, as in IAM. {name} is replaced in keys and values.',
      })
      .exactOptional(),
    because: z
      .string()
      .min(1)
      .meta({ description: 'Why the statement must be as wide as it is; silences the warning for "*".' })
      .exactOptional(),
  })
  .meta({ description: 'One statement of an identity policy.' });

const oneOrMany = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]);

/** A statement of an identity policy as IAM has it. Elements come in pairs, of which one is there: the rule `inline-policy` looks. */
const inlineStatementSchema: z.ZodType<InlineStatement> = z.strictObject({
  Sid: z.string().exactOptional(),
  Effect: z.enum(['Allow', 'Deny']),
  Action: oneOrMany.exactOptional(),
  NotAction: oneOrMany.exactOptional(),
  Resource: oneOrMany.exactOptional(),
  NotResource: oneOrMany.exactOptional(),
  Condition: z
    .record(
      z.string(),
      z.record(z.string(), z.union([z.string(), z.array(z.string()).min(1), z.number(), z.boolean()])),
    )
    .exactOptional(),
});

const inlineDocumentSchema = z.strictObject({
  Version: z.enum(['2012-10-17', '2008-10-17']).exactOptional(),
  Id: z.string().exactOptional(),
  Statement: z.union([inlineStatementSchema, z.array(inlineStatementSchema).min(1)]),
});

/** `permissions` of a workload or a target. */
export const permissionsSchema = z
  .strictObject({
    managedPolicies: z
      .array(template())
      .meta({
        description:
          'Names of AWS managed policies (AmazonSSMReadOnlyAccess, service-role/X) or ARNs. {name} is replaced.',
        default: [],
      })
      .exactOptional(),
    statements: z
      .array(statementSchema)
      .meta({ description: 'The inline policy, statement by statement.', default: [] })
      .exactOptional(),
    inlinePolicies: z
      .record(text(inlinePolicyName), inlineDocumentSchema)
      .meta({
        description:
          "Further inline policies by name, whole and in IAM's own JSON names, as an adopted role has them. Nothing in them is replaced.",
        default: {},
      })
      .exactOptional(),
  })
  .meta({ description: 'What the role may do.' });
