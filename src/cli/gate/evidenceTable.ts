import Table from 'cli-table3';
import pico from 'picocolors';
import type { Evidence, Holds } from '../../operations/gate/gate';

/** What needs a person comes first. */
const ORDER: readonly Holds[] = ['no', 'unknown', 'yes'];

/** More rows of one check than this that all hold are told in one. */
const MOST_ROWS = 5;

/** Columns besides `found`, with their borders; the rest of the line is its. */
const NARROWEST = 36;

/**
 * Evidence as a table for people: what does not hold first, then what is not known, then what holds, each in the order of the gate
 * table. Many rows of one check that hold become one. `width` is that of the terminal in characters.
 */
export function evidenceTable(evidence: readonly Evidence[], colour: boolean, width = 140): string {
  const paint = pico.createColors(colour);
  const mark: Readonly<Record<Holds, string>> = {
    no: paint.bold(paint.red('NO')),
    unknown: paint.bold(paint.yellow('unknown')),
    yes: paint.green('yes'),
  };
  const rows = ORDER.flatMap((holds) => {
    const these = evidence.filter((one) => one.holds === holds);
    return holds === 'yes' ? collapsed(these) : these.map(rowOf);
  });
  const columns = ['holds', 'check', 'workload', 'cluster'] as const;
  const widths = columns.map((column) => Math.max(column.length, ...rows.map((row) => row[column].length)) + 2);
  const found = Math.max(NARROWEST, width - widths.reduce((sum, one) => sum + one + 1, 2));
  const table = new Table({
    head: [...columns, 'found'],
    colWidths: [...widths, found],
    wordWrap: true,
    style: { head: [], border: [], compact: true },
  });
  for (const { holds, check, workload, cluster, found: text } of rows)
    table.push([mark[holds], check, workload, cluster, text]);
  return table.toString();
}

interface Row {
  readonly holds: Holds;
  readonly check: string;
  readonly workload: string;
  readonly cluster: string;
  readonly found: string;
}

function rowOf({ holds, check, workload = '-', cluster = '-', found }: Evidence): Row {
  return { holds, check, workload, cluster, found };
}

function collapsed(evidence: readonly Evidence[]): Row[] {
  return [...new Set(evidence.map(({ check }) => check))].flatMap((check) => {
    const these = evidence.filter((one) => one.check === check);
    if (these.length <= MOST_ROWS) return these.map(rowOf);
    const found = `${these.length} times, such as: ${these[0]?.found ?? ''}`;
    return [{ holds: 'yes' as const, check, workload: 'all', cluster: '-', found }];
  });
}
