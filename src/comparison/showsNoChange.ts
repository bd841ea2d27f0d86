import { listOf } from '../iam/PolicyDocument';
import type { PolicyDocument, Statement } from '../iam/PolicyDocument';

/**
 * Whether Terraform's provider shows no change between two documents: the same statements, each as often, in the same words. The order of
 * statements and of values, a list of one value, and an empty Sid make no difference; a Sid and upper case do. This is stricter than
 * `compareTrust`, which compares what the documents say. Source: hashicorp/awspolicyequivalence aws_policy_equivalence.go
 */
export function showsNoChange(one: PolicyDocument, other: PolicyDocument): boolean {
  const textOf = ({ Statement: statements }: PolicyDocument) =>
    listOf(statements).map(statementText).toSorted().join('\n');
  return one.Version === other.Version && (one.Id ?? '') === (other.Id ?? '') && textOf(one) === textOf(other);
}

/** A statement as a text that is equal for statements between which the provider shows no change. */
function statementText(statement: Statement): string {
  const { Sid, ...unnamed } = statement;
  return JSON.stringify(ordered(Sid === '' ? unnamed : statement));
}

/** Names sorted; a value, one or several, as a sorted list of texts. */
function ordered(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return [JSON.stringify(value)];
  if (Array.isArray(value)) return value.map((item) => JSON.stringify(item)).toSorted();
  const items = new Map<string, unknown>(Object.entries(value));
  return [...items.keys()].toSorted().map((key) => [key, ordered(items.get(key))]);
}
