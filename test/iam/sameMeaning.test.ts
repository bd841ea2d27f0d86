import fc from 'fast-check';
import { decide } from '../../src/iam/decide';
import type { Policies } from '../../src/iam/Decision';
import type { PolicyDocument, Statement } from '../../src/iam/PolicyDocument';
import type { Request } from '../../src/iam/Request';
import { policyDifference, sameMeaning } from '../../src/iam/sameMeaning';
import { REWRITES, rewritten } from './meaning/rewrites';
import { changed } from './meaning/changes';
import { allow, documentOf, listed } from './meaning/documents';
import { cases } from './oracle/cases';

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

  it('are rewritten in every way that the rewriting knows', () => {
    const names = fc
      .sample(rewritten(documentOf(allow(), allow({ Action: ['s3:*', '*'] }))), 400)
      .flatMap(([, used]) => used);
    expect(new Set(names)).toEqual(new Set(Object.keys(REWRITES)));
  });
});
