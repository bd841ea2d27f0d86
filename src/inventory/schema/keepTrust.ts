import { z } from 'zod';
import type { KeptStatement } from '../Inventory';

const oneOrMany = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]);
const principal = z.union([
  z.literal('*'),
  z.strictObject({
    AWS: oneOrMany.exactOptional(),
    Service: oneOrMany.exactOptional(),
    Federated: oneOrMany.exactOptional(),
  }),
]);
const wanted = z.union([oneOrMany, z.number(), z.boolean()]);

/** A statement of a trust policy as IAM has it: its own names, in its own spelling. */
const statementSchema: z.ZodType<KeptStatement> = z.strictObject({
  Sid: z
    .string()
    .regex(/^[A-Za-z0-9]+$/, 'letters and digits only')
    .exactOptional(),
  Effect: z.enum(['Allow', 'Deny']),
  Principal: principal.exactOptional(),
  NotPrincipal: principal.exactOptional(),
  Action: oneOrMany.exactOptional(),
  NotAction: oneOrMany.exactOptional(),
  Condition: z.record(z.string(), z.record(z.string(), wanted)).exactOptional(),
});

/** `workloads.<key>.role.adoptedTrust` */
export const adoptedTrustSchema = z
  .strictObject({
    oidc: z
      .array(statementSchema)
      .min(1)
      .meta({ description: "In place of podlift's own statement for each OIDC provider that they name." })
      .exactOptional(),
    podIdentity: z
      .array(statementSchema)
      .min(1)
      .meta({ description: "In place of podlift's own statement for pods.eks.amazonaws.com." })
      .exactOptional(),
    because: z
      .string()
      .min(1)
      .meta({
        description:
          'Why they may let in more than the workload: the proof then says whom, and goes on. Without it the proof fails.',
      })
      .exactOptional(),
  })
  .meta({
    description:
      "Statements of an adopted role's trust policy that do the work of podlift's own, as they were found. They stand, in IAM's own JSON names, at the stages that have podlift's. Take them out, and podlift writes its own, which are stricter.",
  });

/** `workloads.<key>.role.keepTrust` */
export const keepTrustSchema = z.array(statementSchema).min(1).meta({
  description:
    "Statements of an adopted role's trust policy that stay as they are, in IAM's own JSON names: for GitHub, other clusters, people. Nothing in them is replaced.",
});
