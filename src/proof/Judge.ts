import { type AssumeRoleAttempt, decideAssumeRole } from '../iam/decideAssumeRole';
import { type Verdict, verdictOf } from './Verdict';

/** Decides attempts and remembers what it decided. */
export interface Judge {
  /** The verdict of `attempt`, once for each list of `facts`: a text, or an object that is known by its identity. */
  readonly verdict: (facts: readonly (string | object | undefined)[], attempt: () => AssumeRoleAttempt) => Verdict;
  /** The verdict of an attempt that is made only once: counted, not remembered. */
  readonly once: (attempt: AssumeRoleAttempt) => Verdict;
  /** How many attempts were evaluated so far. */
  readonly decisions: () => number;
}

/** A judge with an empty memory: one for each workload, so that the memory does not grow with the inventory. */
export function judge(): Judge {
  const ids = new Map<object, number>();
  const known = new Map<string, Verdict>();
  let decisions = 0;
  const decide = (attempt: AssumeRoleAttempt): Verdict => {
    decisions += 1;
    return verdictOf(decideAssumeRole(attempt));
  };
  const idOf = (fact: string | object | undefined): string => {
    if (fact === undefined) return '';
    if (typeof fact === 'string') return fact;
    const id = ids.get(fact) ?? ids.size;
    ids.set(fact, id);
    return `#${id}`;
  };
  return {
    verdict: (facts, attempt) => {
      const key = facts.map(idOf).join(' ');
      const hit = known.get(key);
      if (hit !== undefined) return hit;
      const verdict = decide(attempt());
      known.set(key, verdict);
      return verdict;
    },
    once: decide,
    decisions: () => decisions,
  };
}
