import type { PlannedStacks } from './StackReport';

/** The stacks as the documents of `plan` and `apply` have them. */
export function reportDocument({
  reports,
  losses,
  others,
}: Pick<PlannedStacks, 'reports' | 'losses' | 'others'>): object {
  return {
    stacks: reports.map(({ stack, dependencies, result, counts, changes, diff, seconds, error, because }) => ({
      ...{ stack, dependencies, result },
      ...counts,
      ...{ seconds, changes },
      ...(diff !== undefined && { diff }),
      ...(error !== undefined && { error }),
      ...(because !== undefined && { because }),
    })),
    losses,
    others,
  };
}
