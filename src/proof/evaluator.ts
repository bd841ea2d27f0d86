import { type AssumeRoleAttempt, type AssumeRoleDecision, decideAssumeRole } from '../iam/decideAssumeRole';
import type { DecidingCondition, Decision, FailedCondition, StatementRef } from '../iam/Decision';
import { explain } from '../iam/explain';

/** Whether one part of a credential path is open, and why. */
export interface PathResult {
  /** False only if every request of the kind is denied. */
  readonly isOpen: boolean;
  /** Whether it is open depends on what is not known of the request. */
  readonly depends?: true;
  /** The decision of IAM; absent if EKS denies before IAM evaluates. */
  readonly decision?: Decision;
  /** What explains the decision. */
  readonly note?: string;
  /** Why EKS denies. */
  readonly deniedByEks?: string;
}

/** The decision that denied or depends, else the one on `sts:AssumeRole`. */
function pathResultOf({ result, assume, tagSession }: AssumeRoleDecision): PathResult {
  const decision = assume.allowed && tagSession?.allowed === false ? tagSession : assume;
  return { isOpen: result !== 'denied', ...(result === 'depends' ? { depends: true } : {}), decision };
}

/** The reason in one line. */
export function reasonOf({ decision, note, deniedByEks }: PathResult): string {
  if (deniedByEks !== undefined) return deniedByEks;
  if (decision === undefined) return '';
  const words = explain(decision)
    .replace(/([:.])\n\s*/g, '$1 ')
    .replace(/\n\s*/g, '; ');
  return note === undefined ? words : `${note}: ${words}`;
}

/** The statement that decided, and the conditions that failed, for readers of failures as data. */
export function evidenceOf({ decision, depends }: PathResult): {
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
    ...(depends && decision.dependsOn !== undefined ? { dependsOn: decision.dependsOn } : {}),
    ...(failed.length === 0 ? {} : { failedConditions: failed }),
  };
}

/** Evaluates attempts, and remembers results. */
export interface Evaluator {
  /** The result of an attempt, evaluated once for each list of `facts`: texts, or objects that are compared by identity. */
  readonly evaluate: (facts: readonly (string | object | undefined)[], attempt: () => AssumeRoleAttempt) => PathResult;
  /** The result of an attempt that occurs only once: counted, not remembered. */
  readonly evaluateOnce: (attempt: AssumeRoleAttempt) => PathResult;
  /** Counts evaluations that were made elsewhere. */
  readonly count: (evaluations: number) => void;
  /** How many attempts were evaluated. */
  readonly decisions: () => number;
}

/** An evaluator without results. Each workload gets its own, so that the memory does not grow with the inventory. */
export function newEvaluator(): Evaluator {
  const ids = new Map<object, number>();
  const known = new Map<string, PathResult>();
  let decisions = 0;
  const evaluateOnce = (attempt: AssumeRoleAttempt): PathResult => {
    decisions += 1;
    return pathResultOf(decideAssumeRole(attempt));
  };
  const idOf = (fact: string | object | undefined): string => {
    if (fact === undefined) return '';
    if (typeof fact === 'string') return fact;
    const id = ids.get(fact) ?? ids.size;
    ids.set(fact, id);
    return `#${id}`;
  };
  return {
    evaluate: (facts, attempt) => {
      const key = facts.map(idOf).join(' ');
      const result = known.get(key) ?? evaluateOnce(attempt());
      known.set(key, result);
      return result;
    },
    evaluateOnce,
    count: (evaluations) => {
      decisions += evaluations;
    },
    decisions: () => decisions,
  };
}
