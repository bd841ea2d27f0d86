import {
  type ConditionBlock,
  type ConditionValue,
  listOf,
  oneOrList,
  type PolicyDocument,
  type Statement,
} from '../../iam/PolicyDocument';

/**
 * A trust policy that lets some subjects (`system:serviceaccount:<namespace>:<name>`) of an OIDC provider, by its name, in no more: they are
 * taken out wherever a statement that allows names them, and a statement that has no subject left goes. Patterns stay: they may speak of
 * others; so do the subjects of other clusters. Nothing where no statement names one of them, or nothing would be left, which IAM does not take.
 */
export function trustWithout(
  trust: PolicyDocument,
  provider: string,
  subjects: ReadonlySet<string>,
): PolicyDocument | undefined {
  const before = listOf(trust.Statement);
  const after = before.flatMap((statement) => {
    const rest = statementWithout(statement, `${provider}:sub`.toLowerCase(), subjects);
    return rest === undefined ? [] : [rest];
  });
  const same = after.length === before.length && after.every((statement, index) => statement === before[index]);
  return same || after.length === 0 ? undefined : { ...trust, Statement: after };
}

/** The statement itself where it names none of them; nothing where it names nobody else. */
function statementWithout(
  statement: Statement,
  subjectKey: string,
  subjects: ReadonlySet<string>,
): Statement | undefined {
  const { Effect, Condition = {} } = statement;
  if (Effect === 'Deny') return statement;
  const named = Object.entries(Condition).flatMap(([operator, keys]) =>
    operator.includes('Not')
      ? []
      : Object.entries(keys).flatMap(([key, values]) => {
          const before = listOf<ConditionValue>(values);
          const after = before.filter((value) => !subjects.has(String(value)));
          return key.toLowerCase() === subjectKey && after.length < before.length ? [{ operator, key, after }] : [];
        }),
  );
  if (named.length === 0) return statement;
  if (named.some(({ after }) => after.length === 0)) return undefined;
  const changed = named.reduce<ConditionBlock>(
    (block, { operator, key, after }) => ({ ...block, [operator]: { ...block[operator], [key]: oneOrList(after) } }),
    Condition,
  );
  return { ...statement, Condition: changed };
}
