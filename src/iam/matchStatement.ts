import type { FailedCondition, NamedPolicy, OpenCondition, StatementAnswer } from './Decision';
import { listOf, type OneOrMany, type Statement } from './PolicyDocument';
import type { Request } from './Request';
import { boundedCache } from './boundedCache';
import { untrueConditions } from './matchConditions';
import { compilePattern, matchPattern } from './matchPattern';
import { type CallerNames, matchPrincipal, type NamedAs } from './matchPrincipal';
import { matchResource } from './matchResource';
import type { RequestContext } from './requestContext';

/** A request with its action in lower case, the names of its caller, and its context. */
export interface PreparedRequest {
  readonly request: Request;
  readonly action: string;
  readonly names: CallerNames;
  readonly context: RequestContext;
}

/** The position and the kind of a statement. */
interface StatementOrigin {
  /** The name of its policy. */
  readonly policy: string;
  /** Its index there, counted from 0. */
  readonly index: number;
  /** Whether the policy is attached to the resource: then its statements must name the caller. */
  readonly attached: boolean;
  /** Whether the document's version has policy variables. */
  readonly variables: boolean;
}

/** The answer of a statement, and how it names the caller if its policy is attached to the resource and it may apply. */
export interface StatementMatch {
  readonly answer: StatementAnswer;
  readonly namedAs?: NamedAs | undefined;
}

const NONE: readonly FailedCondition[] = [];

function answerOf(
  statement: Statement,
  { policy, index }: StatementOrigin,
  mismatch: StatementAnswer['mismatch'],
  failed: readonly FailedCondition[],
  open: readonly OpenCondition[] = [],
): StatementAnswer {
  return {
    policy,
    index,
    ...(statement.Sid === undefined ? undefined : { sid: statement.Sid }),
    statement,
    applies: mismatch === undefined && open.length === 0,
    ...(mismatch === undefined ? undefined : { mismatch }),
    failedConditions: failed,
    ...(open.length === 0 ? undefined : { openConditions: open }),
  };
}

/** A resource whose variables have no known value, in the form of a condition. */
function openResourceOf({ Resource, NotResource }: Statement): readonly OpenCondition[] {
  return Resource === undefined
    ? [{ operator: 'NotResource', key: 'resource', wanted: listOf(NotResource ?? []) }]
    : [{ operator: 'Resource', key: 'resource', wanted: listOf(Resource) }];
}

/**
 * Matches a request with a statement, in the order principal, action, resource, conditions. The first mismatch ends the match; of the
 * conditions, all that fail are returned.
 */
function matchStatement(
  statement: Statement,
  { request, action, names, context }: PreparedRequest,
  origin: StatementOrigin,
): StatementMatch {
  const namedAs = origin.attached ? matchPrincipal(statement, names) : undefined;
  if (origin.attached && namedAs === undefined) return { answer: answerOf(statement, origin, 'principal', NONE) };
  if (!matchAction(statement, action)) return { answer: answerOf(statement, origin, 'action', NONE) };
  const onResource = matchResource(statement, request.resource, context, origin);
  if (onResource === false) return { answer: answerOf(statement, origin, 'resource', NONE) };
  const { failed, open } = untrueConditions(statement, context, origin.variables);
  if (failed.length > 0) return { answer: answerOf(statement, origin, 'condition', failed) };
  const openResource = onResource === 'open' ? openResourceOf(statement) : [];
  const answer = answerOf(statement, origin, undefined, NONE, [...openResource, ...open]);
  return { answer, namedAs };
}

/**
 * Matches a request with each statement of a policy.
 * @param attached whether the policy is attached to the resource
 * @returns one match for each statement, in the order of the policy
 */
export function matchPolicy(
  { name, document }: NamedPolicy,
  prepared: PreparedRequest,
  attached: boolean,
): readonly StatementMatch[] {
  const variables = document.Version === '2012-10-17';
  return listOf(document.Statement).map((statement, index) =>
    matchStatement(statement, prepared, { policy: name, index, attached, variables }),
  );
}

const compileAction = boundedCache(1024, (action) => compilePattern(action.toLowerCase()));

function anyMatches(patterns: OneOrMany<string>, action: string): boolean {
  if (typeof patterns === 'string') return matchPattern(compileAction(patterns), action);
  return patterns.some((pattern) => matchPattern(compileAction(pattern), action));
}

/**
 * Whether a statement applies to an action: `Action` matches it, or `NotAction` does not; not case sensitive. A statement with neither
 * element applies to none.
 * @param action `service:Operation` in lower case
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
 */
export function matchAction({ Action, NotAction }: Statement, action: string): boolean {
  if (Action !== undefined) return anyMatches(Action, action);
  return NotAction !== undefined && !anyMatches(NotAction, action);
}
