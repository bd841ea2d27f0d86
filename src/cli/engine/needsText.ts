import type { PlanProblem } from '../../runners/engine/planFolder';
import { listed } from '../../inventory/suggest';
import { counted } from '../report';
import { printedCommand } from '../started';
import type { PlannedStacks } from './StackReport';

/** What plans need besides an approval, and is not given. Empty where there is nothing. */
export function needsText(
  { losses, others }: Pick<PlannedStacks, 'losses' | 'others'>,
  { allowDestroy = false, withOthers = false }: { readonly allowDestroy?: boolean; readonly withOthers?: boolean },
): string {
  const parts = [
    ...(losses.length === 0 || allowDestroy
      ? []
      : [
          [
            `${counted(losses.length, 'change')} can take credentials from pods, and ${losses.length === 1 ? 'needs' : 'need'} --allow-destroy:`,
            ...losses.map(({ stack, address, action, kind, workload, stage }) => {
              const done = action === 'delete' ? 'destroys' : 'replaces';
              const whose =
                workload === undefined
                  ? 'of no workload of the inventory'
                  : `of workload ${workload}${stage === undefined ? '' : `, which is at ${stage}`}`;
              return `  ${stack}: ${done} the ${kind} ${whose} (${address})`;
            }),
          ].join('\n'),
        ]),
    ...(others.length === 0 || withOthers
      ? []
      : [
          [
            `${counted(others.length, 'pending change')} in these stacks ${others.length === 1 ? 'is' : 'are'} not of the wave, and ${others.length === 1 ? 'needs' : 'need'} --with-others:`,
            ...others.map(({ stack, address, action, workload, cluster }) => {
              const whose =
                workload !== undefined
                  ? `workload ${workload}`
                  : cluster !== undefined
                    ? `cluster ${cluster}`
                    : 'nothing in the inventory';
              return `  ${stack}: ${action} ${address} (${whose})`;
            }),
          ].join('\n'),
        ]),
  ];
  return parts.join('\n');
}

/** Why saved plans are not applied, a line each. */
export function problemsText(problems: readonly PlanProblem[], folder: string): string {
  const lines = problems.map((problem) => {
    switch (problem.kind) {
      case 'no-manifest':
        return problem.message;
      case 'inventory':
        return `The inventory is not the one of the plans: ${listed(problem.files)} ${problem.files.length === 1 ? 'differs' : 'differ'}.`;
      case 'manifest':
        return `${problem.file} was changed after podlift plan wrote it.`;
      case 'root':
        return `The root of ${problem.stack} is not the one of the plans: another version of podlift made them, or other variables (PODLIFT_ENVIRONMENT, PODLIFT_STATE_DIRECTORY).`;
      case 'file':
        return `${problem.file} is missing, or not the one of the manifest.`;
    }
  });
  return [
    ...lines,
    `Nothing was applied. Plan again:\n  ${printedCommand(['npx', 'podlift', 'plan', '--out', folder])}`,
  ].join('\n');
}
