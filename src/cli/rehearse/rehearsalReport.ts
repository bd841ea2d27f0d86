import { type Cell, type Column, paintOf, type ReportStyle, table } from '../report';
import { type RehearsalResult, StepFailed, succeeded } from '../../rehearsal/rehearseEnvironment';
import { GateFailed, passed, type RehearsedStep } from '../../rehearsal/rehearseStep';
import { gateReport } from '../gate/gateReport';

/** A rehearsal for people: the table, what stopped it, and the summary as the last line. */
export function rehearsalReport(result: RehearsalResult, style: ReportStyle): string {
  const { steps, failure } = result;
  const taken = steps.filter(({ move }) => move !== undefined).length;
  if (taken === 0 && failure === undefined)
    return 'Nothing was rehearsed: there is no step to take. Put the workloads that move into a wave, or name another stage with --to.';
  return [
    ...(steps.length === 0 ? [] : [rehearsalTable(steps, style), '']),
    ...(failure === undefined || failure instanceof StepFailed ? [] : [failureText(failure, style), '']),
    succeeded(result)
      ? summary(steps, taken)
      : `The rehearsal stopped after ${taken} steps. Fix the error above before you take these steps in AWS.`,
  ].join('\n');
}

function failureText(failure: unknown, style: ReportStyle): string {
  if (failure instanceof GateFailed) return gateReport(failure.result, style);
  return failure instanceof Error ? failure.message : String(failure);
}

function summary(steps: readonly RehearsedStep[], taken: number): string {
  const asked = steps.reduce((sum, step) => sum + step.asked, 0);
  const restarted = steps.some(({ denied }) => denied.length > 0)
    ? ', except pods that wait for a restart or for the association after an apply'
    : '';
  return `${taken} steps; pods requested credentials ${asked} times. Every pod got the roles of its stage${restarted}.`;
}

/** The steps of a rehearsal as a table for people, with each unexpected denial below it. */
function rehearsalTable(steps: readonly RehearsedStep[], { colour, width }: ReportStyle): string {
  const paint = paintOf(colour);
  const right = (head: string): Column => ({ head, align: 'right' });
  const numbers = ['add', 'change', 'destroy', 'calls to AWS', 'requests of pods'].map(right);
  const rows = steps.map((step): readonly Cell[] => {
    const { environment, move, changes, calls, asked, denied } = step;
    const expected = denied.filter((one) => one.expected).length;
    const unexpected = denied.length - expected;
    return [
      environment,
      move?.wave ?? '-',
      move === undefined ? 'before the first step' : `${move.from} → ${move.to}`,
      ...[changes.add, changes.change, changes.destroy, calls, asked].map(String),
      {
        text: [
          ...(unexpected > 0 ? [`${unexpected} DENIED`] : []),
          ...(expected > 0 ? [`${expected} until ${move?.to === 'dual' ? 'effective' : 'restarted'}`] : []),
          ...(denied.length === 0 ? [passed(step) ? '-' : 'a role destroyed'] : []),
        ].join(', '),
        paint: passed(step) && unexpected === 0 ? (text) => text : paint.red,
      },
    ];
  });
  return [
    table(['environment', 'wave', 'step', ...numbers, 'denials'], rows, width),
    ...steps.flatMap((step) => errorsOf(step).map((line) => paint.red(line))),
  ].join('\n');
}

/** The errors of a step: each pod, when it asked, at which step, and the statement that decided. */
function errorsOf({ environment, move, denied, rolesLost }: RehearsedStep): string[] {
  const at =
    move === undefined ? `before the first step in ${environment}` : `at ${move.from} → ${move.to} of ${move.wave}`;
  return [
    ...rolesLost.map((address) => `${at}: the plan destroys the role ${address}`),
    ...firstOfEach(denied.filter(({ expected }) => !expected)).map(
      ({ of, pod, uses, at: time, role, reason }) =>
        `${time} ${at}: pod ${of.namespace}/${pod} on ${environment}/${of.cluster} (${USES[uses]}), ${role}: ${reason}`,
    ),
  ];
}

const USES = { irsa: 'IRSA', 'pod-identity': 'Pod Identity', nothing: 'no credentials' } as const;

/** A pod asks again and again: its first denial of each role is enough. */
function firstOfEach(denied: RehearsedStep['denied']): RehearsedStep['denied'] {
  return [...new Map([...denied].reverse().map((one) => [`${one.pod} ${one.role}`, one])).values()].reverse();
}
