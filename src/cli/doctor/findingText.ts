import type pico from 'picocolors';
import type { DoctorFinding, State } from '../../operations/doctor/DoctorFinding';
import { INVENTORY } from '../../operations/evidence/places';

export type Paint = ReturnType<typeof pico.createColors>;

/** How a line begins that can be pasted into a shell. */
const COMMAND = /^(kubectl|npx|podlift|aws) /;

/** A finding with why it matters, the command that shows it, where there is one, and what mends it. */
export function findingText(finding: DoctorFinding, paint: Paint): string {
  const { check, state, found, mends = '', explains } = finding;
  return [
    `  ${word(state, paint)} ${check}: ${indented(found, '    ')}`,
    `    ${paint.dim('why')}   ${explains}`,
    ...lookText(finding, paint),
    mendText(mends, paint),
  ].join('\n');
}

function lookText({ of, shows }: DoctorFinding, paint: Paint): string[] {
  if (!COMMAND.test(shows)) return [];
  const whom = of === INVENTORY || shows.startsWith(of) ? '' : `${paint.dim(of)}\n          `;
  return [`    ${paint.dim('look')}  ${whom}${paint.cyan(shows)}`];
}

/** What to do, its commands in a colour of their own. */
export function mendText(mends: string, paint: Paint): string {
  const lines = mends.split('\n').map((line) => (COMMAND.test(line) ? paint.cyan(line) : line));
  return `    ${paint.dim('mend')}  ${indented(lines.join('\n'), '          ')}`;
}

/** The answer to what was asked for, where it is allowed. */
export function allowedText({ found }: DoctorFinding, paint: Paint): string {
  return `  ${paint.green('allowed')} ${indented(found, '    ')}`;
}

/** How a finding of a state begins. */
export function word(state: State, paint: Paint): string {
  if (state === 'problem') return paint.bold(paint.red('PROBLEM'));
  return state === 'unknown' ? paint.bold(paint.yellow('unknown')) : paint.yellow(state);
}

/** The first line of what was found, which stands for itself. */
export function firstLine(text: string): string {
  return (text.split('\n')[0] ?? '').replace(/:$/, '');
}

function indented(text: string, by: string): string {
  return text.split('\n').join(`\n${by}`);
}
