import { z } from 'zod';
import { since, soak } from '../formats/inventoryFormats';
import { stageSchema } from './stage';
import { keyed, text } from './text';

const waveStageSchema = z.strictObject({
  stage: stageSchema,
  since: text(since)
    .meta({ description: 'When the stage began, ISO 8601 with a zone; written by `podlift advance`.' })
    .exactOptional(),
  because: z
    .string()
    .min(1)
    .meta({ description: 'Why the step was taken without its evidence; written by `podlift advance --force`.' })
    .exactOptional(),
});

/** `waves.<key>` */
export const waveSchema = z
  .strictObject({
    description: z.string().meta({ description: 'What the wave holds, for people.' }).exactOptional(),
    after: z
      .string()
      .min(1)
      .meta({ description: 'Another wave, which this one never runs ahead of in the same environment.' })
      .exactOptional(),
    soak: text(soak)
      .meta({ description: 'How long a stage must hold before the last step: 7d, 36h.', examples: ['7d'] })
      .exactOptional(),
    stages: keyed(z.union([stageSchema, waveStageSchema]))
      .meta({
        description:
          'The stage in each environment, short (`dual`) or long (`{ stage, since, because }`). An environment that is not named is at irsa.',
        default: {},
      })
      .exactOptional(),
  })
  .meta({ description: 'Workloads that move together.' });
