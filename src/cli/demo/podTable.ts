import Table from 'cli-table3';
import pico from 'picocolors';
import type { PodAnswer, RoleAnswer } from '../../rehearsal/askPods';

const USES = { irsa: 'IRSA', 'pod-identity': 'Pod Identity', nothing: 'nothing' } as const;

/** The answers as a table for people, with each denial and its reason below it. */
export function podTable(answers: readonly PodAnswer[], colour: boolean): string {
  const paint = pico.createColors(colour);
  const mark = (answer: RoleAnswer) => (answer.ok ? paint.green('ok') : paint.red('denied'));
  const table = new Table({
    head: ['workload', 'environment', 'cluster', 'stage', 'a new pod uses', 'source role', 'target roles'],
    style: { head: [], border: [], compact: true },
  });
  for (const { workload, environment, cluster, stage, uses, asPromised, source, targets } of answers)
    table.push([
      workload,
      environment,
      cluster,
      stage,
      asPromised ? USES[uses] : paint.red(USES[uses]),
      mark(source),
      targets.map(({ target, answer }) => `${target} ${mark(answer)}`).join(', ') || '-',
    ]);
  return [table.toString(), ...answers.flatMap(denials).map((line) => paint.red(line))].join('\n');
}

function denials({ workload, environment, cluster, stage, uses, asPromised, source, targets }: PodAnswer): string[] {
  const who = `${workload} on ${environment}/${cluster} at ${stage}`;
  const promised = asPromised ? [] : [`${who}: a new pod uses ${USES[uses]}, which is not what its stage promises`];
  const denied = [{ target: 'source role', answer: source }, ...targets].flatMap(({ target, answer }) =>
    answer.ok ? [] : [`${who}, ${target}: ${answer.reason}`],
  );
  return [...promised, ...denied];
}
