import type { PrincipalElement, Statement } from '../../../src/iam/PolicyDocument';
import { sameMeaning } from '../../../src/iam/sameMeaning';
import { allow, documentOf, trust, under } from './documents';

const HOME = '111122223333';
const ROOT = `arn:aws:iam::${HOME}:root`;
const ROLE = `arn:aws:iam::${HOME}:role/x`;
const by = (Principal: PrincipalElement): Statement => trust({ Principal });
const byOthers = (NotPrincipal: PrincipalElement): Statement => ({
  Effect: 'Deny',
  NotPrincipal,
  Action: 'sts:AssumeRole',
});
const but = (parts: Partial<Statement>): Statement => ({ Effect: 'Deny', ...parts });

type Pair = [string, readonly Statement[], readonly Statement[]];

describe('two documents have the same meaning with', () => {
  it.each<Pair>([
    ['"*" and {"AWS": "*"}', [by('*')], [by({ AWS: '*' })]],
    ['everyone, and everyone beside others', [by('*')], [by({ AWS: [ROLE, '*'], Service: 'ec2.amazonaws.com' })]],
    ['the id and the root of an account', [by({ AWS: HOME })], [by({ AWS: `arn:aws-cn:iam::${HOME}:root` })]],
    ['the id and the root of an account in one list', [by({ AWS: HOME })], [by({ AWS: [HOME, ROOT] })]],
    [
      'principals of two kinds, and a statement for each',
      [by({ AWS: HOME }), trust()],
      [by({ Service: 'pods.eks.amazonaws.com', AWS: HOME })],
    ],
    [
      'NotPrincipal in another order, by root and by id',
      [byOthers({ AWS: [ROLE, ROOT] })],
      [byOthers({ AWS: [HOME, ROLE, ROLE] })],
    ],
    ['NotPrincipal of everyone', [byOthers('*')], [byOthers({ AWS: [ROLE, '*'] })]],
    ['all actions as "*", "*:*" and with more stars', [allow({ Action: '*' })], [allow({ Action: '**:*' })]],
    ['actions in other case', [allow()], [allow({ Action: 'S3:getobject' })]],
    [
      'two statements that differ in one action, and one with both',
      [allow({ Action: 's3:GetObject' }), allow({ Action: 's3:PutObject' })],
      [allow({ Action: ['s3:PutObject', 's3:GetObject'] })],
    ],
    [
      'NotAction in another order and case',
      [but({ NotAction: ['s3:*', 'sqs:*'] })],
      [but({ NotAction: ['SQS:*', 's3:**', 's3:*'] })],
    ],
    [
      'NotResource in another order',
      [but({ Action: '*', NotResource: ['a', 'b**'] })],
      [but({ Action: '*', NotResource: ['b*', 'a', 'a'] })],
    ],
    [
      'a statement that another one covers, and that other one alone',
      [
        allow({ Action: 's3:*' }),
        { ...under({ StringEquals: { 'aws:PrincipalTag/a': 'b' } }), Resource: 'arn:aws:s3:::acme/x' },
      ],
      [allow({ Action: 's3:*' })],
    ],
  ])('%s', (_, one, other) => {
    expect(sameMeaning(documentOf(...one), documentOf(...other))).toBe(true);
    expect(sameMeaning(documentOf(...other), documentOf(...one))).toBe(true);
  });

  it('no variables in two versions, and one statement alone or in a list', () => {
    expect(sameMeaning({ Statement: allow() }, documentOf(allow()))).toBe(true);
  });
});

describe('two documents differ by', () => {
  it.each<Pair>([
    ['the effect', [allow()], [allow({ Effect: 'Deny' })]],
    ['the case of a resource', [allow()], [allow({ Resource: 'arn:aws:s3:::ACME/*' })]],
    [
      'a role beside its account, whose permissions the account’s policies decide',
      [by({ AWS: HOME })],
      [by({ AWS: [HOME, ROLE] })],
    ],
    ['the partition of an account', [by({ AWS: ROOT })], [by({ AWS: `arn:aws-cn:iam::${HOME}:root` })]],
    [
      'an id, where the documents name accounts of two partitions',
      [by({ AWS: [HOME, 'arn:aws-cn:iam::444455556666:root'] })],
      [by({ AWS: [ROOT, 'arn:aws-cn:iam::444455556666:root'] })],
    ],
    ['an account and a name that only begins as its root', [by({ AWS: HOME })], [by({ AWS: `${ROOT}/x` })]],
    ['an account and a name that only ends as its root', [by({ AWS: HOME })], [by({ AWS: `x${ROOT}` })]],
    [
      'the root of an account as another kind of principal',
      [by({ CanonicalUser: ROOT })],
      [by({ CanonicalUser: HOME })],
    ],
    ['one name as two kinds of principals', [by({ Service: 'x.example' })], [by({ Federated: 'x.example' })]],
    ['NotPrincipal beside Principal', [by({ AWS: ROLE })], [{ ...by({ AWS: ROLE }), NotPrincipal: { AWS: HOME } }]],
    ['NotPrincipal of everyone and of nobody', [byOthers('*')], [byOthers({})]],
    ['NotAction beside Action', [allow()], [allow({ NotAction: 's3:*' })]],
    ['NotResource beside Resource', [allow()], [allow({ NotResource: 'arn:aws:s3:::acme/*' })]],
    ['Principal and NotPrincipal', [by({ AWS: HOME })], [{ ...byOthers({ AWS: HOME }), Effect: 'Allow' }]],
    [
      'a second element for the others',
      [byOthers({ AWS: HOME })],
      [{ ...byOthers({ AWS: HOME }), Principal: { AWS: ROLE } }],
    ],
    [
      'the principals beside NotPrincipal',
      [{ ...byOthers({ AWS: HOME }), Principal: { AWS: ROLE } }],
      [{ ...byOthers({ AWS: HOME }), Principal: { AWS: HOME } }],
    ],
    ['whom NotPrincipal names', [byOthers({ AWS: HOME })], [byOthers({ AWS: ROLE })]],
    [
      'no principals and NotPrincipal that names nobody',
      [{ Effect: 'Deny', Action: '*' }],
      [{ Effect: 'Deny', Action: '*', NotPrincipal: {} }],
    ],
    [
      'Action and NotAction',
      [allow()],
      [{ Effect: 'Allow', NotAction: 's3:GetObject', Resource: 'arn:aws:s3:::acme/*' }],
    ],
    ['the actions beside NotAction', [allow({ NotAction: 's3:*' })], [allow({ NotAction: 's3:*', Action: 'sqs:*' })]],
    [
      'NotAction, and its values in statements of their own',
      [but({ NotAction: ['s3:*', 'sqs:*'] })],
      [but({ NotAction: 's3:*' }), but({ NotAction: 'sqs:*' })],
    ],
    ['a ? where the other has a *', [allow({ Action: 's3:Get?' })], [allow({ Action: 's3:Get*' })]],
    [
      'all services, and all actions of services that a pattern names',
      [allow({ Action: '*' })],
      [allow({ Action: 's*:*' })],
    ],
    ['Resource and NotResource', [but({ Action: '*', Resource: 'a' })], [but({ Action: '*', NotResource: 'a' })]],
    ['no resource and all resources', [trust()], [trust({ Resource: '*' })]],
    [
      'a union of two statements that differ in two elements',
      [
        allow({ Action: 's3:GetObject', Resource: 'arn:aws:s3:::a' }),
        allow({ Action: 's3:PutObject', Resource: 'arn:aws:s3:::b' }),
      ],
      [allow({ Action: ['s3:GetObject', 's3:PutObject'], Resource: ['arn:aws:s3:::a', 'arn:aws:s3:::b'] })],
    ],
    [
      'two stars in the name of a variable',
      [allow({ Resource: 'arn:aws:s3:::${aws:PrincipalTag/**}' })],
      [allow({ Resource: 'arn:aws:s3:::${aws:PrincipalTag/*}' })],
    ],
  ])('%s', (_, one, other) => {
    expect(sameMeaning(documentOf(...one), documentOf(...other))).toBe(false);
    expect(sameMeaning(documentOf(...other), documentOf(...one))).toBe(false);
  });

  it.each([
    ['a resource', allow({ Resource: 'arn:aws:s3:::${aws:username}' })],
    ['a condition', under({ StringEquals: { 'aws:PrincipalTag/a': '${aws:username}' } })],
  ])('variables in %s, and a version that has no variables', (_, statement) => {
    const old = { ...documentOf(statement), Version: '2008-10-17' } as const;
    expect(sameMeaning(documentOf(statement), old)).toBe(false);
    expect(sameMeaning(old, { Statement: statement })).toBe(true);
    expect(sameMeaning(documentOf(statement), documentOf(statement))).toBe(true);
    const another = JSON.parse(JSON.stringify(statement).replace('username', 'userid')) as Statement;
    expect(sameMeaning(old, { Statement: another })).toBe(false);
  });
});
