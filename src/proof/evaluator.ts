import { type AssumeRoleAttempt, type AssumeRoleDecision, decideAssumeRole } from '../iam/decideAssumeRole';
import type { DecidingCondition, Decision, FailedCondition, OrganisationPolicies, StatementRef } from '../iam/Decision';
import { explain } from '../iam/explain';

/** Why something is so. */
export interface Explanation {
  /** The decision of IAM; absent if IAM decided nothing. */
  readonly decision?: Decision;
  /** What explains the decision. Without a decision it is the whole explanation: EKS denies before IAM evaluates. */
  readonly note?: string;
}

/** Whether one part of a credential path is open, and why. */
export interface PathResult extends Explanation {
  /** False only if every request of the kind is denied. */
  readonly isOpen: boolean;
}

/** Whether it depends on what is not known of the request. */
export function isConditional({ decision }: Explanation): boolean {
  return decision?.dependsOn !== undefined;
}

/** The decision that denied, else one that depends on the request, else the one on `sts:AssumeRole`. */
function pathResultOf({ result, assume, tagSession = assume }: AssumeRoleDecision): PathResult {
  const both = [assume, tagSession];
  const denied = both.find((decision) => !decision.allowed && decision.dependsOn === undefined);
  const decision = denied ?? both.find(({ allowed }) => !allowed) ?? assume;
  return { isOpen: result !== 'denied', decision };
}

/** The reason in one line. */
export function reasonOf({ decision, note = '' }: Explanation): string {
  if (decision === undefined) return note;
  const words = explain(decision)
    .replace(/([:.])\n */g, '$1 ')
    .replace(/\n */g, '; ');
  return note === '' ? words : `${note}: ${words}`;
}

/** The statement that decided, and the conditions that failed, for readers of failures as data. */
export function evidenceOf({ decision }: Explanation): {
  readonly decidedBy?: StatementRef;
  readonly dependsOn?: readonly DecidingCondition[];
  readonly failedConditions?: readonly FailedCondition[];
} {
  if (decision === undefined) return {};
  const failed =
    decision.allowed || decision.dependsOn !== undefined
      ? []
      : decision.statements.flatMap(({ failedConditions }) => failedConditions);
  return {
    ...(decision.decidedBy === undefined ? {} : { decidedBy: decision.decidedBy }),
    ...(decision.dependsOn === undefined ? {} : { dependsOn: decision.dependsOn }),
    ...(failed.length === 0 ? {} : { failedConditions: failed }),
  };
}

/** Evaluates attempts, and remembers results. */
export interface Evaluator {
  /** The result of an attempt, evaluated once for each list of `facts`: texts, or objects that are compared by identity. */
  readonly evaluate: (facts: readonly (string | object | undefined)[], attempt: () => AssumeRoleAttempt) => PathResult;
  /** The result of an attempt that occurs only once: counted, not remembered. */
  readonly evaluateOnce: (attempt: AssumeRoleAttempt) => PathResult;
  /** Decides an attempt; not counted, not remembered. */
  readonly decide: (attempt: AssumeRoleAttempt) => AssumeRoleDecision;
  /** Counts evaluations that were made elsewhere. */
  readonly count: (evaluations: number) => void;
  /** How many attempts were evaluated. */
  readonly decisions: () => number;
}

/**
 * An evaluator without results. Each workload gets its own, so that the memory does not grow with the inventory.
 *
 * @param organisation the policies of the organisation that all accounts have. Default: none
 */
export function newEvaluator(organisation?: OrganisationPolicies): Evaluator {
  const ids = new Map<string | object | undefined, number>();
  const known = new Map<string, PathResult>();
  let decisions = 0;
  const decide = (attempt: AssumeRoleAttempt): AssumeRoleDecision =>
    decideAssumeRole(organisation === undefined ? attempt : { ...attempt, organisation });
  const evaluateOnce = (attempt: AssumeRoleAttempt): PathResult => {
    decisions += 1;
    return pathResultOf(decide(attempt));
  };
  const idOf = (fact: string | object | undefined): number => {
    const id = ids.get(fact) ?? ids.size;
    ids.set(fact, id);
    return id;
  };
  return {
    evaluate: (facts, attempt) => {
      const key = facts.map(idOf).join(' ');
      const result = known.get(key) ?? evaluateOnce(attempt());
      known.set(key, result);
      return result;
    },
    evaluateOnce,
    decide,
    count: (evaluations) => {
      decisions += evaluations;
    },
    decisions: () => decisions,
  };
}
