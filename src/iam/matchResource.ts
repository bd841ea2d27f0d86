import { splitArn } from './Arn';
import { arnPatternOf, expandVariables, patternOf } from './expandVariables';
import { ARN_PARTS, compilePattern, endsOpen, matchesEverything, matchPattern } from './matchPattern';
import type { Pattern } from './matchPattern';
import { listOf, type OneOrMany, type Statement } from './PolicyDocument';
import type { RequestContext } from './requestContext';

const ANYTHING = compilePattern('*');

/** The segments where the rest of an ARN can begin after one segment's pattern, which itself can begin at `starts`. */
function startsAfter(pattern: Pattern, starts: readonly number[], segments: readonly string[]): readonly number[] {
  const taken = starts
    .filter((start) => {
      const segment = segments[start];
      return segment !== undefined && matchPattern(pattern, segment);
    })
    .map((start) => start + 1);
  const [first] = taken;
  // A pattern that ends with `*` matches any number of further segments.
  return first === undefined || !endsOpen(pattern) ? taken : segments.map((_, index) => index + 1).slice(first - 1);
}

/**
 * Matches where a `*` at the end of a segment's pattern can match further segments. It follows all possible starts of the rest at
 * once, so the work is bounded for every number of colons.
 */
function matchesBeyondColons(patterns: readonly Pattern[], resource: string): boolean {
  const segments = resource.split(':');
  let starts: readonly number[] = [0];
  for (const pattern of patterns.slice(0, ARN_PARTS - 1)) starts = startsAfter(pattern, starts, segments);
  const last = patterns[ARN_PARTS - 1];
  if (last === undefined) return starts.includes(segments.length);
  return starts.some((start) => start < segments.length && matchPattern(last, segments.slice(start).join(':')));
}

/** Whether the policy is attached to the resource, and whether its version has policy variables. */
interface PolicyKind {
  readonly attached: boolean;
  readonly variables: boolean;
}

const VARIABLES_IN_RESOURCE = { variables: true, afterColons: ARN_PARTS - 1 };
const NO_VARIABLES = { variables: false };

function matches(
  written: string,
  resource: string,
  context: RequestContext,
  { attached, variables }: PolicyKind,
): boolean | 'open' {
  const value = expandVariables(written, context, variables ? VARIABLES_IN_RESOURCE : NO_VARIABLES);
  if (value === undefined) return context.presence === undefined ? false : 'open';
  const whole = patternOf(value);
  if (matchesEverything(whole)) return true;
  const parts = splitArn(resource);
  if (parts === undefined) return matchPattern(whole, resource);
  const pattern = arnPatternOf(value);
  // In identity policies an incomplete ARN is completed: `arn:aws:sqs` is `arn:aws:sqs:*:*:*`.
  const isWhole = !attached || pattern.length === ARN_PARTS;
  if (isWhole && parts.every((part, index) => matchPattern(pattern[index] ?? ANYTHING, part))) return true;
  return pattern.some(endsOpen) && matchesBeyondColons(pattern, resource);
}

function anyMatches(
  patterns: OneOrMany<string>,
  resource: string,
  context: RequestContext,
  kind: PolicyKind,
): boolean | 'open' {
  const answers = listOf(patterns).map((one) => matches(one, resource, context, kind));
  return answers.includes(true) || (answers.includes('open') && 'open');
}

/**
 * Whether a statement applies to a resource: a pattern of `Resource` matches it, or none of `NotResource`.
 *
 * A wildcard matches within one colon-delimited segment of an ARN, but a `*` that ends a segment can match colons. Variables are
 * replaced only after the fifth colon. A pattern with a variable without a value matches nothing, in `NotResource` too; where the request is not completely known it is
 * open. A statement
 * with neither element applies to the resource that its policy is attached to, as in trust policies, else to none.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html and, for incomplete
 * ARNs, https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
 */
export function matchResource(
  { Resource, NotResource }: Statement,
  resource: string,
  context: RequestContext,
  kind: PolicyKind,
): boolean | 'open' {
  if (Resource !== undefined) return anyMatches(Resource, resource, context, kind);
  if (NotResource !== undefined) {
    const isExcluded = anyMatches(NotResource, resource, context, kind);
    return isExcluded === 'open' ? isExcluded : !isExcluded;
  }
  return kind.attached;
}
