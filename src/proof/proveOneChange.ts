import type { Draft } from './Draft';
import type { StageParts, Subject } from './Subject';
import { pairsOf } from './subjectOf';

/** What a step may change, and how it is told; the order of changes inside one kind is looked at by rule 2. */
const KINDS: Readonly<Record<string, (parts: StageParts) => unknown>> = {
  'trust policies': ({ role, targetRoles }) => [role.trust, targetRoles.map(({ trust }) => trust)],
  permissions: ({ role, targetRoles }) => [role.inline, targetRoles.map(({ inline }) => inline)],
  associations: ({ associations }) => associations,
  annotations: ({ serviceAccounts }) => serviceAccounts.map(({ annotations }) => annotations),
};

/** Each step changes exactly one kind of thing. */
export function proveOneChange(subject: Subject): Draft[] {
  return pairsOf(subject).flatMap(({ earlier, later }): Draft[] => {
    const changed = Object.entries(KINDS)
      .filter(([, of]) => JSON.stringify(of(earlier)) !== JSON.stringify(of(later)))
      .map(([kind]) => kind);
    return changed.length === 1
      ? []
      : [
          {
            rule: 'proof-one-change',
            step: { from: earlier.stage, to: later.stage },
            who: `workload ${subject.workload.key}`,
            what: changed.length === 0 ? 'changes nothing' : `changes ${changed.join(' and ')} at once`,
            why: 'a step changes one kind of thing',
          },
        ];
  });
}
