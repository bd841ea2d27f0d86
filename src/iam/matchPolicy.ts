import type { NamedPolicy } from './Decision';
import { matchStatement } from './matchStatement';
import type { PreparedRequest, StatementMatch } from './matchStatement';
import type { OneOrMany, Statement } from './PolicyDocument';

function statementsOf(statements: OneOrMany<Statement>): readonly Statement[] {
  return Array.isArray(statements) ? (statements as readonly Statement[]) : [statements as Statement];
}

/**
 * Puts a request to each statement of a policy.
 * @param attached whether the policy is the resource's own
 * @returns one match for each statement, in the order of the policy
 */
export function matchPolicy(
  { name, document }: NamedPolicy,
  prepared: PreparedRequest,
  attached: boolean,
): readonly StatementMatch[] {
  const variables = document.Version === '2012-10-17';
  return statementsOf(document.Statement).map((statement, index) =>
    matchStatement(statement, prepared, { policy: name, index, attached, variables }),
  );
}
