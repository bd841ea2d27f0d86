import { z } from 'zod';
import { accountId, roleArn } from '../formats/awsFormats';
import { namespace, serviceAccount } from '../formats/clusterFormats';
import { acceptance, clusterReference, evidenceFolder, keyName, since, soak } from '../formats/inventoryFormats';
import { environmentSchema } from './environments';
import { keyed, map, optional, required, several, stageSchema, text, words } from './fields';
import { workloadSchema } from './workloads';

/** `accounts.<key>` */
const accountSchema = map('An AWS account.', {
  id: required(text(accountId), 'The AWS account id: twelve digits, in quotes.', '111111111111'),
  deployRole: optional(
    text(roleArn),
    'The ARN of the role that Terraform assumes in this account. Default: the ambient credentials.',
    { examples: ['arn:aws:iam::111111111111:role/podlift-deploy'] },
  ),
  readRole: optional(
    text(roleArn),
    'The ARN of the role that podlift assumes in this account to read from AWS. Default: `deployRole`.',
    { examples: ['arn:aws:iam::111111111111:role/podlift-read'] },
  ),
});

const waveStageSchema = z.strictObject({
  stage: stageSchema,
  since: optional(text(since), 'When the stage began: ISO 8601 with a zone. `podlift advance` writes it.'),
  because: optional(
    words,
    'The reason for a step although a check did not pass. `--accept` and `--force` of `podlift advance` write it.',
  ),
  accepted: optional(
    several(text(acceptance)),
    'The checks that did not pass and were accepted for this step: CHECK[:WORKLOAD[:CLUSTER]]. podlift writes them.',
    { examples: [['pod-credentials:orders-api:main']] },
  ),
});

/** `waves.<key>` */
const waveSchema = map('Workloads that move together.', {
  description: optional(z.string(), 'What the wave contains, for people.'),
  after: optional(words, 'Another wave. This wave never gets ahead of it in any environment.'),
  soak: optional(text(soak), 'How long a stage must last before the last step: 7d, 36h.', { examples: ['7d'] }),
  stages: optional(
    keyed(z.union([stageSchema, waveStageSchema])),
    'The stage in each environment, short (`dual`) or long (`{ stage, since, because, accepted }`). An environment without an entry is at irsa.',
    { default: {} },
  ),
});

/** `expanded.<workload>`: `podlift expand` writes it. */
const expandedSchema = z
  .record(
    text(clusterReference),
    z.array(
      map('A service account that a pattern of the workload admits.', {
        namespace: required(text(namespace), 'The Kubernetes namespace.', 'pr-17'),
        serviceAccount: required(text(serviceAccount), 'The name of the Kubernetes service account.', 'app'),
      }),
    ),
  )
  .describe(
    'Service accounts by the key of their cluster; by ENVIRONMENT/CLUSTER where several environments of the workload have a cluster of this key.',
  );

/** One written file of an inventory. */
export const inventorySchema = z
  .strictObject({
    version: optional(z.literal(1), 'The version of this format: 1. Required in the first file only.'),
    name: optional(
      text(keyName),
      'The name of the inventory: a lower-case DNS label. It is a part of the place of each Terraform state, so that two inventories can share a folder or a bucket. In the first file only. `podlift state move` moves the states of an inventory that gets a name.',
      { examples: ['shop'] },
    ),
    include: optional(
      z.array(words),
      'Globs of further files, relative to this one, inside the repository (else --include-outside): *, ** and ?.',
      {
        examples: [['teams/*.yaml']],
      },
    ),
    evidence: optional(
      text(evidenceFolder),
      'The folder where `advance` and `rollback` write the evidence of each step, relative to the first file, which has it.',
      { examples: ['evidence'] },
    ),
    accounts: optional(keyed(accountSchema), 'AWS accounts, by key.'),
    environments: optional(keyed(environmentSchema), 'Environments, by key.'),
    waves: optional(keyed(waveSchema), 'Waves, by key.'),
    workloads: optional(keyed(workloadSchema), 'Workloads, by key.'),
    expanded: optional(
      keyed(expandedSchema),
      'The service accounts that exist for the patterns in `subjects`, by the key of the workload, which can be in another file. `podlift expand` writes it.',
      { examples: [{ previews: { main: [{ namespace: 'pr-17', serviceAccount: 'app' }] } }] },
    ),
  })
  .meta({ title: 'podlift inventory', description: 'The inventory of podlift, or a file that it includes.' });

/** The content of a file, before references are resolved and defaults are added. */
export type WrittenInventory = z.infer<typeof inventorySchema>;
export type WrittenEnvironment = z.infer<typeof environmentSchema>;
export type WrittenExpanded = z.infer<typeof expandedSchema>;
export type WrittenWave = z.infer<typeof waveSchema>;
export type WrittenWorkload = z.infer<typeof workloadSchema>;
export type WrittenOverride = NonNullable<WrittenWorkload['overrides']>[string];
export type WrittenSubject = NonNullable<WrittenWorkload['subjects']>[number];
export type WrittenTarget = NonNullable<WrittenWorkload['targets']>[string];
export type WrittenPermissions = NonNullable<WrittenWorkload['permissions']>;
