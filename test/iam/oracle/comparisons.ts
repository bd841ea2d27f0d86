import type { NamedPolicy } from '../../../src/iam/Decision';
import { principalContext } from '../../../src/iam/requestContext';
import type { Statement } from '../../../src/iam/PolicyDocument';
import type { Case } from './Case';

interface Comparison {
  readonly operator: string;
  readonly key: string;
  readonly wanted: readonly string[];
  readonly found?: string | readonly string[];
}

export function policiesOf({ policies }: Case): readonly NamedPolicy[] {
  const { identity = [], boundary, resource } = policies;
  return [...identity, ...(boundary ? [boundary] : []), ...(resource ? [resource] : [])];
}

export function statementsOf(policy: NamedPolicy): readonly Statement[] {
  return policy.document.Statement as readonly Statement[];
}

function readComparisons(one: Case): readonly Comparison[] {
  const context = Object.entries({ ...principalContext(one.request), ...one.request.context });
  return policiesOf(one)
    .flatMap(statementsOf)
    .flatMap(({ Condition = {} }) => Object.entries(Condition))
    .flatMap(([operator, keys]) =>
      Object.entries(keys).map(([key, values]) => {
        const found = context.find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1];
        return { operator, key, wanted: [values].flat().map(String), ...(found === undefined ? {} : { found }) };
      }),
    );
}

const comparisons = new WeakMap<Case, readonly Comparison[]>();

export function comparisonsOf(one: Case): readonly Comparison[] {
  const known = comparisons.get(one) ?? readComparisons(one);
  comparisons.set(one, known);
  return known;
}

export function anyComparison(test: (comparison: Comparison) => boolean): (one: Case) => boolean {
  return (one) => comparisonsOf(one).some(test);
}

export function foundValues({ found }: Comparison): readonly string[] {
  return found === undefined ? [] : [found].flat();
}

function resourcesOf({ Resource, NotResource }: Statement): readonly string[] {
  return [Resource ?? NotResource ?? []].flat();
}

/** Cases in which some statement's resource pattern has a trait. */
export function anyResource(test: (resource: string) => boolean): (one: Case) => boolean {
  return (one) => policiesOf(one).flatMap(statementsOf).flatMap(resourcesOf).some(test);
}

/** The part of a pattern that names the type of a resource: what stands before the first slash, but not in S3. */
export function resourceType(resource: string): string {
  const parts = resource.split(':');
  const [type = '', ...more] = parts.slice(5).join(':').split('/');
  return parts[2] === 's3' || (more.length === 0 && type === '*') ? '' : type;
}
