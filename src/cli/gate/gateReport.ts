import pico from 'picocolors';
import type { GateResult } from '../../operations/gate/GateResult';
import { evidenceTable } from './evidenceTable';
import { remedies } from './remedies';

/**
 * A gate's result for people: which step, the evidence, what to do, and the verdict as the last line, where a tired eye looks.
 * `width` is that of the terminal in characters.
 */
export function gateReport(result: GateResult, colour: boolean, width?: number): string {
  const { wave, environment, direction, from, to, evidence } = result;
  if (to === undefined) {
    const end = direction === 'forward' ? 'the last stage' : 'the first stage';
    return `${wave} is at ${from} in ${environment}, ${end}: there is no step ${direction === 'forward' ? 'to take' : 'back'}.`;
  }
  const paint = pico.createColors(colour);
  const whatToDo = remedies(evidence, colour);
  return [
    paint.bold(`${wave} in ${environment}: ${from} → ${to}`),
    evidenceTable(evidence, colour, width),
    ...(whatToDo === '' ? [] : ['', whatToDo]),
    '',
    verdict(result, to, paint),
  ].join('\n');
}

function verdict(
  { wave, environment, direction, evidence, holds }: GateResult,
  to: string,
  paint: ReturnType<typeof pico.createColors>,
): string {
  const count = (wanted: string) => evidence.filter((one) => one.holds === wanted).length;
  if (holds) {
    const command = `npx podlift ${direction === 'forward' ? 'advance' : 'rollback'} ${wave} --environment ${environment}`;
    return `${paint.green('The gate passes')}: all ${evidence.length} checks passed. ${command} takes the step to ${to}.`;
  }
  return `${paint.red('The gate fails')}: ${count('no')} of ${evidence.length} checks failed, ${count('unknown')} could not be checked.`;
}
