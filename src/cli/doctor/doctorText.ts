import pico from 'picocolors';
import type { Diagnosis } from '../../operations/doctor/diagnose';
import type { DoctorFinding, State } from '../../operations/doctor/DoctorFinding';
import { named } from '../../operations/checks/named';
import { allowedText, findingText, firstLine, type Paint, word } from './findingText';
import { causeOf, causeText, type SharedCause, sharedCauses } from './sharedCauses';
import { summaryOf } from './summaryOf';

/** What needs a person comes first. */
const ORDER: readonly State[] = ['problem', 'unknown', 'warning', 'ok'];

/** How much of a listing is told of warnings: `one line` for what each is, or `whole` with why, look and mend. */
export type Warnings = 'one line' | 'whole';

interface Telling {
  readonly warnings: Warnings;
  readonly shared: ReadonlyMap<string, SharedCause>;
  /** Whom a finding was told of first. */
  readonly told: Map<string, string>;
  readonly paint: Paint;
}

/**
 * Diagnoses for people: first the workloads with problems, then what could not be found out, then the healthy ones, a line each, and
 * their warnings. A problem has what was found, why it matters, the command that shows it and what mends it. What an earlier finding
 * explains is only named; what many share is told once. The summary is the last line, where a tired eye looks.
 */
export function doctorText(diagnoses: readonly Diagnosis[], colour: boolean, warnings: Warnings = 'one line'): string {
  const paint = pico.createColors(colour);
  const telling: Telling = { warnings, shared: sharedCauses(diagnoses), told: new Map(), paint };
  const of = (wanted: readonly State[]) =>
    diagnoses.filter(({ findings }) => wanted.includes(worstOf(findings))).map((one) => patientText(one, telling));
  return [
    ...of(['problem']),
    ...[...telling.shared.values()].map((cause) => causeText(cause, paint)),
    ...of(['unknown']),
    ...of(['warning', 'ok']),
    ...(warnings === 'one line' ? warningLines(diagnoses, paint) : []),
    '',
    summaryText(diagnoses, paint),
  ].join('\n');
}

function patientText(diagnosis: Diagnosis, telling: Telling): string {
  const { findings } = diagnosis;
  const { shared, paint } = telling;
  const inOrder = ORDER.flatMap((wanted) => findings.filter(({ state }) => state === wanted));
  const notes = inOrder.filter(({ state }) => state !== 'ok');
  const isShared = (finding: DoctorFinding) => shared.has(causeOf(finding) ?? '');
  const own = notes.filter((finding) => !isShared(finding));
  return [
    headText(diagnosis, paint),
    ...own.filter((one) => isTold(one, telling)).map((one) => toldText(one, nameOf(diagnosis), telling)),
    ...unansweredText(notes.filter(isShared), telling),
    ...afterText(
      own.filter((one) => isExplained(one)),
      paint,
    ),
    ...findings
      .filter(({ check, state }) => check === 'access' && state === 'ok')
      .map((one) => allowedText(one, paint)),
  ].join('\n');
}

function headText(diagnosis: Diagnosis, paint: Paint): string {
  const { findings, stage, newPodUses } = diagnosis;
  const worst = worstOf(findings);
  const warned = findings.filter(({ state }) => state === 'warning').length;
  const well = findings.length === 1 ? ', its one check is well' : `, all ${findings.length} checks are well`;
  const tail = { ok: well, warning: ` (${counted(warned, 'warning')})`, unknown: '', problem: '' }[worst];
  return `${mark(worst, paint)} ${paint.bold(nameOf(diagnosis))}: ${stage}, a new pod uses ${newPodUses === 'irsa' ? 'IRSA' : 'Pod Identity'}${tail}`;
}

/** What an earlier finding explains is only named, but never the answer to what was asked for. */
function isExplained({ check, follows }: DoctorFinding): boolean {
  return follows !== undefined && check !== 'access';
}

function isTold(finding: DoctorFinding, { warnings }: Telling): boolean {
  return !isExplained(finding) && (finding.state !== 'warning' || warnings === 'whole');
}

function toldText(finding: DoctorFinding, name: string, { told, paint }: Telling): string {
  const { environment, cluster, check, state, found, mends } = finding;
  const key = JSON.stringify([environment, cluster, check, found, mends]);
  const before = told.get(key);
  if (before !== undefined) return `  ${word(state, paint)} ${check}: ${firstLine(found)}, as for ${before}`;
  told.set(key, name);
  return findingText(finding, paint);
}

/** The checks without an answer, a line for each cause, which is told by itself. */
function unansweredText(findings: readonly DoctorFinding[], { shared, paint }: Telling): string[] {
  return [...grouped(findings, (one) => causeOf(one) ?? '')].map(
    ([cause, these]) =>
      `  ${word('unknown', paint)} ${checksOf(these)}: no answer from ${shared.get(cause)?.of ?? ''}, as said of its questions`,
  );
}

function afterText(findings: readonly DoctorFinding[], paint: Paint): string[] {
  return [...grouped(findings, ({ follows, found }) => JSON.stringify([follows, firstLine(found)])).values()].map(
    (these) => paint.dim(`  after ${these[0]?.follows ?? ''}: ${checksOf(these)}: ${firstLine(these[0]?.found ?? '')}`),
  );
}

/** Each warning in a line, with the workloads that have it. */
function warningLines(diagnoses: readonly Diagnosis[], paint: Paint): string[] {
  const all = diagnoses.flatMap((diagnosis) =>
    diagnosis.findings
      .filter((one) => one.state === 'warning' && !isExplained(one))
      .map((finding) => ({ ...finding, name: nameOf(diagnosis) })),
  );
  if (all.length === 0) return [];
  const lines = [...grouped(all, ({ check, found }) => JSON.stringify([check, found])).values()].map((these) => {
    const [first] = these;
    const names = [...new Set(these.map(({ name }) => name))];
    return `  ${word('warning', paint)} ${first?.check ?? ''}: ${firstLine(first?.found ?? '')}: ${named(names, 3)}`;
  });
  return ['', 'Warnings, in full with npx podlift doctor <workload>:', ...lines];
}

function summaryText(diagnoses: readonly Diagnosis[], paint: Paint): string {
  const { healthy, problems, unknown, warnings } = summaryOf(diagnoses);
  const of = `${diagnoses.length} ${diagnoses.length === 1 ? 'workload on its cluster' : 'workloads on their clusters'}`;
  const parts = [
    paint.green(`${healthy} healthy`),
    ...(warnings > 0 ? [`${warnings} of them with warnings`] : []),
    ...(problems > 0 ? [paint.red(`${problems} with problems`)] : []),
    ...(unknown > 0 ? [paint.yellow(`${unknown} not fully known`)] : []),
  ];
  return `${of}: ${parts.join(', ')}.`;
}

/** `orders-api on prod/main`. */
function nameOf({ workload, environment, cluster }: Diagnosis): string {
  return `${workload} on ${environment}/${cluster}`;
}

function worstOf(findings: readonly DoctorFinding[]): State {
  return ORDER.find((wanted) => findings.some(({ state }) => state === wanted)) ?? 'ok';
}

function mark(state: State, paint: Paint): string {
  return { ok: paint.green('✓'), warning: paint.green('✓'), unknown: paint.yellow('?'), problem: paint.red('✗') }[
    state
  ];
}

function checksOf(findings: readonly DoctorFinding[]): string {
  return [...new Set(findings.map(({ check }) => check))].join(', ');
}

function grouped<T>(all: readonly T[], by: (one: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) groups.set(by(one), [...(groups.get(by(one)) ?? []), one]);
  return groups;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
