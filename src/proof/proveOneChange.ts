import type { Sighting } from './failures';
import { type StagedWorkload, type StageParts, stagePairsOf } from './stagedWorkload';

/** The kinds of things that a step can change. Rule 2 evaluates the order of changes within one kind. */
const KINDS: Readonly<Record<string, (parts: StageParts) => unknown>> = {
  'trust policies': ({ role, targetRoles }) => [role.trust, targetRoles.map(({ trust }) => trust)],
  permissions: ({ role, targetRoles }) => [role.inline, targetRoles.map(({ inline }) => inline)],
  associations: ({ associations }) => associations,
  annotations: ({ serviceAccounts }) => serviceAccounts.map(({ annotations }) => annotations),
};

/** Each step changes exactly one kind of thing. */
export function proveOneChange(staged: StagedWorkload): Sighting[] {
  return stagePairsOf(staged).flatMap(({ earlier, later }): Sighting[] => {
    const changed = Object.entries(KINDS)
      .filter(([, of]) => JSON.stringify(of(earlier)) !== JSON.stringify(of(later)))
      .map(([kind]) => kind);
    // Accounts by pattern have associations when `podlift expand` has found them.
    const hasNone = staged.workload.patterns !== undefined && staged.workload.subjects.length === 0;
    if (changed.length === 1 || (changed.length === 0 && hasNone)) return [];
    return [
      {
        rule: 'proof-one-change',
        step: { from: earlier.stage, to: later.stage },
        who: `workload ${staged.workload.key}`,
        what: changed.length === 0 ? 'changes nothing' : `changes ${changed.join(' and ')} at once`,
        reason: { note: 'a step changes one kind of thing' },
      },
    ];
  });
}
