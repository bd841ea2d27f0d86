import { type Cell, paintOf, type ReportStyle, table } from '../report';
import type { PodAnswer, RoleAnswer } from '../../rehearsal/askPods';

const USES = { irsa: 'IRSA', 'pod-identity': 'Pod Identity', nothing: 'nothing' } as const;

/** The answers as a table for people, with each denial and its reason below it. */
export function podTable(answers: readonly PodAnswer[], { colour, width }: ReportStyle): string {
  const paint = paintOf(colour);
  const mark = ({ ok }: RoleAnswer) => (ok ? 'ok' : 'denied');
  const painted = (text: string, ok: boolean): Cell => ({ text, paint: ok ? paint.green : paint.red });
  const rows = answers.map(({ workload, environment, cluster, stage, uses, asPromised, source, targets }) => [
    workload,
    environment,
    cluster,
    stage,
    asPromised ? USES[uses] : painted(USES[uses], false),
    painted(mark(source), source.ok),
    painted(
      targets.map(({ target, answer }) => `${target} ${mark(answer)}`).join(', ') || '-',
      targets.every(({ answer }) => answer.ok),
    ),
  ]);
  const head = ['workload', 'environment', 'cluster', 'stage', 'a new pod uses', 'source role', 'target roles'];
  return [table(head, rows, width), ...answers.flatMap(denials).map((line) => paint.red(line))].join('\n');
}

function denials({ workload, environment, cluster, stage, uses, asPromised, source, targets }: PodAnswer): string[] {
  const who = `${workload} on ${environment}/${cluster} at ${stage}`;
  const promised = asPromised ? [] : [`${who}: a new pod uses ${USES[uses]}, which differs from its stage`];
  const denied = [{ target: 'source role', answer: source }, ...targets].flatMap(({ target, answer }) =>
    answer.ok ? [] : [`${who}, ${target}: ${answer.reason}`],
  );
  return [...promised, ...denied];
}
