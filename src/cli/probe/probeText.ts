import type { Remedy } from '../../estate/Remedy';
import type { Workload } from '../../inventory/Inventory';
import { WAIT_UNTIL_EFFECTIVE } from '../../operations/associationEffect';
import { MODE_TEXT } from '../../operations/checks/pods';
import type { ProbeProblem, ProbeResult } from '../../operations/probe/probe';
import { PROBE_SECONDS } from '../../operations/probe/probeJob';
import { named, remedyOf, run } from '../../operations/remedies';
import { type Cell, paintOf, remedyBlock, type ReportStyle, table } from '../report';

/** The results of a probe for people: a row for each call of each service account on each cluster, then what to do. */
export function probeText(
  workload: Workload,
  environment: string,
  results: readonly ProbeResult[],
  { colour, width }: ReportStyle,
): string {
  const paint = paintOf(colour);
  const mark = (ok: boolean): Cell =>
    ok ? { text: 'pass', paint: paint.green } : { text: 'FAIL', paint: (text) => paint.bold(paint.red(text)) };
  const several = workload.subjects.length > 1;
  const place = ({ cluster, serviceAccount }: ProbeResult) => (several ? [cluster, serviceAccount] : [cluster]);
  const rows = results.flatMap((result): readonly (readonly Cell[])[] => [
    ...result.calls.map(({ call, ok, found }) => [mark(ok), ...place(result), call, found]),
    ...(result.mode === result.expected || result.calls.length === 0
      ? []
      : [[mark(false), ...place(result), 'credentials', modeText(result)]]),
    ...result.problems.map((problem) => [
      mark(false),
      ...place(result),
      '-',
      problemText(problem, result.serviceAccount),
    ]),
  ]);
  const failed = results.filter(({ ok }) => !ok);
  const [first] = failed;
  const ways = [...new Set(results.map(({ expected }) => MODE_TEXT[expected]))];
  return [
    paint.bold(`${workload.key} in ${environment}`),
    table(['result', 'cluster', ...(several ? ['service account'] : []), 'call', 'found'], rows, width),
    '',
    ...(first === undefined
      ? [
          `${paint.green('The role works')} through ${named(ways)} on ${where(results)}. CloudTrail shows the use within 15 minutes.`,
        ]
      : [
          `${paint.red('The probe fails')} ${several ? `for ${named(failed.map(({ serviceAccount, cluster }) => `${serviceAccount} on ${cluster}`))}` : `on ${where(failed)}`}.`,
          remedyBlock(remedyFor(first, workload, environment), paint, ''),
        ]),
  ].join('\n');
}

function where(results: readonly ProbeResult[]): string {
  return named(new Set(results.map(({ cluster }) => cluster)));
}

function modeText({ mode, expected }: ProbeResult): string {
  const received = mode === undefined ? 'no credentials, and uses the role of its node' : MODE_TEXT[mode];
  return `the pod received ${received}; at this stage new pods use ${MODE_TEXT[expected]}`;
}

/** What a problem of a probe is, in a sentence. */
export function problemText(problem: ProbeProblem, serviceAccount: string): string {
  const [namespace = ''] = serviceAccount.split('/');
  switch (problem.kind) {
    case 'publishes-not-ready':
      return `Service ${named(problem.services)} selects the pods of ${serviceAccount} with publishNotReadyAddresses: true, and would send requests to the pod of the probe. No Job was created`;
    case 'windows':
      return 'the workload runs on Windows, and the AWS CLI of a Linux image cannot run there. No Job was created';
    case 'no-answer':
      return `${WHAT[problem.of]}: ${problem.message}`;
    case 'no-pod':
      return `the Job has no pod in namespace ${namespace}${problem.events.length === 0 ? '' : `: ${named(problem.events, 3)}`}`;
    case 'did-not-end':
      return `the pod did not end within ${PROBE_SECONDS} seconds${problem.waits === undefined ? '' : `: ${problem.waits}`}`;
    case 'interrupted':
      return 'interrupted';
    case 'not-removed':
      return `the Job could not be deleted, and deletes itself: ${problem.message}`;
  }
}

const WHAT: Readonly<Record<Extract<ProbeProblem, { kind: 'no-answer' }>['of'], string>> = {
  templates: 'the workloads of the namespace could not be listed, and no Job was created',
  services: 'the Services of the namespace could not be listed, and no Job was created',
  create: 'the Job could not be created',
  pod: 'the pod of the Job could not be read',
  log: 'the log of the pod could not be read',
};

function remedyFor({ problems, mode, expected }: ProbeResult, workload: Workload, environment: string): Remedy {
  const doctor = run`npx podlift doctor ${workload.key} --environment ${environment}`;
  const [problem] = problems;
  switch (problem?.kind) {
    case undefined:
      return mode === expected
        ? remedyOf('The doctor shows which policy denies it:', doctor)
        : remedyOf(
            `If the association was changed just now, ${WAIT_UNTIL_EFFECTIVE}, then run the command again. Otherwise the doctor shows the cause:`,
            doctor,
          );
    case 'publishes-not-ready':
      return remedyOf('Run the workload itself once instead, or waive the check role-used with --accept.');
    case 'no-answer':
      return remedyOf('docs/permissions.md has the ClusterRole podlift-probe with the permissions that a probe needs.');
    case 'did-not-end':
    case 'no-pod':
      return remedyOf(
        'The image needs the AWS CLI as "aws" on its PATH, and the cluster must be able to pull it. Correct this, then run the command again.',
      );
    default:
      return remedyOf('Run the command again.');
  }
}
