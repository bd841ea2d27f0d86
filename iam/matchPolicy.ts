import type { NamedPolicy, StatementAnswer } from './Decision';
import { matchAction } from './matchAction';
import { failedConditions } from './matchConditions';
import { matchPrincipal } from './matchPrincipal';
import type { NamedAs } from './matchPrincipal';
import { matchResource } from './matchResource';
import type { OneOrMany, Statement } from './PolicyDocument';
import type { Request } from './Request';
import type { RequestContext } from './RequestContext';

/** How a statement took a request, and how it names the caller if it is a resource's own. */
export interface StatementMatch {
  readonly answer: StatementAnswer;
  readonly namedAs?: NamedAs;
}

/** A request with its action in lower case and its context gathered. */
export interface PreparedRequest {
  readonly request: Request;
  readonly action: string;
  readonly context: RequestContext;
}

function statementsOf(statements: OneOrMany<Statement>): readonly Statement[] {
  return Array.isArray(statements) ? (statements as readonly Statement[]) : [statements as Statement];
}

/**
 * Puts a request to each statement of a policy. The parts are asked in the order principal, action, resource, conditions;
 * the first that does not fit ends it, but of the conditions all that fail are given.
 * @param attached whether the policy is the resource's own: then it must name the caller
 */
export function matchPolicy(
  policy: NamedPolicy,
  { request, action, context }: PreparedRequest,
  attached: boolean,
): readonly StatementMatch[] {
  const variables = policy.document.Version === '2012-10-17';
  return statementsOf(policy.document.Statement).map((statement, index) => {
    const ref = {
      policy: policy.name,
      index,
      statement,
      ...(statement.Sid === undefined ? {} : { sid: statement.Sid }),
    };
    const no = (mismatch: 'principal' | 'action' | 'resource'): StatementMatch => ({
      answer: { ...ref, applies: false, mismatch, failedConditions: [] },
    });
    const namedAs = attached ? matchPrincipal(statement, request.caller) : undefined;
    if (attached && namedAs === undefined) return no('principal');
    if (!matchAction(statement, action)) return no('action');
    if (!matchResource(statement, request.resource, context, { attached, variables })) return no('resource');
    const failed = failedConditions(statement, context, variables);
    if (failed.length > 0)
      return { answer: { ...ref, applies: false, mismatch: 'condition', failedConditions: failed } };
    const answer = { ...ref, applies: true, failedConditions: failed };
    return namedAs === undefined ? { answer } : { answer, namedAs };
  });
}
