import { splitArn } from './Arn';
import { expandVariables, patternOf } from './expandVariables';
import { compilePattern, endsOpen, matchesEverything, matchPattern, splitPattern } from './matchPattern';
import type { Pattern } from './matchPattern';
import type { OneOrMany, Statement } from './PolicyDocument';
import type { RequestContext } from './RequestContext';

const ARN_PARTS = 6;
const ANYTHING = compilePattern('*');

/**
 * Lets a `*` at the end of a pattern's segment swallow further segments of the ARN, and tries the rest on what remains.
 * What failed once is not tried again, so the work stays polynomial however many colons the ARN has.
 */
function fitsBeyondColons(patterns: readonly Pattern[], resource: string): boolean {
  const segments = resource.split(':');
  const failed = new Set<number>();
  const fitsFrom = (part: number, segment: number): boolean => {
    const pattern = patterns[part];
    const text = segments[segment];
    if (pattern === undefined || text === undefined) return false;
    if (part === ARN_PARTS - 1) return matchPattern(pattern, segments.slice(segment).join(':'));
    const state = segment * ARN_PARTS + part;
    if (failed.has(state)) return false;
    if (matchPattern(pattern, text)) {
      const furthest = endsOpen(pattern) ? segments.length - 1 : segment + 1;
      for (let next = segment + 1; next <= furthest; next += 1) if (fitsFrom(part + 1, next)) return true;
    }
    failed.add(state);
    return false;
  };
  return fitsFrom(0, 0);
}

/** Source of both rules on colons: reference_policies_elements_resource.html and reference_identifiers.html. */
function fitsArn(pattern: Pattern, resource: string): boolean {
  const parts = splitArn(resource);
  if (parts === undefined) return matchPattern(pattern, resource);
  const written = splitPattern(pattern, ARN_PARTS);
  // An incomplete ARN is completed: `arn:aws:sqs` is `arn:aws:sqs:*:*:*`.
  const patterns = [...written, ...Array.from({ length: ARN_PARTS - written.length }, () => ANYTHING)];
  if (patterns.every((one, index) => matchPattern(one, parts[index] ?? ''))) return true;
  return patterns.slice(0, -1).some(endsOpen) && fitsBeyondColons(patterns, resource);
}

function fits(written: string, resource: string, context: RequestContext, variables: boolean): boolean {
  const expanded = expandVariables(written, context, { variables, afterColons: ARN_PARTS - 1 });
  if (expanded === undefined) return false;
  const pattern = patternOf(expanded);
  return matchesEverything(pattern) || pattern.exact === resource || fitsArn(pattern, resource);
}

/**
 * Whether a statement speaks of a resource: `Resource` has a pattern that fits it, or `NotResource` has none.
 *
 * Wildcards stay within the colon-delimited segments of an ARN, but a `*` that ends a segment may reach over colons.
 * Variables are replaced after the fifth colon only.
 * A pattern whose variable has no value fits nothing, in `NotResource` too.
 * A statement with neither element speaks of the resource that its policy is attached to, as trust policies do; in
 * any other policy it speaks of none.
 * @param attached whether the policy is the resource's own
 * @param variables whether the document's version has policy variables
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
export function matchResource(
  { Resource, NotResource }: Statement,
  resource: string,
  context: RequestContext,
  { attached, variables }: { readonly attached: boolean; readonly variables: boolean },
): boolean {
  const anyFits = (patterns: OneOrMany<string>): boolean =>
    (typeof patterns === 'string' ? [patterns] : patterns).some((one) => fits(one, resource, context, variables));
  if (Resource !== undefined) return anyFits(Resource);
  if (NotResource !== undefined) return !anyFits(NotResource);
  return attached;
}
