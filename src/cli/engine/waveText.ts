import { STAGE_TABLE } from '../../blueprint/stageTable';
import { listed } from '../../inventory/suggest';
import type { Evidence } from '../../operations/gate/gate';
import type { WrongPod } from '../../operations/restart/restartPlan';
import { whatNext } from '../advance/stepText';
import { evidenceTable, remedies } from '../gate/gateReport';
import { counted, type Paint, paintOf, remedyBlock, type ReportStyle } from '../report';
import { credentialsAt, type WaveRun, type WaveStop } from './applyWave';
import type { RestartProblem } from './restartOne';

/** The steps and the restarts of a run for people. Empty where it had none. */
export function waveText({ steps, restarts, stage }: WaveRun, { colour }: ReportStyle): string {
  const paint = paintOf(colour);
  const restarted = restarts.flatMap((one) => one.restarted);
  const byHand = restarts.at(-1)?.byHand ?? [];
  return [
    ...steps.map(({ from, to = '', change }) => `${from} → ${to}: ${change?.file ?? ''} is written.`),
    ...(steps.length > 1
      ? [
          `\`check --base\` accepts one stage in a change: merge these ${steps.length} steps as ${steps.length} changes, in this order, each with the evidence of its step.`,
        ]
      : []),
    ...(restarted.length === 0
      ? []
      : [
          `Restarted, and each new pod has the credentials of its stage (${credentialsAt(stage)} at ${stage}):`,
          ...restarted.map(
            ({ namespace, name, cluster, pods }) => `  ${namespace}/${name} on ${cluster} (${counted(pods, 'pod')})`,
          ),
        ]),
    ...(restarts.length > 0 && restarted.length === 0 ? ['No pod was restarted.'] : []),
    ...byHand.flatMap(({ workload, cluster, serviceAccount, steps: todo }) => [
      paint.yellow(`podlift does not restart these pods of ${workload} on ${cluster} (${serviceAccount}):`),
      remedyBlock(todo, paint, '  '),
    ]),
  ].join('\n');
}

/** Why a run stopped, and what to do before it is continued. Empty for an apply: it says so itself. */
export function stopText(stopped: WaveStop, run: WaveRun, style: ReportStyle): string {
  const paint = paintOf(style.colour);
  switch (stopped.kind) {
    case 'apply':
      return '';
    case 'interrupted':
      return 'podlift apply: interrupted. What was begun is complete.';
    case 'restarts':
      return restartsText(run, paint);
    case 'gate':
      return gateText(stopped.step.gate?.evidence ?? [], stopped, run, style);
    case 'write': {
      const { problem, findings = [] } = stopped.step;
      const first = findings[0];
      return [
        `The stage was not written: ${problem?.message ?? first?.message ?? 'the gate was not judged'}.`,
        problem?.hint ?? first?.hint ?? '',
      ].join('\n');
    }
    case 'others':
      return [
        `${run.wave} in ${run.environment} is at ${run.stage} in the inventory, and its stacks are applied. podlift does not change what others own. Do this now:`,
        ...whatNext({ ...stopped.next, apply: [] }, stopped.step.direction, paint),
      ].join('\n');
  }
}

function gateText(
  evidence: readonly Evidence[],
  { because, step }: Extract<WaveStop, { readonly kind: 'gate' }>,
  { wave, environment }: WaveRun,
  style: ReportStyle,
): string {
  const title = `${wave} in ${environment}: the gate of ${step.from} → ${step.to ?? ''} does not pass`;
  const why = because === 'people' ? 'Waiting does not change this' : 'podlift waited as long as --wait says';
  return [`${title}. ${why}:`, evidenceTable(evidence, style), remedies(evidence, style.colour)].join('\n');
}

function restartsText({ restarts, wave, environment, stage }: WaveRun, paint: Paint): string {
  const report = restarts.at(-1);
  if (report?.problem === undefined) return 'A person has to restart the pods above.';
  const left = report.left.map(({ namespace, name, cluster }) => `${namespace}/${name} on ${cluster}`);
  const rest = left.length === 0 ? [] : [`Not restarted: ${listed(left, 12)}.`];
  // New pods that do not start, or start without credentials: the way out is one command.
  const { kind } = report.problem;
  const fails = kind === 'kubectl' || kind === 'credentials' || kind === 'not-replaced';
  const back = ['npx', 'podlift', 'apply', '--wave', wave, '--environment', environment, '--rollback-to', 'prepared'];
  const way =
    fails && STAGE_TABLE[stage].newPodUses === 'pod-identity'
      ? [remedyBlock([{ say: 'To give the pods IRSA again instead:' }, { run: back }], paint, '')]
      : [];
  return [...problemLines(report.problem, paint), ...rest, ...way].join('\n');
}

function problemLines(problem: RestartProblem, paint: Paint): readonly string[] {
  switch (problem.kind) {
    case 'cluster':
      return [`Nothing was restarted: ${problem.found}`, remedyBlock(problem.remedy, paint, '  ')];
    case 'blocked':
      return [
        'Nothing was restarted:',
        ...problem.blocked.map((one) => {
          const who = `${one.workload} on ${one.cluster} (${one.serviceAccount})`;
          switch (one.why) {
            case 'no-answer':
              return `  ${who}: ${one.message}`;
            case 'no-association':
              return `  ${who}: AWS has no association for it, so new pods would not get Pod Identity. Apply the stage that creates the association first.`;
            case 'association':
              return `  ${who}: AWS has an association for it still, so new pods would get Pod Identity. Let the apply, or the owner of the association, remove it first.`;
          }
        }),
      ];
    case 'kubectl':
      return [
        `The restart of ${problem.target} on ${problem.cluster} failed:`,
        `  ${problem.message.split('\n').join('\n  ')}`,
        remedyBlock(problem.remedy, paint, '  '),
      ];
    case 'held-back':
      return [
        `podlift does not restart ${problem.target} on ${problem.cluster}:`,
        remedyBlock(problem.remedy, paint, '  '),
      ];
    case 'credentials':
      return [
        `New pods of ${problem.target} on ${problem.cluster} do not have ${NAMES[problem.expected]}:`,
        ...problem.pods.map(({ pod, received }) => `  ${pod}: ${NAMES[received]}`),
        ADVICE[problem.pods[0]?.received ?? 'nothing'],
      ];
    case 'not-replaced':
      return [`${problem.target} on ${problem.cluster} was deleted, and no new pod was ready within ten minutes.`];
    case 'no-answer':
      return [`The pods on ${problem.cluster} could not be listed: ${problem.message}`];
    case 'interrupted':
      return ['podlift apply: interrupted. The rollouts that were begun go on.'];
  }
}

const NAMES: Readonly<Record<WrongPod['received'], string>> = {
  irsa: 'web identity (IRSA)',
  'pod-identity': 'Pod Identity',
  nothing: 'no credentials',
  both: 'the variables of both; SDKs use web identity first',
};

const ADVICE: Readonly<Record<WrongPod['received'], string>> = {
  irsa: 'EKS did not see the association when it admitted the pod, or the pod template sets the variables itself. Find out which one before you continue.',
  'pod-identity':
    'EKS did not see that the association is gone when it admitted the pod. Wait a minute before you continue.',
  nothing:
    'The pods use the role of their node. EKS did not see the change when it admitted the pod, or the webhook does not run. Find out which one before you continue.',
  both: 'Remove AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE from the pod template, and roll it out, before you continue.',
};
