import type { FailedCondition, StatementAnswer } from './Decision';
import { matchAction } from './matchAction';
import { failedConditions } from './matchConditions';
import { matchPrincipal } from './matchPrincipal';
import type { CallerNames, NamedAs } from './matchPrincipal';
import { matchResource } from './matchResource';
import type { Statement } from './PolicyDocument';
import type { Request } from './Request';
import type { RequestContext } from './RequestContext';

/** A request with its action in lower case, the caller's names and the context gathered. */
export interface PreparedRequest {
  readonly request: Request;
  readonly action: string;
  readonly names: CallerNames;
  readonly context: RequestContext;
}

/** Where a statement stands. */
export interface Place {
  /** The name of its policy. */
  readonly policy: string;
  /** Its index there, counted from 0. */
  readonly index: number;
  /** Whether the policy is the resource's own: then its statements must name the caller. */
  readonly attached: boolean;
  /** Whether the document's version has policy variables. */
  readonly variables: boolean;
}

/** How a statement took a request, and how it names the caller if it is of the resource's own policy. */
export interface StatementMatch {
  readonly answer: StatementAnswer;
  readonly namedAs?: NamedAs;
}

const NONE: readonly FailedCondition[] = [];

function answerOf(
  statement: Statement,
  { policy, index }: Place,
  mismatch: StatementAnswer['mismatch'],
  failed: readonly FailedCondition[],
): StatementAnswer {
  return {
    policy,
    index,
    ...(statement.Sid === undefined ? undefined : { sid: statement.Sid }),
    statement,
    applies: mismatch === undefined,
    ...(mismatch === undefined ? undefined : { mismatch }),
    failedConditions: failed,
  };
}

/**
 * Puts a request to a statement. The parts are asked in the order principal, action, resource, conditions; the first that
 * does not fit ends it, but of the conditions all that fail are given.
 */
export function matchStatement(
  statement: Statement,
  { request, action, names, context }: PreparedRequest,
  place: Place,
): StatementMatch {
  const namedAs = place.attached ? matchPrincipal(statement, names) : undefined;
  if (place.attached && namedAs === undefined) return { answer: answerOf(statement, place, 'principal', NONE) };
  if (!matchAction(statement, action)) return { answer: answerOf(statement, place, 'action', NONE) };
  if (!matchResource(statement, request.resource, context, place))
    return { answer: answerOf(statement, place, 'resource', NONE) };
  const failed = failedConditions(statement, context, place.variables);
  if (failed.length > 0) return { answer: answerOf(statement, place, 'condition', failed) };
  const answer = answerOf(statement, place, undefined, NONE);
  return namedAs === undefined ? { answer } : { answer, namedAs };
}
