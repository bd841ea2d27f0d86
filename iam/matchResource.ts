import { splitArn } from './Arn';
import { expandVariables, patternOf } from './expandVariables';
import { matchesEverything, matchPattern, splitPattern } from './matchPattern';
import type { OneOrMany, Statement } from './PolicyDocument';
import type { RequestContext } from './RequestContext';

const COLONS_BEFORE_RESOURCE = 5;

function fits(written: string, resource: string, context: RequestContext, variables: boolean): boolean {
  const expanded = expandVariables(written, context, { variables, afterColons: COLONS_BEFORE_RESOURCE });
  if (expanded === undefined) return false;
  const pattern = patternOf(expanded);
  if (matchesEverything(pattern)) return true;
  const parts = splitArn(resource);
  if (parts === undefined) return matchPattern(pattern, resource);
  const patterns = splitPattern(pattern, parts.length);
  return patterns?.every((one, index) => matchPattern(one, parts[index] ?? '')) ?? false;
}

/**
 * Whether a statement speaks of a resource: `Resource` has a pattern that fits it, or `NotResource` has none.
 *
 * Wildcards stay within the colon-delimited segments of an ARN, and variables are replaced after the fifth colon only.
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
