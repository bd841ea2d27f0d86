import { listOf, type PolicyDocument, type Statement } from '../../iam/PolicyDocument';

/**
 * Whether two documents have the same statements, each as often, in the same words: their order, the order of values, and one value or a list
 * of one make no difference, nor does a Sid that is empty; a Sid or a letter's case does. What is the same here, the
 * provider shows no change for. Source: hashicorp/awspolicyequivalence aws_policy_equivalence.go
 */
export function sameWords(one: PolicyDocument, other: PolicyDocument): boolean {
  const words = ({ Statement: statements }: PolicyDocument) => listOf(statements).map(wordsOf).toSorted().join('\n');
  return one.Version === other.Version && one.Id === other.Id && words(one) === words(other);
}

/** A statement's words: equal for statements that differ in nothing but order, brackets and an empty Sid. */
export function wordsOf({ Sid, ...rest }: Statement): string {
  return JSON.stringify(ordered({ ...rest, ...(Sid !== undefined && Sid !== '' && { Sid }) }));
}

/** Names sorted; a value, one or several, as a sorted list of texts. */
function ordered(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return [JSON.stringify(value)];
  if (Array.isArray(value)) return value.map((item) => JSON.stringify(item)).toSorted();
  return Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .map(([key, item]) => [key, ordered(item)])
    .toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1));
}
