import fc from 'fast-check';
import type { PolicyDocument, Statement } from '../../../src/iam/PolicyDocument';

// Ways to change a document that may, or may not, change what it says.

const list = <T>(values: T | readonly T[]): T[] => [values].flat() as T[];

const without = <T extends object>(whole: T, key: keyof T): T =>
  Object.fromEntries(Object.entries(whole).filter(([name]) => name !== key)) as T;

type Change = (statements: readonly Statement[], at: number, other: number) => readonly Statement[];

const one =
  (change: (statement: Statement, other: Statement) => Statement): Change =>
  (statements, at, other) =>
    statements.map((statement, index) =>
      index === at % statements.length ? change(statement, statements[other % statements.length]!) : statement,
    );

const inOperators = (statement: Statement, change: (operator: string) => string): Statement =>
  statement.Condition === undefined
    ? statement
    : {
        ...statement,
        Condition: Object.fromEntries(Object.entries(statement.Condition).map(([name, keys]) => [change(name), keys])),
      };

const CHANGES: readonly Change[] = [
  (statements, at) => statements.filter((_, index) => index !== at % statements.length || statements.length === 1),
  (statements, at) => [...statements, { ...statements[at % statements.length]!, Effect: 'Deny' }],
  one((statement) => ({ ...statement, Effect: statement.Effect === 'Allow' ? 'Deny' : 'Allow' })),
  one((statement) => without(statement, 'Condition')),
  one((statement, other) => ({
    ...statement,
    ...(other.Action && statement.Action ? { Action: [...list(statement.Action), ...list(other.Action)] } : {}),
  })),
  one((statement, other) => ({
    ...statement,
    ...(other.Resource && statement.Resource
      ? { Resource: [...list(statement.Resource), ...list(other.Resource)] }
      : {}),
  })),
  one((statement, other) => ({
    ...statement,
    ...(other.Principal && statement.Principal ? { Principal: other.Principal } : {}),
  })),
  one((statement, other) => ({ ...statement, ...(other.Condition ? { Condition: other.Condition } : {}) })),
  one((statement) => ({ ...statement, ...(statement.Action ? { Action: list(statement.Action).slice(0, 1) } : {}) })),
  one((statement) => ({ ...statement, ...(statement.Action ? { Action: [...list(statement.Action), '*'] } : {}) })),
  one((statement) => ({
    ...statement,
    ...(statement.Resource ? { Resource: list(statement.Resource).map((text) => text.replace('**', '*')) } : {}),
  })),
  one((statement) => inOperators(statement, (operator) => operator.replace(/Equals$/, 'Like'))),
  one((statement) => inOperators(statement, (operator) => operator.replace(/Like$/, 'Equals'))),
  one((statement) => inOperators(statement, (operator) => operator.replace(/IfExists$/, ''))),
  one((statement) => inOperators(statement, (operator) => operator.replace(/^For\w+:/, ''))),
  one((statement) => inOperators(statement, (operator) => operator.replace(/IgnoreCase/, ''))),
  one((statement) => ({ ...statement, ...(statement.Principal ? { Principal: '*' as const } : {}) })),
  one((statement, other) => (other === statement ? statement : { ...other, Effect: statement.Effect })),
];

/** The document after one or two changes, and now and then in another version. */
export function changed(document: PolicyDocument): fc.Arbitrary<PolicyDocument> {
  return fc
    .tuple(
      fc.array(fc.tuple(fc.constantFrom(...CHANGES), fc.nat(9), fc.nat(9)), { minLength: 1, maxLength: 2 }),
      fc.constantFrom('2012-10-17' as const, '2012-10-17' as const, '2012-10-17' as const, '2008-10-17' as const),
    )
    .map(([changes, Version]) => ({
      Version,
      Statement: changes.reduce<readonly Statement[]>(
        (statements, [change, at, other]) => change(statements, at, other),
        [document.Statement].flat(),
      ),
    }));
}
