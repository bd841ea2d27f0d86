import type { ChangeAction, PlanCounts } from '../../runners/stackCommands';
import { type Cell, counted, type Paint, paintOf, type ReportStyle, table } from '../report';
import type { StackReport } from './StackReport';

/** `1 to import, 2 to add, …` as one text for the progress: those that are not zero. */
export function countsText(counts: PlanCounts | undefined): string {
  if (counts === undefined) return 'no plan';
  const parts = (['import', 'add', 'change', 'destroy'] as const).flatMap((kind) =>
    counts[kind] === 0 ? [] : [`${kind} ${counts[kind]}`],
  );
  return parts.length === 0 ? 'only outputs or the state' : parts.join(', ');
}

/** The signs of Terraform. Source: https://developer.hashicorp.com/terraform/cli/commands/plan */
const SIGNS: Readonly<Record<ChangeAction, readonly [string, keyof Paint]>> = {
  create: ['+', 'green'],
  update: ['~', 'yellow'],
  delete: ['-', 'red'],
  replace: ['-/+', 'red'],
  import: ['<=', 'cyan'],
  move: ['->', 'cyan'],
  forget: ['.', 'cyan'],
};

/** The changes of each stack that has some: Terraform's own text where it is asked for, else a line each. */
export function changesText(reports: readonly StackReport[], { colour }: ReportStyle): string {
  const paint = paintOf(colour);
  return reports
    .filter(({ result }) => result === 'planned')
    .map(({ stack, changes, counts, diff }) => {
      if (diff !== undefined) return `${stack}:\n${diff}`;
      const lines = changes.map(({ action, address }) => {
        const [sign, colourOf] = SIGNS[action];
        return `  ${paint[colourOf](sign.padStart(3))} ${address}`;
      });
      return [
        `${stack}: ${changes.length === 0 ? countsText(counts) : counted(changes.length, 'change')}`,
        ...lines,
      ].join('\n');
    })
    .join('\n\n');
}

/** One row a stack, and the total. */
export function summaryTable(reports: readonly StackReport[], { colour, width }: ReportStyle): string {
  if (reports.length === 0) return 'No stack is meant: none differs, or none has a workload of the wave.';
  const paint = paintOf(colour);
  const right = (head: string) => ({ head, align: 'right' }) as const;
  const rows = reports.map((report): readonly Cell[] => [
    report.stack,
    ...(['import', 'add', 'change', 'destroy'] as const).map((kind) => {
      // Nothing of its plan was done.
      const count = report.result === 'skipped' || report.result === 'stopped' ? undefined : report.counts?.[kind];
      return count !== undefined && count > 0 && kind === 'destroy'
        ? { text: `${count}`, paint: paint.red }
        : `${count ?? '-'}`;
    }),
    report.seconds.toFixed(1),
    resultCell(report, paint),
  ]);
  return table(
    ['stack', right('import'), right('add'), right('change'), right('destroy'), right('seconds'), 'result'],
    rows,
    width,
  );
}

function resultCell({ result, because }: StackReport, paint: Paint): Cell {
  switch (result) {
    case 'planned':
      return { text: 'planned', paint: paint.yellow };
    case 'applied':
      return { text: 'applied', paint: paint.green };
    case 'unchanged':
      return 'no changes';
    case 'earlier':
      return 'applied before';
    case 'failed':
      return { text: 'failed', paint: paint.red };
    case 'skipped':
      return { text: `skipped: ${because ?? ''} failed`, paint: paint.red };
    case 'stopped':
      return { text: 'not begun: interrupted', paint: paint.red };
  }
}

/** What Terraform said about each stack that failed. */
export function errorsText(reports: readonly StackReport[]): string {
  return reports.flatMap(({ stack, error }) => (error === undefined ? [] : [`${stack}:\n${error}`])).join('\n\n');
}
