import type { Statement } from '../../src/iam/PolicyDocument';
import type { AssumeRoleAttempt } from '../../src/iam/decideAssumeRole';
import { evidenceOf, isConditional, newEvaluator, reasonOf } from '../../src/proof/evaluator';

const CI = 'arn:aws:iam::333333333333:role/ci';

function attemptOn(...statements: readonly Statement[]): AssumeRoleAttempt {
  return {
    caller: { kind: 'session', roleArn: CI, sessionName: 'pod' },
    operation: 'sts:AssumeRole',
    roleArn: 'arn:aws:iam::333333333333:role/legacy',
    trust: { name: 'trust policy of legacy', document: { Version: '2012-10-17', Statement: statements } },
    requiresTagSession: true,
    completeKeys: ['aws:PrincipalTag/'],
  };
}

const evaluate = (...statements: readonly Statement[]) => newEvaluator().evaluateOnce(attemptOn(...statements));

const BY_CI = { Effect: 'Allow', Principal: { AWS: CI } } as const;
const BOTH: Statement = { ...BY_CI, Action: ['sts:AssumeRole', 'sts:TagSession'] };
const FROM_HOME = { Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } };

describe('a result names the decision that explains it', () => {
  it.each<[string, readonly Statement[], boolean, string]>([
    [
      'the request where all is allowed',
      [BOTH],
      true,
      'sts:AssumeRole is allowed by trust policy of legacy, statement 0.',
    ],
    [
      'the tags where only they are denied',
      [{ ...BOTH, Action: 'sts:AssumeRole' }],
      false,
      'sts:TagSession is denied: no resource policy allows it. trust policy of legacy, statement 0 does not name this action: Action "sts:AssumeRole"',
    ],
    [
      'the tags where they are denied, and the request depends on a condition',
      [{ ...BOTH, Action: 'sts:AssumeRole', ...FROM_HOME }],
      false,
      'sts:TagSession is denied: no resource policy allows it. trust policy of legacy, statement 0 does not name this action: Action "sts:AssumeRole"',
    ],
    [
      'the request where both are denied',
      [],
      false,
      'sts:AssumeRole is denied: no resource policy allows it. No Allow statement applies to it.',
    ],
    [
      'the tags where only they depend on a condition',
      [
        { ...BOTH, Action: 'sts:AssumeRole' },
        { ...BOTH, Action: 'sts:TagSession', ...FROM_HOME },
      ],
      true,
      'sts:TagSession depends on the request: allowed if IpAddress aws:SourceIp: "10.0.0.0/8" (trust policy of legacy, statement 1)',
    ],
  ])('%s', (_, statements, isOpen, reason) => {
    const result = evaluate(...statements);
    expect(result.isOpen).toBe(isOpen);
    expect(reasonOf(result)).toBe(reason);
  });
});

describe('the reason is one line', () => {
  it('with the note before the decision', () => {
    expect(reasonOf({ ...evaluate(BOTH), note: 'EKS gives another role' })).toBe(
      'EKS gives another role: sts:AssumeRole is allowed by trust policy of legacy, statement 0.',
    );
  });

  it('the note alone where IAM decided nothing', () => {
    expect(reasonOf({ note: 'without an association EKS gives no role' })).toBe(
      'without an association EKS gives no role',
    );
    expect(reasonOf({})).toBe('');
  });
});

describe('the evidence, for readers of failures as data', () => {
  const decidedBy = { policy: 'trust policy of legacy', index: 0, statement: BOTH };

  it('is the statement that allowed, and not the conditions of others that failed', () => {
    const other: Statement = { ...BOTH, Condition: { StringEquals: { 'aws:PrincipalTag/team': 'a' } } };
    const result = evaluate(BOTH, other);
    expect(isConditional(result)).toBe(false);
    expect(evidenceOf(result)).toStrictEqual({ decidedBy });
  });

  it('is the conditions on which it depends, with their statement', () => {
    const statement = { ...BOTH, ...FROM_HOME };
    const other: Statement = { ...BOTH, Condition: { StringEquals: { 'aws:PrincipalTag/team': 'a' } } };
    const result = evaluate(statement, other);
    const of = { ...decidedBy, statement };
    expect(isConditional(result)).toBe(true);
    expect(evidenceOf(result)).toStrictEqual({
      decidedBy: of,
      dependsOn: [{ operator: 'IpAddress', key: 'aws:SourceIp', wanted: ['10.0.0.0/8'], of }],
    });
  });

  it('is the conditions that failed where nothing allowed', () => {
    const statement: Statement = { ...BOTH, Condition: { StringEquals: { 'aws:PrincipalTag/team': 'a' } } };
    expect(evidenceOf(evaluate(statement))).toStrictEqual({
      failedConditions: [{ operator: 'StringEquals', key: 'aws:PrincipalTag/team', wanted: ['a'] }],
    });
  });

  it.each([
    ['IAM decided nothing', {}],
    ['no statement applied', evaluate()],
  ])('is empty where %s', (_, result) => {
    expect(evidenceOf(result)).toStrictEqual({});
  });
});

describe('an evaluator', () => {
  it('evaluates once for equal facts, and counts what it evaluated', () => {
    const { evaluate: remember, evaluateOnce, count, decisions } = newEvaluator();
    const document = { Statement: [] };
    const first = remember(['irsa', 'main', document], () => attemptOn(BOTH));
    expect(remember(['irsa', 'main', document], () => attemptOn())).toBe(first);
    expect(decisions()).toBe(1);
    evaluateOnce(attemptOn(BOTH));
    count(10);
    expect(decisions()).toBe(12);
  });

  it.each<[string, readonly (string | object | undefined)[], readonly (string | object | undefined)[]]>([
    ['a text', ['main'], ['batch']],
    ['an object that only looks the same', [{ Statement: [] }], [{ Statement: [] }]],
    ['something that is absent', ['main', undefined], ['main', {}]],
    ['the order', ['main', 'batch'], ['batch', 'main']],
  ])('tells facts apart by %s', (_, facts, others) => {
    const { evaluate: remember } = newEvaluator();
    expect(remember(facts, () => attemptOn(BOTH)).isOpen).toBe(true);
    expect(remember(others, () => attemptOn()).isOpen).toBe(false);
  });

  it('tells many facts apart', () => {
    const { evaluate: remember, decisions } = newEvaluator();
    const names = Array.from({ length: 13 }, (_, index) => `c${index}`);
    for (const one of names) for (const other of names) remember([one, other], () => attemptOn());
    expect(decisions()).toBe(names.length ** 2);
  });
});
