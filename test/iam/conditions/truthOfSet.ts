import { untrueConditions } from '../../../src/iam/matchConditions';
import type { Request, ValueSet } from '../../../src/iam/Request';
import { requestContext } from '../../../src/iam/requestContext';

function untrue(operator: string, wanted: readonly string[], part: Pick<Request, 'context' | 'sets'>) {
  const context = requestContext({ caller: { kind: 'anonymous' }, action: 'a:B', resource: '*', ...part });
  return untrueConditions({ Effect: 'Allow', Condition: { [operator]: { key: wanted } } }, context, true);
}

/** What a condition is for a set of values: sure, or open. */
export function truthOfSet(operator: string, wanted: readonly string[], set: ValueSet): boolean | 'open' {
  const { failed, open } = untrue(operator, wanted, { sets: { key: set } });
  return open.length > 0 ? 'open' : failed.length === 0;
}

/** What the same condition is for one value. */
export function truthOfOne(operator: string, wanted: readonly string[], value: string): boolean {
  return untrue(operator, wanted, { context: { key: value } }).failed.length === 0;
}
