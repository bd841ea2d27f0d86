import { splitArn } from './Arn';
import { arnPatternOf, expandVariables, patternOf } from './expandVariables';
import { ARN_PARTS, compilePattern, endsOpen, matchesEverything, matchPattern } from './matchPattern';
import type { Pattern } from './matchPattern';
import type { OneOrMany, Statement } from './PolicyDocument';
import type { RequestContext } from './RequestContext';

const ANYTHING = compilePattern('*');

/** Where the rest of an ARN may begin after a segment's pattern took its part of it, given where that may begin. */
function placesAfter(pattern: Pattern, places: readonly number[], segments: readonly string[]): readonly number[] {
  const taken = places.filter((place) => matchPattern(pattern, segments[place] ?? '')).map((place) => place + 1);
  const [first] = taken;
  // An open end swallows any number of further segments.
  return first === undefined || !endsOpen(pattern) ? taken : segments.map((_, index) => index + 1).slice(first - 1);
}

/**
 * Lets a `*` at the end of a pattern's segment swallow further segments of the ARN. All places at which the rest may begin
 * are followed at once, so the work stays bounded however many colons the ARN has.
 */
function fitsBeyondColons(patterns: readonly Pattern[], resource: string): boolean {
  const segments = resource.split(':');
  let places: readonly number[] = [0];
  for (const pattern of patterns.slice(0, ARN_PARTS - 1))
    places = placesAfter(
      pattern,
      places.filter((place) => place < segments.length),
      segments,
    );
  const last = patterns[ARN_PARTS - 1];
  if (last === undefined) return places.includes(segments.length);
  return places.some((place) => place < segments.length && matchPattern(last, segments.slice(place).join(':')));
}

/** Where a pattern stands: in the resource's own policy or another, and whether that has policy variables. */
interface Place {
  readonly attached: boolean;
  readonly variables: boolean;
}

const VARIABLES_IN_RESOURCE = { variables: true, afterColons: ARN_PARTS - 1 };
const NO_VARIABLES = { variables: false };

function fits(written: string, resource: string, context: RequestContext, { attached, variables }: Place): boolean {
  const value = expandVariables(written, context, variables ? VARIABLES_IN_RESOURCE : NO_VARIABLES);
  if (value === undefined) return false;
  const whole = patternOf(value);
  if (whole.exact === resource || matchesEverything(whole)) return true;
  const parts = splitArn(resource);
  if (parts === undefined) return matchPattern(whole, resource);
  const pattern = arnPatternOf(value);
  // In identity policies an incomplete ARN is completed: `arn:aws:sqs` is `arn:aws:sqs:*:*:*`.
  const isWhole = !attached || pattern.length === ARN_PARTS;
  if (isWhole && parts.every((part, index) => matchPattern(pattern[index] ?? ANYTHING, part))) return true;
  return pattern.slice(0, ARN_PARTS - 1).some(endsOpen) && fitsBeyondColons(pattern, resource);
}

function anyFits(patterns: OneOrMany<string>, resource: string, context: RequestContext, place: Place): boolean {
  if (typeof patterns === 'string') return fits(patterns, resource, context, place);
  return patterns.some((one) => fits(one, resource, context, place));
}

/**
 * Whether a statement speaks of a resource: `Resource` has a pattern that fits it, or `NotResource` has none.
 *
 * Wildcards stay within the colon-delimited segments of an ARN, but a `*` that ends a segment may reach over colons.
 * Variables are replaced after the fifth colon only.
 * A pattern whose variable has no value fits nothing, in `NotResource` too.
 * A statement with neither element speaks of the resource that its policy is attached to, as trust policies do; in
 * any other policy it speaks of none.
 * @param place whether the policy is the resource's own, and whether the document's version has policy variables
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html and, for incomplete
 * ARNs, https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
 */
export function matchResource(
  { Resource, NotResource }: Statement,
  resource: string,
  context: RequestContext,
  place: Place,
): boolean {
  if (Resource !== undefined) return anyFits(Resource, resource, context, place);
  if (NotResource !== undefined) return !anyFits(NotResource, resource, context, place);
  return place.attached;
}
