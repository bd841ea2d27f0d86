import { z } from 'zod';
import { accountSchema } from './accounts';
import { environmentSchema } from './environments';
import { keyed } from './text';
import { waveSchema } from './waves';
import { workloadSchema } from './workloads';

/** One file of an inventory, as it is written. */
export const inventorySchema = z
  .strictObject({
    version: z
      .literal(1)
      .meta({ description: 'The version of this format: 1. Asked for in the first file only.' })
      .exactOptional(),
    include: z
      .array(z.string().min(1))
      .meta({ description: 'Globs of further files, relative to this one: *, ** and ?.', examples: [['teams/*.yaml']] })
      .exactOptional(),
    accounts: keyed(accountSchema).meta({ description: 'AWS accounts, by key.' }).exactOptional(),
    environments: keyed(environmentSchema).meta({ description: 'Environments, by key.' }).exactOptional(),
    waves: keyed(waveSchema).meta({ description: 'Waves, by key.' }).exactOptional(),
    workloads: keyed(workloadSchema).meta({ description: 'Workloads, by key.' }).exactOptional(),
  })
  .meta({ title: 'podlift inventory', description: 'The inventory of podlift, or a file that one includes.' });

/** What a file says, before references are resolved and defaults filled in. */
export type WrittenInventory = z.infer<typeof inventorySchema>;
export type WrittenEnvironment = z.infer<typeof environmentSchema>;
export type WrittenWave = z.infer<typeof waveSchema>;
export type WrittenWorkload = z.infer<typeof workloadSchema>;
export type WrittenOverride = NonNullable<WrittenWorkload['overrides']>[string];
export type WrittenTarget = NonNullable<WrittenWorkload['targets']>[string];
export type WrittenPermissions = NonNullable<WrittenWorkload['permissions']>;
