import pico from 'picocolors';
import type { Diagnosis } from '../../operations/doctor/diagnose';
import type { DoctorFinding, State } from '../../operations/doctor/DoctorFinding';
import { summaryOf } from './summaryOf';

/** How a line begins that can be pasted into a shell. */
const COMMAND = /^(kubectl|npx|podlift|aws) /;

type Paint = ReturnType<typeof pico.createColors>;

/**
 * Diagnoses for people: a line for each healthy workload, and for the others what was found in the order of causes, why it matters, the command that
 * shows it and what mends it. What an earlier finding explains is only named; what many workloads share is told once. The summary is
 * the last line, where a tired eye looks.
 */
export function doctorText(diagnoses: readonly Diagnosis[], colour: boolean): string {
  const paint = pico.createColors(colour);
  const told = new Map<string, string>();
  return [...diagnoses.map((diagnosis) => patientText(diagnosis, told, paint)), '', summaryText(diagnoses, paint)].join(
    '\n',
  );
}

function patientText(diagnosis: Diagnosis, told: Map<string, string>, paint: Paint): string {
  const { findings } = diagnosis;
  const name = nameOf(diagnosis);
  const notes = findings.filter(({ state }) => state !== 'ok');
  const access = findings.filter(({ check, state }) => check === 'access' && state === 'ok');
  const worst = worstOf(notes);
  const head = `${mark(worst, paint)} ${paint.bold(name)}: ${diagnosis.stage}, a new pod uses ${diagnosis.newPodUses === 'irsa' ? 'IRSA' : 'Pod Identity'}`;
  if (notes.length === 0)
    return [
      `${head}, ${findings.length === 1 ? 'its one check is' : `all ${findings.length} checks are`} well`,
      ...access.map((one) => allowedText(one, paint)),
    ].join('\n');
  const causes = notes.filter(isTold);
  const later = notes.filter((finding) => !isTold(finding));
  return [
    head,
    ...causes.map((finding) => findingText(finding, name, told, paint)),
    ...later.map(({ check, follows, found }) => paint.dim(`  after ${follows ?? ''}: ${check}: ${firstLine(found)}`)),
    ...access.map((one) => allowedText(one, paint)),
  ].join('\n');
}

/** What an earlier finding explains is only named, but never the answer to what was asked for. */
function isTold({ check, follows }: DoctorFinding): boolean {
  return follows === undefined || check === 'access';
}

function findingText(finding: DoctorFinding, name: string, told: Map<string, string>, paint: Paint): string {
  const { check, state, found, of, shows, mends = '', explains, cluster } = finding;
  const key = JSON.stringify([finding.environment, cluster, check, found, mends]);
  const before = told.get(key);
  if (before !== undefined) return `  ${word(state, paint)} ${check}: ${firstLine(found)}, as for ${before}`;
  told.set(key, name);
  return [
    `  ${word(state, paint)} ${check}: ${indented(found, '    ')}`,
    `    ${paint.dim('why')}   ${explains}`,
    `    ${paint.dim('look')}  ${shows.startsWith(of) ? '' : `${paint.dim(of)}\n          `}${paint.cyan(shows)}`,
    `    ${paint.dim('mend')}  ${mendText(mends, paint)}`,
  ].join('\n');
}

function mendText(mends: string, paint: Paint): string {
  return indented(
    mends
      .split('\n')
      .map((line) => (COMMAND.test(line) ? paint.cyan(line) : line))
      .join('\n'),
    '          ',
  );
}

function allowedText({ found }: DoctorFinding, paint: Paint): string {
  return `  ${paint.green('allowed')} ${indented(found, '    ')}`;
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
  const states = new Set(findings.map(({ state }) => state));
  return (['problem', 'unknown', 'warning'] as const).find((state) => states.has(state)) ?? 'ok';
}

function mark(state: State, paint: Paint): string {
  return { ok: paint.green('✓'), warning: paint.green('✓'), unknown: paint.yellow('?'), problem: paint.red('✗') }[
    state
  ];
}

function word(state: State, paint: Paint): string {
  if (state === 'problem') return paint.bold(paint.red('PROBLEM'));
  return state === 'unknown' ? paint.bold(paint.yellow('unknown')) : paint.yellow(state);
}

function firstLine(text: string): string {
  return (text.split('\n')[0] ?? '').replace(/:$/, '');
}

function indented(text: string, by: string): string {
  return text.split('\n').join(`\n${by}`);
}
