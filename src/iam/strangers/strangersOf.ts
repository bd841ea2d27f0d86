import { type AssumeRoleDecision, decideAssumeRole, isDenied } from '../decideAssumeRole';
import type { NamedPolicy } from '../Decision';
import { listOf, type Statement } from '../PolicyDocument';
import { type CallerClass, callerClasses, type OwnCallers, type Stranger } from './callerClasses';

/** Strangers that a trust policy admits, or does not surely deny. */
export interface AdmittedStranger {
  readonly stranger: Stranger;
  readonly decision: AssumeRoleDecision;
  /** The statements each of which admits them, together with all that deny. */
  readonly through: readonly Statement[];
}

/**
 * Who else can assume a role than the callers that it is for. Every caller of a kind is evaluated at once, with what it can choose or what nobody can
 * know of it left open: a kind is left out only if the trust policy denies all its callers whatever else their requests have.
 * @returns one entry for each kind that is not denied
 */
export function strangersOf(roleArn: string, trust: NamedPolicy, own: OwnCallers): readonly AdmittedStranger[] {
  const statements = listOf(trust.document.Statement);
  return callerClasses(statements, own).flatMap(({ stranger, attempt }) => {
    const decision = decideAssumeRole({ ...attempt, roleArn, trust });
    if (isDenied(decision)) return [];
    return [{ stranger, decision, through: admitting(roleArn, trust, statements, attempt) }];
  });
}

/** The statements that admit, each with all that deny. `sts:TagSession` can be allowed by another one. */
function admitting(
  roleArn: string,
  trust: NamedPolicy,
  statements: readonly Statement[],
  attempt: CallerClass['attempt'],
): readonly Statement[] {
  const denies = statements.filter(({ Effect }) => Effect === 'Deny');
  return statements.filter((statement) => {
    if (statement.Effect === 'Deny') return false;
    const document = { ...trust.document, Statement: [statement, ...denies] };
    return !isDenied(
      decideAssumeRole({ ...attempt, requiresTagSession: false, roleArn, trust: { ...trust, document } }),
    );
  });
}
