import { validateDocument } from '../../src/iam/validateDocument';

const TRUSTING = { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' };
const permitting = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::bucket/*' };

function identity(...changes: readonly object[]): object {
  return { Version: '2012-10-17', Statement: changes.map((change) => ({ ...permitting, ...change })) };
}

function without(statement: object, element: string): object {
  return Object.fromEntries(Object.entries(statement).filter(([key]) => key !== element));
}

describe('an identity policy', () => {
  it.each([
    ['a resource', {}],
    ['every action and resource', { Action: '*', Resource: '*' }],
    ['every action in two parts', { Action: '*:*' }],
    ['wildcards', { Action: ['s3:Get*', 's3:?ist*'], Resource: ['arn:aws:s3:::*', 'arn:aws:sqs'] }],
    ['a policy variable', { Resource: 'arn:aws:s3:::bucket/${aws:PrincipalTag/team}/*' }],
  ])('may have %s', (_, change) => {
    expect(validateDocument(identity(change), 'identity')).toEqual([]);
  });

  it('may name what it does not speak of', () => {
    const Statement = { Effect: 'Deny', NotAction: 's3:*', NotResource: 'arn:aws:s3:::bucket' };
    expect(validateDocument({ Statement }, 'identity')).toEqual([]);
  });

  it.each<[string, unknown, string]>([
    ['a principal', identity({ Principal: '*' }), 'Has prohibited field Principal'],
    ['a principal left out', identity({ NotPrincipal: '*' }), 'Has prohibited field NotPrincipal'],
    ['an id', { Id: 'x', Statement: permitting }, 'The document has the element "Id"'],
    ['no resource', { Statement: without(permitting, 'Resource') }, 'Policy statement must contain resources'],
    ['both forms of resource', identity({ NotResource: '*' }), 'has both Resource and NotResource'],
    ['a resource that is no ARN', identity({ Resource: 'bucket' }), 'Resource bucket must be in ARN format or "*"'],
    [
      'an action without a vendor',
      identity({ Action: 'GetObject' }),
      'Actions/Conditions must be prefaced by a vendor',
    ],
    [
      'an action with a blank',
      identity({ Action: 's3:Get Object' }),
      'Actions/Conditions must be prefaced by a vendor',
    ],
  ])('may not have %s', (_, document, message) => {
    const messages = validateDocument(document, 'identity');
    expect(messages).toHaveLength(1);
    expect(messages[0]).toContain(message);
  });
});

describe('whoever has a document checked', () => {
  it('hears of everything at once', () => {
    const document = {
      Version: '1',
      Statement: [{ Effect: 'No', Principal: { AWS: '1' }, Action: 'x', Sid: 'a b' }, TRUSTING, {}],
    };
    expect(validateDocument(document, 'trust').map((message) => message.slice(0, 26))).toEqual([
      'Version is "1"; wanted "20',
      'Statement 0: Statement IDs',
      'Statement 0: Effect is "No',
      'Statement 0: Action: Assum',
      'Statement 0: Invalid princ',
      'Statement 2: Effect is not',
      'Statement 2: Policy statem',
      'Statement 2: Missing requi',
    ]);
  });
});
