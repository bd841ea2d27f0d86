import pico from 'picocolors';
import type { LiveWave } from '../../operations/status/liveStatus';
import { evidenceTable } from '../gate/evidenceTable';
import { remedies } from '../gate/remedies';

/** Where AWS and the clusters disagree with the inventory, wave by wave; one line where they agree. */
export function liveReport(waves: readonly LiveWave[], colour: boolean, width?: number): string {
  const paint = pico.createColors(colour);
  const asked = waves.reduce((sum, { evidence }) => sum + evidence.length, 0);
  const unlike = waves
    .map(({ wave, environment, evidence }) => ({
      title: `${wave} in ${environment}`,
      evidence: evidence.filter(({ holds }) => holds !== 'yes'),
    }))
    .filter(({ evidence }) => evidence.length > 0);
  if (unlike.length === 0) return `${paint.green('AWS agrees')} with the inventory: ${asked} answers.`;
  return unlike
    .map(({ title, evidence }) =>
      [
        paint.bold(`${title}: AWS disagrees, or does not answer`),
        evidenceTable(evidence, colour, width),
        remedies(evidence, colour),
      ].join('\n'),
    )
    .join('\n\n');
}
