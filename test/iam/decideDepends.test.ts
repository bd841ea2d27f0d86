import { decide } from '../../src/iam/decide';
import type { Decision } from '../../src/iam/Decision';
import type { Statement } from '../../src/iam/PolicyDocument';
import type { Request } from '../../src/iam/Request';
import { policy, SESSION, TABLE } from './decideFixtures';

const request: Request = { caller: SESSION, action: 'dynamodb:GetItem', resource: TABLE, completeKeys: [] };
const IP = { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } };
const VPC = { StringEquals: { 'aws:SourceVpc': 'vpc-1' } };

/** The decision by one identity policy with these statements. */
function decided(...statements: Partial<Statement>[]): Decision {
  return decide(request, { identity: [policy('permissions', ...statements)] });
}

describe('a decision that depends on the request', () => {
  it('names the condition, its statement, and the statement that allows if the condition is true', () => {
    const statement: Statement = { Sid: 'Office', Effect: 'Allow', Action: '*', Resource: '*', Condition: IP };
    const ref = { policy: 'permissions', index: 0, sid: 'Office', statement };
    const open = { operator: 'IpAddress', key: 'aws:SourceIp', wanted: ['203.0.113.0/24'] };
    expect(decided(statement)).toStrictEqual({
      allowed: false,
      dependsOn: [{ ...open, of: ref }],
      action: 'dynamodb:GetItem',
      reason: 'depends on the request',
      decidedBy: ref,
      statements: [{ ...ref, applies: false, failedConditions: [], openConditions: [open] }],
    });
  });

  it('names all open conditions of a statement, and no statement that is clear', () => {
    const clear = { Effect: 'Deny', Action: 'ec2:*', Resource: '*' } as const;
    const { dependsOn } = decided(clear, { Resource: '*', Condition: { ...IP, ...VPC } });
    expect(dependsOn?.map(({ key, of }) => [key, of.index])).toEqual([
      ['aws:SourceIp', 1],
      ['aws:SourceVpc', 1],
    ]);
  });

  it('names both sides where neither is enough', () => {
    const { dependsOn } = decided({ Resource: '*', Condition: IP }, { Effect: 'Deny', Resource: '*', Condition: VPC });
    expect(dependsOn?.map(({ key }) => key)).toEqual(['aws:SourceIp', 'aws:SourceVpc']);
  });

  it('names only what can deny where something allows in any case', () => {
    const deny: Partial<Statement> = { Effect: 'Deny', Resource: '*', Condition: VPC };
    const { dependsOn } = decided({ Resource: '*' }, { Resource: '*', Condition: IP }, deny);
    expect(dependsOn?.map(({ key }) => key)).toEqual(['aws:SourceVpc']);
  });
});

describe('a decision that does not depend on the request', () => {
  it.each<[string, Partial<Statement>[], Decision['reason']]>([
    [
      'nothing allows and an open condition denies',
      [{ Effect: 'Deny', Resource: '*', Condition: IP }],
      'no identity policy allows it',
    ],
    ['a statement without conditions allows', [{ Resource: '*', Condition: IP }, { Resource: '*' }], 'allowed'],
    [
      'a statement without conditions denies',
      [
        { Resource: '*', Condition: IP },
        { Effect: 'Deny', Resource: '*' },
      ],
      'explicit deny',
    ],
  ])('is clear where %s', (_, statements, reason) => {
    const decision = decided(...statements);
    expect(decision.reason).toBe(reason);
    expect(decision).not.toHaveProperty('dependsOn');
  });
});

describe('a resource with a variable of which nothing is known', () => {
  const Resource = 'arn:aws:dynamodb:*:*:table/${aws:PrincipalTag/table}';

  it.each<[string, Partial<Statement>]>([
    ['Resource', { Resource }],
    ['NotResource', { NotResource: Resource }],
  ])('is a condition on %s', (operator, element) => {
    const { dependsOn } = decided({ ...element, Condition: IP });
    expect(dependsOn).toMatchObject([
      { operator, key: 'resource', wanted: [Resource] },
      { operator: 'IpAddress', key: 'aws:SourceIp' },
    ]);
  });

  it('does not matter where another pattern matches', () => {
    expect(decided({ Resource: [Resource, TABLE] }).reason).toBe('allowed');
    expect(decided({ NotResource: [Resource, TABLE] }).reason).toBe('no identity policy allows it');
  });

  it('matters where no other pattern does', () => {
    expect(decided({ Resource: ['arn:aws:s3:::*', Resource] }).reason).toBe('depends on the request');
    expect(decided({ Resource: '*' }, { Effect: 'Deny', Resource }).reason).toBe('depends on the request');
  });

  it('is no resource where the whole request is known', () => {
    const identity = [policy('permissions', { Resource })];
    expect(decide({ ...request, completeKeys: undefined }, { identity }).reason).toBe('no identity policy allows it');
  });
});
