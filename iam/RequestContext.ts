import type { OneOrMany } from './PolicyDocument';
import type { Request } from './Request';
import { principalContext } from './principalContext';

/** The condition keys of one request, in lower case, each with the values that it carries (at least one). */
export type RequestContext = ReadonlyMap<string, readonly string[]>;

function listOf(values: OneOrMany<string>): readonly string[] {
  return typeof values === 'string' ? [values] : values;
}

/**
 * Everything that conditions and policy variables can ask of a request: what the caller implies, overridden by what the
 * request gives itself. A key with an empty list counts as absent, also where the caller would imply a value.
 */
export function requestContext(request: Request): RequestContext {
  const context = new Map<string, readonly string[]>();
  for (const part of [principalContext(request), request.context ?? {}]) {
    for (const [key, values] of Object.entries(part)) {
      const list = listOf(values);
      if (list.length > 0) context.set(key.toLowerCase(), list);
      else context.delete(key.toLowerCase());
    }
  }
  return context;
}
