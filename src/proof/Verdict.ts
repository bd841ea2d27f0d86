import type { AssumeRoleDecision } from '../iam/decideAssumeRole';
import type { Decision, FailedCondition, StatementRef } from '../iam/Decision';
import { explain } from '../iam/explain';

/** Whether one leg of a credential path is open, and what said so. */
export interface Verdict {
  readonly holds: boolean;
  /** IAM's part; absent where EKS alone says no. */
  readonly decision?: Decision;
  /** What one must know to understand the decision. */
  readonly note?: string;
  /** Why EKS says no. */
  readonly refusal?: string;
}

/** The verdict of an attempt: of its two decisions the one that denied, else the one on the role itself. */
export function verdictOf({ allowed, assume, tagSession }: AssumeRoleDecision): Verdict {
  return { holds: allowed, decision: !assume.allowed || tagSession === undefined || allowed ? assume : tagSession };
}

/** The reason in one line. */
export function reasonOf({ decision, note, refusal }: Verdict): string {
  if (refusal !== undefined) return refusal;
  if (decision === undefined) return '';
  const words = explain(decision)
    .replace(/([:.])\n\s*/g, '$1 ')
    .replace(/\n\s*/g, '; ');
  return note === undefined ? words : `${note}: ${words}`;
}

/** The statement that decided, and the conditions that kept others back, for those who read failures as data. */
export function evidenceOf({ decision }: Verdict): {
  readonly decidedBy?: StatementRef;
  readonly failedConditions?: readonly FailedCondition[];
} {
  if (decision === undefined) return {};
  const failed = decision.allowed ? [] : decision.statements.flatMap(({ failedConditions }) => failedConditions);
  return {
    ...(decision.decidedBy === undefined ? {} : { decidedBy: decision.decidedBy }),
    ...(failed.length === 0 ? {} : { failedConditions: failed }),
  };
}
