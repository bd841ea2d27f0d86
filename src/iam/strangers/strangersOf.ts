import { type AssumeRoleDecision, decideAssumeRole } from '../decideAssumeRole';
import type { Decision, NamedPolicy } from '../Decision';
import { listOf, type Statement } from '../PolicyDocument';
import type { CallerClass, OwnCallers } from './CallerClass';
import { callerClasses } from './callerClasses';

/** Strangers that a trust policy admits, or does not surely deny. */
export interface AdmittedStranger extends CallerClass {
  /** The decision for each statement that admits them, made by this statement and all that deny. */
  readonly through: readonly Decision[];
}

/**
 * Who else can assume a role than the callers that it is for. Every caller of a kind is evaluated at once, with what it can choose, or what podlift cannot
 * know of it left open: a kind is left out only if the trust policy denies all its callers whatever else their requests have.
 * @param authored the statements that people wrote: whom they name exactly is meant. Default: all
 * @returns the kinds that are not denied, and how many were evaluated
 */
export function strangersOf(
  roleArn: string,
  trust: NamedPolicy,
  own: OwnCallers,
  authored?: readonly Statement[],
): { readonly admitted: readonly AdmittedStranger[]; readonly evaluated: number } {
  const statements = listOf(trust.document.Statement);
  const classes = callerClasses(statements, own, authored);
  const admitted = classes.flatMap(({ stranger, attempt }) => {
    const decide = (policy: NamedPolicy) => decideAssumeRole({ ...attempt, roleArn, trust: policy });
    if (decide(trust).result === 'denied') return [];
    return [{ stranger, attempt, through: statements.flatMap((one) => through(one, trust, attempt, roleArn)) }];
  });
  return { admitted, evaluated: classes.length };
}

/** Takes the place of a statement, so that the others keep theirs. */
export const ALLOWS_NOTHING: Statement = { Effect: 'Allow', Action: [] };

/** The decision by one statement and all that deny, if it admits the callers. `sts:TagSession` can be allowed by another one. */
function through(
  statement: Statement,
  trust: NamedPolicy,
  attempt: CallerClass['attempt'],
  roleArn: string,
): readonly Decision[] {
  const alone = listOf(trust.document.Statement).map((one) =>
    one === statement || one.Effect === 'Deny' ? one : ALLOWS_NOTHING,
  );
  const document = { ...trust.document, Statement: alone };
  const policy = { ...trust, document };
  const decision: AssumeRoleDecision = decideAssumeRole({
    ...attempt,
    requiresTagSession: false,
    roleArn,
    trust: policy,
  });
  return decision.result === 'denied' ? [] : [decision.assume];
}
