import { decide } from '../../src/iam/decide';
import type { Decision, DecidingCondition, Policies } from '../../src/iam/Decision';
import { dependsText, explain, explainConditions } from '../../src/iam/explain';
import { oneLine } from '../../src/iam/oneLine';
import type { Statement } from '../../src/iam/PolicyDocument';
import type { Request } from '../../src/iam/Request';
import { HOME, own, policy, ROLE, ROOT, SESSION, TABLE } from './decideFixtures';

const request: Request = { caller: SESSION, action: 'sts:AssumeRole', resource: ROLE, completeKeys: [] };
const IP = { IpAddress: { 'aws:SourceIp': ['203.0.113.0/24', '10.0.0.0/8'] } };
const everyone: Partial<Statement> = { Principal: '*', Action: 'sts:AssumeRole' };

const decided = (policies: Policies, change: Partial<Request> = {}) => decide({ ...request, ...change }, policies);
const trusting = (...statements: Partial<Statement>[]) => ({ resource: policy('trust', ...statements) });
const lines = (decision: Decision) => explain(decision).split('\n');

function condition(key: string, Effect: 'Allow' | 'Deny' = 'Allow'): DecidingCondition {
  const of = { policy: 'trust', index: 0, statement: { Effect } };
  return { operator: 'StringEquals', key, wanted: ['x'], of };
}

describe('an explanation of a decision that depends on the request', () => {
  it('has a line for each condition: what it does, and in which statement it is', () => {
    const policies = trusting(
      { ...everyone, Sid: 'Office', Condition: IP },
      { ...everyone, Effect: 'Deny', Condition: { StringEquals: { 'aws:SourceVpc': 'vpc-1' } } },
    );
    expect(lines(decided(policies))).toEqual([
      'sts:AssumeRole depends on the request:',
      '  allowed if IpAddress aws:SourceIp: "203.0.113.0/24" or "10.0.0.0/8" (trust, statement 0 (Office))',
      '  denied if StringEquals aws:SourceVpc: "vpc-1" (trust, statement 1)',
    ]);
  });

  it('is silent on an open Allow where another statement allows', () => {
    const deny: Partial<Statement> = {
      ...everyone,
      Effect: 'Deny',
      Condition: { StringEquals: { 'aws:SourceVpc': 'v' } },
    };
    expect(lines(decided(trusting(everyone, deny)))).toEqual([
      'sts:AssumeRole depends on the request:',
      '  denied if StringEquals aws:SourceVpc: "v" (trust, statement 1)',
    ]);
  });

  it('says the same thing once', () => {
    expect(explainConditions([condition('a:b'), condition('a:c', 'Deny'), condition('a:b')])).toEqual([
      '  allowed if StringEquals a:b: "x" (trust, statement 0)',
      '  denied if StringEquals a:c: "x" (trust, statement 0)',
    ]);
  });
});

describe('the conditions on which something depends, in one line', () => {
  const keys = (count: number) => Array.from({ length: count }, (_, index) => condition(`a:${index}`));

  it.each([
    [1, 'depends on StringEquals a:0: "x"'],
    [2, 'depends on StringEquals a:0: "x"; StringEquals a:1: "x"'],
    [4, `depends on ${[0, 1, 2, 3].map((key) => `StringEquals a:${key}: "x"`).join('; ')}`],
    [6, `depends on ${[0, 1, 2, 3].map((key) => `StringEquals a:${key}: "x"`).join('; ')}; and 2 more`],
  ])('are at most four: of %i', (count, expected) => {
    expect(dependsText(keys(count))).toBe(expected);
  });

  it('are each given once, whatever their statement', () => {
    expect(dependsText([condition('a:b'), condition('a:b', 'Deny')])).toBe('depends on StringEquals a:b: "x"');
  });
});

describe('an explanation', () => {
  it('gives the open conditions of a statement where another policy denies in any case', () => {
    const Condition = { ...IP, StringLike: { 'aws:SourceVpc': 'vpc-*' } };
    const identity = [policy('permissions', { Resource: '*', Condition })];
    expect(lines(decided({ identity, resource: policy('trust', { Principal: { AWS: '444455556666' } }) }))).toEqual([
      'sts:AssumeRole is denied: no resource policy allows it.',
      '  trust, statement 0 does not name this caller: Principal {"AWS":"444455556666"}',
      '  permissions, statement 0 would allow it under these conditions:',
      '    IpAddress aws:SourceIp: "203.0.113.0/24" or "10.0.0.0/8"',
      '    StringLike aws:SourceVpc: "vpc-*"',
    ]);
  });

  it('says that a statement wants nothing, and what an unknown operator wants', () => {
    const Condition = { StringEquals: { 'aws:PrincipalAccount': [] }, StringMatches: { 'aws:PrincipalAccount': 'x' } };
    expect(lines(decided(trusting({ ...everyone, Condition }), { completeKeys: undefined })).slice(2)).toEqual([
      `    StringEquals aws:PrincipalAccount: wanted nothing, found "${HOME}"`,
      `    StringMatches aws:PrincipalAccount: wanted "x", found "${HOME}"`,
    ]);
  });

  it('is silent on a Deny that does not apply', () => {
    const policies = trusting({ Effect: 'Deny', Principal: { AWS: '444455556666' } }, { Principal: { AWS: '1' } });
    expect(lines(decided(policies))).toEqual([
      'sts:AssumeRole is denied: no resource policy allows it.',
      '  trust, statement 1 does not name this caller: Principal {"AWS":"1"}',
    ]);
  });

  it.each([
    [4, []],
    [5, ['  and 1 more statement that does not apply']],
    [6, ['  and 2 more statements that do not apply']],
  ])('of %i statements counts those that it leaves out', (count, last) => {
    const statements = Array.from({ length: count }, () => ({ Principal: { AWS: '444455556666' } }));
    expect(lines(decided(trusting(...statements))).slice(5)).toEqual(last);
  });

  it('names no statement where the root user needs none', () => {
    expect(explain(decided({}, { caller: ROOT, action: 'dynamodb:GetItem', resource: TABLE }))).toBe(
      'dynamodb:GetItem is allowed.',
    );
  });

  it('stays on its line where a text from outside has line breaks', () => {
    expect(oneLine('a\nb\n')).toBe('a\\nb\\n');
    const resource = { ...own('*'), name: 'trust\nsts:AssumeRole is denied' };
    expect(lines(decided({ resource }))).toEqual([
      'sts:AssumeRole is allowed by trust\\nsts:AssumeRole is denied, statement 0.',
    ]);
  });
});
