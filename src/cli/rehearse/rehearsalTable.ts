import Table from 'cli-table3';
import pico from 'picocolors';
import { type Denied, held, type Walked } from './Walked';

/** The steps of a rehearsal as a table for people, and below it every denial: those that the migration names in one line for each step. */
export function rehearsalTable(walked: readonly Walked[], colour: boolean): string {
  const paint = pico.createColors(colour);
  const table = new Table({
    head: ['environment', 'wave', 'step', 'add', 'change', 'destroy', 'calls to AWS', 'pods asked', 'denials'],
    colAligns: ['left', 'left', 'left', 'right', 'right', 'right', 'right', 'right', 'left'],
    style: { head: [], border: [], compact: true },
  });
  for (const step of walked) {
    const { environment, move, changes, calls, asked, denied } = step;
    const named = denied.filter((one) => one.named).length;
    const other = denied.length - named;
    table.push([
      environment,
      move?.wave ?? '-',
      move === undefined ? 'as it stands' : `${move.from} → ${move.to}`,
      changes.add,
      changes.change,
      changes.destroy,
      calls,
      asked,
      [
        ...(other > 0 ? [paint.red(`${other} DENIED`)] : []),
        ...(named > 0 ? [`${named} until restarted`] : []),
        ...(denied.length === 0 ? [held(step) ? '-' : paint.red('a role would go')] : []),
      ].join(', '),
    ]);
  }
  return [table.toString(), ...walked.flatMap((step) => remarks(step).map((line) => paint.red(line)))].join('\n');
}

/** What is wrong with a step: each pod, when it asked, at which step, and the statement that decided. */
function remarks({ environment, move, denied, rolesLost }: Walked): string[] {
  const at = move === undefined ? `as ${environment} stands` : `at ${move.from} → ${move.to} of ${move.wave}`;
  return [
    ...rolesLost.map((address) => `${at}: the plan would destroy the role ${address}`),
    ...firstOfEach(denied.filter(({ named }) => !named)).map(
      ({ subject, pod, uses, at: time, role, why }) =>
        `${time} ${at}: pod ${subject.namespace}/${pod} on ${environment}/${subject.cluster} (${WAYS[uses]}), ${role}: ${why}`,
    ),
  ];
}

const WAYS = { irsa: 'IRSA', 'pod-identity': 'Pod Identity', nothing: 'no credentials' } as const;

/** A pod that asks all the time is denied all the time: its first denial of each role tells all. */
function firstOfEach(denied: readonly Denied[]): Denied[] {
  return [...new Map([...denied].reverse().map((one) => [`${one.pod} ${one.role}`, one])).values()].reverse();
}
