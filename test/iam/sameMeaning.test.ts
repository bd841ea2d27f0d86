import fc from 'fast-check';
import { decide } from '../../src/iam/decide';
import type { Policies } from '../../src/iam/Decision';
import type { PolicyDocument, Statement } from '../../src/iam/PolicyDocument';
import type { Request } from '../../src/iam/Request';
import { policyDifference, sameMeaning } from '../../src/iam/sameMeaning';
import { REWRITES, rewritten } from './meaning/rewrites';
import { changed } from './meaning/changes';
import { cases } from './oracle/cases';

const listed = ({ Statement }: PolicyDocument) => [Statement].flat() as readonly Statement[];
const documentOf = (...Statement: Statement[]): PolicyDocument => ({ Version: '2012-10-17', Statement });
const allow = (parts: Partial<Statement> = {}): Statement => ({
  Effect: 'Allow',
  Action: 's3:GetObject',
  Resource: 'arn:aws:s3:::acme/*',
  ...parts,
});
const trust = (parts: Partial<Statement> = {}): Statement => ({
  Effect: 'Allow',
  Principal: { Service: 'pods.eks.amazonaws.com' },
  Action: 'sts:AssumeRole',
  ...parts,
});

/** A document of a case in its place, and the whole set of policies with another in that place. */
function placesOf({ identity = [], boundary, resource }: Policies) {
  return [
    ...identity.map((policy, index) => ({
      document: policy.document,
      with: (document: PolicyDocument): Policies => ({
        identity: identity.with(index, { ...policy, document }),
        ...(boundary && { boundary }),
        ...(resource && { resource }),
      }),
    })),
    ...(resource === undefined
      ? []
      : [
          {
            document: resource.document,
            with: (document: PolicyDocument): Policies => ({
              identity,
              ...(boundary && { boundary }),
              resource: { ...resource, document },
            }),
          },
        ]),
  ];
}

const placed = cases
  .filter(({ policies }) => placesOf(policies).length > 0)
  .chain(({ request, policies }) => fc.constantFrom(...placesOf(policies)).map((place) => ({ request, ...place })));

describe('two policy documents', () => {
  it('say the same, however one of them is written', () => {
    const pairs = placed.chain(({ document, request, with: put }) =>
      rewritten(document).map(([other, names]) => ({ document, other, names, request, put })),
    );
    fc.assert(
      fc.property(pairs, ({ document, other, request, put }) => {
        expect(policyDifference(other, document)).toEqual({ missing: [], extra: [] });
        expect(decide(request, put(other)).allowed).toBe(decide(request, put(document)).allowed);
      }),
      { numRuns: 500 },
    );
  });

  it('decide a request alike where they are said to be the same, whatever was changed', () => {
    let same = 0;
    const pairs = placed.chain(({ document, request, with: put }) =>
      changed(document).map((other) => ({ document, other, request, put })),
    );
    fc.assert(
      fc.property(pairs, ({ document, other, request, put }) => {
        if (!sameMeaning(other, document)) return;
        same += 1;
        const [before, after] = [decide(request, put(document)), decide(request, put(other))];
        expect([after.allowed, after.reason]).toEqual([before.allowed, before.reason]);
      }),
      { numRuns: 1200 },
    );
    // Otherwise the property says nothing.
    expect(same).toBeGreaterThan(100);
  });

  describe('of a small world, asked every request there is,', () => {
    const ACTIONS = ['s3:GetObject', 's3:PutObject', 'sqs:SendMessage'];
    const RESOURCES = ['arn:aws:s3:::a/1', 'arn:aws:s3:::a/2', 'arn:aws:sqs:us-west-2:111122223333:q'];
    const SPACES = ['media', 'shop', undefined];
    const requests = ACTIONS.flatMap((action) =>
      RESOURCES.flatMap((resource) =>
        SPACES.map((space): Request => ({
          caller: { kind: 'role', roleArn: 'arn:aws:iam::111122223333:role/orders' },
          action,
          resource,
          resourceAccount: '111122223333',
          context: space === undefined ? {} : { 'aws:PrincipalTag/ns': space },
        })),
      ),
    );
    const answers = (document: PolicyDocument) =>
      requests.map((request) => decide(request, { identity: [{ name: 'p', document }] }).reason).join();
    const some = (values: readonly string[]) => fc.subarray([...values], { minLength: 1 });
    const world = (actions: readonly string[], resources: readonly string[], operators: readonly string[]) =>
      fc
        .array(
          fc.record({
            Effect: fc.constantFrom<Statement['Effect']>(
              ...(operators.length > 1 ? (['Allow', 'Deny'] as const) : (['Allow'] as const)),
            ),
            Action: some(actions),
            Resource: some(resources),
            Condition: fc.option(
              fc
                .tuple(
                  fc.constantFrom(...operators),
                  some(['media', 'shop', ...(operators.length > 1 ? ['m*', '*'] : [])]),
                )
                .map(([operator, values]) => ({ [operator]: { 'aws:PrincipalTag/ns': values } })),
              { nil: undefined },
            ),
          }),
          { minLength: 1, maxLength: 3 },
        )
        .map((statements) =>
          documentOf(
            ...statements.map(({ Condition, ...rest }) => (Condition === undefined ? rest : { ...rest, Condition })),
          ),
        );

    it('are the same exactly where all answers are, if all is named whole and allowed', () => {
      const named = world(ACTIONS.slice(0, 2), RESOURCES.slice(0, 2), ['StringEquals']);
      let same = 0;
      fc.assert(
        fc.property(named, named, (one, other) => {
          const alike = answers(one) === answers(other);
          if (alike) same += 1;
          expect(sameMeaning(one, other)).toBe(alike);
        }),
        { numRuns: 1200 },
      );
      expect(same).toBeGreaterThan(15);
    });

    it('are never the same where an answer differs, with wildcards, denials and every kind of condition', () => {
      const wild = world(
        [...ACTIONS, 's3:*', 's3:?etObject', '*', '*:*'],
        [...RESOURCES, 'arn:aws:s3:::a/*', 'arn:aws:s3:::*', '*'],
        [
          'StringEquals',
          'StringLike',
          'StringNotLike',
          'StringLikeIfExists',
          'ForAllValues:StringLike',
          'ForAnyValue:StringEquals',
        ],
      );
      let same = 0;
      fc.assert(
        fc.property(wild, wild, fc.boolean(), (one, other, part) => {
          // Independent documents are hardly ever alike: half of the time the other is the one and more.
          const second = part ? documentOf(...listed(one), ...listed(other)) : other;
          if (!sameMeaning(one, second)) return;
          same += 1;
          expect(answers(second)).toBe(answers(one));
        }),
        { numRuns: 2000 },
      );
      expect(same).toBeGreaterThan(15);
    });
  });

  it.each<[string, PolicyDocument, PolicyDocument]>([
    ['"*" and {"AWS":"*"}', documentOf(trust({ Principal: '*' })), documentOf(trust({ Principal: { AWS: '*' } }))],
    [
      'everyone, and everyone beside others',
      documentOf(trust({ Principal: '*' })),
      documentOf(trust({ Principal: { AWS: ['arn:aws:iam::111122223333:role/x', '*'] } })),
    ],
    [
      'an account’s id and its root',
      documentOf(trust({ Principal: { AWS: '111122223333' } })),
      documentOf(trust({ Principal: { AWS: 'arn:aws-cn:iam::111122223333:root' } })),
    ],
    [
      'a truth value and its text',
      documentOf(allow({ Condition: { Bool: { 'aws:SecureTransport': true } } })),
      documentOf(allow({ Condition: { bool: { 'aws:securetransport': ['True'] } } })),
    ],
    [
      'ArnEquals and ArnLike',
      documentOf(trust({ Condition: { ArnEquals: { 'aws:SourceArn': 'arn:aws:eks:*:*:*' } } })),
      documentOf(trust({ Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:eks:*:*:*' } } })),
    ],
    [
      'two statements that differ in one action, and one with both',
      documentOf(allow({ Action: 's3:GetObject' }), allow({ Action: 's3:PutObject' })),
      documentOf(allow({ Action: ['s3:PutObject', 's3:GetObject'] })),
    ],
    [
      'a statement that another takes in, and that other alone',
      documentOf(
        allow({ Action: 's3:*' }),
        allow({ Resource: 'arn:aws:s3:::acme/x', Condition: { StringEquals: { 'aws:PrincipalTag/a': 'b' } } }),
      ),
      documentOf(allow({ Action: 's3:*' })),
    ],
    ['a document without variables in another version', { Statement: allow() }, documentOf(allow())],
  ])('say the same: %s', (_, one, other) => {
    expect(sameMeaning(one, other)).toBe(true);
    expect(sameMeaning(other, one)).toBe(true);
  });

  it.each<[string, PolicyDocument, PolicyDocument]>([
    ['another effect', documentOf(allow()), documentOf(allow({ Effect: 'Deny' }))],
    ['a value in other case', documentOf(allow()), documentOf(allow({ Resource: 'arn:aws:s3:::ACME/*' }))],
    [
      'a role and its account: the account leaves the word to its own policies',
      documentOf(trust({ Principal: { AWS: '111122223333' } })),
      documentOf(trust({ Principal: { AWS: ['111122223333', 'arn:aws:iam::111122223333:role/x'] } })),
    ],
    [
      'accounts of two partitions',
      documentOf(trust({ Principal: { AWS: 'arn:aws:iam::111122223333:root' } })),
      documentOf(trust({ Principal: { AWS: 'arn:aws-cn:iam::111122223333:root' } })),
    ],
    [
      'a star that is no wildcard',
      documentOf(allow({ Condition: { StringEquals: { 'aws:PrincipalTag/a': '*' } } })),
      documentOf(allow({ Condition: { StringLike: { 'aws:PrincipalTag/a': '*' } } })),
    ],
    [
      'a list of a negated operator, and its values in statements of their own',
      documentOf(allow({ Condition: { StringNotEquals: { 'aws:PrincipalTag/a': ['b', 'c'] } } })),
      documentOf(
        allow({ Condition: { StringNotEquals: { 'aws:PrincipalTag/a': 'b' } } }),
        allow({ Condition: { StringNotEquals: { 'aws:PrincipalTag/a': 'c' } } }),
      ),
    ],
    [
      'a list under ForAllValues, and its values in statements of their own',
      documentOf(allow({ Condition: { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['b', 'c'] } } })),
      documentOf(
        allow({ Condition: { 'ForAllValues:StringEquals': { 'aws:TagKeys': 'b' } } }),
        allow({ Condition: { 'ForAllValues:StringEquals': { 'aws:TagKeys': 'c' } } }),
      ),
    ],
    [
      'NotAction and its values in statements of their own',
      documentOf(allow({ NotAction: ['s3:*', 'sqs:*'] })),
      documentOf(allow({ NotAction: 's3:*' }), allow({ NotAction: 'sqs:*' })),
    ],
    [
      'variables, and a version that has none',
      documentOf(allow({ Resource: 'arn:aws:s3:::${aws:username}' })),
      { ...documentOf(allow({ Resource: 'arn:aws:s3:::${aws:username}' })), Version: '2008-10-17' },
    ],
    [
      'a union of two statements that differ in two elements',
      documentOf(
        allow({ Action: 's3:GetObject', Resource: 'arn:aws:s3:::a' }),
        allow({ Action: 's3:PutObject', Resource: 'arn:aws:s3:::b' }),
      ),
      documentOf(allow({ Action: ['s3:GetObject', 's3:PutObject'], Resource: ['arn:aws:s3:::a', 'arn:aws:s3:::b'] })),
    ],
    [
      'IfExists',
      documentOf(allow({ Condition: { StringEquals: { 'aws:PrincipalTag/a': 'b' } } })),
      documentOf(allow({ Condition: { StringEqualsIfExists: { 'aws:PrincipalTag/a': 'b' } } })),
    ],
    [
      'a condition’s value in other case',
      documentOf(allow({ Condition: { StringEquals: { 'aws:PrincipalTag/a': 'b' } } })),
      documentOf(allow({ Condition: { StringEquals: { 'aws:PrincipalTag/a': 'B' } } })),
    ],
    [
      'two stars where stars are no wildcards',
      documentOf(allow({ Condition: { StringEquals: { 'aws:PrincipalTag/a': '**' } } })),
      documentOf(allow({ Condition: { StringEquals: { 'aws:PrincipalTag/a': '*' } } })),
    ],
    ['a ? that a * was', documentOf(allow({ Action: 's3:Get?' })), documentOf(allow({ Action: 's3:Get*' }))],
  ])('differ by %s', (_, one, other) => {
    expect(sameMeaning(one, other)).toBe(false);
    expect(sameMeaning(other, one)).toBe(false);
  });

  it('give what is missing and what is too many as statements, narrowed to that', () => {
    const wanted = documentOf(trust({ Sid: 'Pods', Action: ['sts:AssumeRole', 'sts:TagSession'] }));
    const found = documentOf(trust({ Principal: { Service: ['pods.eks.amazonaws.com', 'ec2.amazonaws.com'] } }));
    expect(policyDifference(found, wanted)).toEqual({
      missing: [trust({ Sid: 'Pods', Action: 'sts:TagSession' })],
      extra: [trust({ Principal: { Service: 'ec2.amazonaws.com' } })],
    });
  });

  it('narrow a condition to the values that are too many', () => {
    const under = (values: string[]) =>
      documentOf(trust({ Condition: { StringEquals: { 'aws:SourceAccount': values } } }));
    expect(policyDifference(under(['1', '2', '3']), under(['2'])).extra).toEqual(listed(under(['1', '3'])));
  });

  it('are compared to the end, however large', () => {
    const many = (prefix: string) => Array.from({ length: 400 }, (_, index) => `${prefix}${index}`);
    const large = (from: string) => documentOf(allow({ Action: many('s3:A'), Resource: many(`arn:aws:s3:::${from}`) }));
    expect(sameMeaning(large('a'), large('a'))).toBe(true);
    expect(sameMeaning(large('a'), large('b'))).toBe(false);
    const medium = (from: string) =>
      documentOf(allow({ Action: many('s3:A').slice(0, 99), Resource: many(`arn:aws:s3:::${from}`).slice(0, 99) }));
    expect(sameMeaning(medium('a'), medium('b'))).toBe(false);
  });

  it('are rewritten in every way that the rewriting knows', () => {
    const names = fc
      .sample(rewritten(documentOf(allow(), allow({ Action: ['s3:*', '*'] }))), 400)
      .flatMap(([, used]) => used);
    expect(new Set(names)).toEqual(new Set(Object.keys(REWRITES)));
  });
});
