import Table from 'cli-table3';
import pico from 'picocolors';
import type { Outcome } from '../pods/askRoles';
import type { PodAnswer } from './PodAnswer';

const USES: Readonly<Record<string, string>> = { irsa: 'IRSA', 'pod-identity': 'Pod Identity', nothing: 'nothing' };

/** The answers as a table for people, with the denials below it, each with its path and its reason. */
export function podTable(answers: readonly PodAnswer[], colour: boolean): string {
  const paint = pico.createColors(colour);
  const mark = (outcome: Outcome) => (outcome.ok ? paint.green('ok') : paint.red('denied'));
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
      asPromised ? (USES[uses] ?? uses) : paint.red(USES[uses] ?? uses),
      mark(source),
      targets.map(({ target, outcome }) => `${target} ${mark(outcome)}`).join(', ') || '-',
    ]);
  return [table.toString(), ...answers.flatMap(denials).map((line) => paint.red(line))].join('\n');
}

function denials({ workload, environment, cluster, stage, uses, asPromised, source, targets }: PodAnswer): string[] {
  const who = `${workload} on ${environment}/${cluster} at ${stage}`;
  const promised = asPromised ? [] : [`${who}: a new pod uses ${USES[uses] ?? uses}, which its stage does not promise`];
  const denied = [{ target: 'source role', outcome: source }, ...targets].flatMap(({ target, outcome }) =>
    outcome.ok ? [] : [`${who}, ${target}: ${outcome.why}`],
  );
  return [...promised, ...denied];
}
