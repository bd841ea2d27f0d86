import type { Inventory } from '../../inventory/Inventory';
import { askOnce } from '../askOnce';
import type { CheckName } from '../evidence/CheckName';
import { CHECK_OF } from '../evidence/checks';
import type { Evidence } from '../evidence/Evidence';
import { stepOf } from '../gate/stepOf';
import type { Ports } from '../Ports';
import type { WaveStatus } from './Status';

const AGREEMENT = ['role-agrees', 'association-agrees', 'annotation-agrees'] as const satisfies readonly CheckName[];

/** A wave in an environment with what AWS and its clusters say of it. */
export interface LiveWave {
  readonly wave: string;
  readonly environment: string;
  /** Of every question; those that do not say `yes` are where AWS disagrees, or where nothing is known. */
  readonly evidence: readonly Evidence[];
}

/** Asks AWS and the clusters whether they agree with the stages of these waves; every question once, a few at a time. */
export async function liveStatus(
  inventory: Inventory,
  waves: readonly Pick<WaveStatus, 'wave' | 'environment'>[],
  ports: Ports,
  now: Date,
): Promise<LiveWave[]> {
  const asked = askOnce(ports);
  return Promise.all(
    waves.map(async ({ wave, environment }) => {
      const { step } = stepOf(inventory, { wave, environment, direction: 'forward' });
      const evidence = await Promise.all(AGREEMENT.map((check) => CHECK_OF[check](step, asked, now)));
      return { wave, environment, evidence: evidence.flat() };
    }),
  );
}
