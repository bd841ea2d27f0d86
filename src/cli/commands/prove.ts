import { type Finding, hasErrors } from '../../inventory/Finding';
import type { Inventory } from '../../inventory/Inventory';
import { formatFindings } from '../../inventory/formatFindings';
import { inventoryFile } from '../../inventory/inventoryFile';
import { loadInventory } from '../../inventory/loadInventory';
import type { Proof } from '../../proof/Proof';
import { proveInventory } from '../../proof/proveInventory';
import { requireWave, selectEnvironments } from '../examine';
import { EXIT } from '../exit';
import { busy, printResult, progressLine } from '../output';
import { type Column, type Paint, paintOf, type ReportStyle, stdoutStyle, table } from '../report';

export interface ProveOptions {
  /** Default: `PODLIFT_ENVIRONMENT`, else all. */
  readonly environment?: string | undefined;
  /** Default: all workloads. */
  readonly wave?: string | undefined;
  readonly format: 'text' | 'json';
}

/**
 * `podlift prove`: prints what was proved, which steps need a gate, and each failure with file, line and column. Gives the exit code: 1 when the
 * inventory has errors or the proof fails. Throws `UsageError` for an unknown wave or environment.
 */
export function prove({ environment, wave, format }: ProveOptions): number {
  const file = inventoryFile();
  const { inventory, findings, locate } = busy(`checking ${file}`, () => loadInventory(file));
  const style = stdoutStyle();
  if (inventory === undefined) {
    printResult('prove', format, { holds: false, findings }, () => {
      const errors = formatFindings(findings, 'text', style.colour);
      return `${errors}\n\nNothing was proved. Fix the errors in ${file} first.`;
    });
    return EXIT.findings;
  }
  const scope = proofScope(inventory, environment, wave);
  const { show, end } = progressLine('prove', process.stderr, Date.now, 'workloads');
  const proof = proveInventory(inventory, { ...scope, onProgress: show });
  end();
  const failures = proof.failures.map((failure) => ({ ...failure, ...locate(failure) }));
  const holds = !hasErrors(failures);
  printResult('prove', format, { holds, ...proof, failures }, () => proofText(file, proof, failures, style));
  return holds ? EXIT.ok : EXIT.findings;
}

/** The part of the inventory that is to be proved; everything when neither an environment nor a wave is named. */
function proofScope(
  inventory: Inventory,
  environment: string | undefined,
  wave: string | undefined,
): { readonly environment?: string; readonly wave?: string } {
  const [only, ...others] = selectEnvironments(inventory, environment);
  requireWave(inventory, wave);
  return {
    ...(only === undefined || others.length > 0 ? {} : { environment: only }),
    ...(wave === undefined ? {} : { wave }),
  };
}

/** A reader needs no more than these; `--format json` has all. */
const MOST_FAILURES = 20;

/** The proof for people: failures first, then the counts, then the steps that need a gate. `failures`: those of the proof, with file and line. */
export function proofText(
  file: string,
  proof: Proof,
  failures: readonly Finding[],
  { colour, width }: ReportStyle,
): string {
  const paint = paintOf(colour);
  const count = failures.length;
  const shown = count === 0 ? [] : [formatFindings(failures.slice(0, MOST_FAILURES), 'text', colour)];
  const more = count > MOST_FAILURES ? [`${number(count - MOST_FAILURES)} more: podlift prove --format json`] : [];
  const summary =
    proof.workloads === 0
      ? paint.yellow(`${file}: no workload matches, so nothing is proved`)
      : count === 0
        ? paint.green(`${file}: the proof passed`)
        : paint.red(`${file}: the proof failed`);
  return [
    ...shown,
    ...more,
    ...(count === 0 ? [] : ['']),
    countsOf(proof, width),
    ...gates(proof),
    ...byPattern(proof, paint),
    ...accepted(proof, paint),
    '',
    summary,
  ].join('\n');
}

function countsOf({ environments }: Proof, width: number | undefined): string {
  const numbers = ['workloads', 'paths', 'states of steps', 'attacks', 'failures'];
  return table(
    ['environment', ...numbers.map((head): Column => ({ head, align: 'right' }))],
    environments.map(({ environment, workloads, paths, mixtures, attacks, failures }) => [
      environment,
      ...[workloads, paths, mixtures, attacks, failures].map(number),
    ]),
    width,
  );
}

function gates({ gated }: Proof): string[] {
  return gated.flatMap(({ step, loses, gate, workloads }) => {
    const concerned = Object.entries(workloads).map(([environment, count]) => `${number(count)} in ${environment}`);
    if (concerned.length === 0) return [];
    return ['', `needs a gate: ${step.from} → ${step.to} (${concerned.join(', ')})`, `    ${loses}`, `    ${gate}`];
  });
}

/** Who gets a role by a pattern of `subjects`; one line for each pattern. */
function byPattern({ accepted }: Proof, paint: Paint): string[] {
  const notes = accepted.filter(({ rule }) => rule === 'proof-pattern');
  if (notes.length === 0) return [];
  const more = notes.length - MOST_FAILURES;
  return [
    '',
    `${paint.yellow('accepted')}: roles for service accounts by pattern; whoever can create one of them gets the role`,
    ...notes.slice(0, MOST_FAILURES).map(({ workload, message }) => `    ${workload} ${message}`),
    ...(more > 0 ? [`    ${number(more)} more: podlift prove --format json`] : []),
  ];
}

/** Principals that the inventory allows explicitly; one line for each role. */
function accepted(proof: Proof, paint: Paint): string[] {
  const known = proof.accepted.filter(({ rule }) => rule !== 'proof-pattern');
  if (known.length === 0) return [];
  const lines = known.slice(0, MOST_FAILURES).map(({ environment, workload, what, who, also = [] }) => {
    const others = also.length === 0 ? '' : ` and ${number(also.length)} more`;
    return `    ${workload} in ${environment}: ${who}${others} ${what}`;
  });
  const more = known.length - lines.length;
  return [
    '',
    `${paint.yellow('accepted')}: trust policies allow more than the workload, with a reason (because) in the inventory`,
    ...lines,
    ...(more > 0 ? [`    ${number(more)} more: podlift prove --format json`] : []),
    '    To allow nobody else, narrow or remove these statements of keepTrust or adoptedTrust. Their callers then lose the role.',
  ];
}

function number(value: number): string {
  return value.toLocaleString('en');
}
