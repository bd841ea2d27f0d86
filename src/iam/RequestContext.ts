import { lowerCase } from './boundedCache';
import { principalContext } from './principalContext';
import type { Context, Request } from './Request';

/** The condition keys of one request, in lower case, each with the values that it carries (at least one). */
export type RequestContext = ReadonlyMap<string, readonly string[]>;

function addTo(context: Map<string, readonly string[]>, part: Context): void {
  for (const key in part) {
    const values = part[key] ?? [];
    const list = typeof values === 'string' ? [values] : values;
    if (list.length > 0) context.set(lowerCase(key), list);
    else context.delete(lowerCase(key));
  }
}

/**
 * Everything that conditions and policy variables can ask of a request: what the caller implies, overridden by what the
 * request gives itself. A key with an empty list counts as absent, also where the caller would imply a value.
 */
export function requestContext(request: Request): RequestContext {
  const context = new Map<string, readonly string[]>();
  addTo(context, principalContext(request));
  if (request.context !== undefined) addTo(context, request.context);
  return context;
}
