import fc from 'fast-check';
import { presenceOf } from '../../src/iam/contextKeys';
import { decide } from '../../src/iam/decide';
import { explain } from '../../src/iam/explain';
import type { Request } from '../../src/iam/Request';
import { cases } from './oracle/cases';
import type { Case } from './oracle/Case';

/** All condition keys that the policies of a case read, in conditions and as variables. */
function keysOf({ policies }: Case): readonly string[] {
  const text = JSON.stringify(policies);
  const variables = [...text.matchAll(/\$\{([^{}',]+)/g)].map(([, key]) => key!.trim());
  const all = [...(policies.identity ?? []), policies.boundary, policies.resource].flatMap((one) => one ?? []);
  const conditions = all
    .flatMap(({ document }) => [document.Statement].flat())
    .flatMap(({ Condition = {} }) => Object.values(Condition).flatMap((keys) => Object.keys(keys)));
  return [...new Set([...variables, ...conditions].map((key) => key.toLowerCase()))];
}

/** The request of a case without some keys, and without a word about them. */
function partly({ request }: Case, all: readonly string[], hidden: ReadonlySet<string>): Request {
  const context = Object.entries(request.context ?? {}).filter(([key]) => !hidden.has(key.toLowerCase()));
  return { ...request, context: Object.fromEntries(context), completeKeys: all.filter((key) => !hidden.has(key)) };
}

describe('a decision on a request of which a part is not known', () => {
  const found = { allowed: 0, denied: 0, depends: 0 };

  it('is the decision on the whole request, or depends', () => {
    fc.assert(
      fc.property(cases, fc.infiniteStream(fc.boolean()), (one, coin) => {
        const all = keysOf(one);
        const given = new Set(Object.keys(one.request.context ?? {}).map((key) => key.toLowerCase()));
        // A key that the table calls `always` cannot be absent from the whole request, nor one that is `never` in it.
        const mayHide = all.filter((key) => {
          const presence = presenceOf(key, one.request.caller);
          return given.has(key) ? presence !== 'never' : presence === 'sometimes';
        });
        const hidden = new Set(mayHide.filter(() => coin.next().value));
        if (hidden.size === 0) return;
        const whole = decide({ ...one.request }, one.policies);
        const part = decide(partly(one, all, hidden), one.policies);
        const answer = part.allowed ? 'allowed' : part.dependsOn === undefined ? 'denied' : 'depends';
        found[answer] += 1;
        if (answer !== 'depends')
          expect({ answer, part: explain(part), ...one, hidden }).toMatchObject({
            answer: whole.allowed ? 'allowed' : 'denied',
          });
        else expect(part.dependsOn!.length).toBeGreaterThan(0);
      }),
      { numRuns: 10_000, seed: 20_261_127 },
    );
  });

  it('was asked often enough, and was often clear all the same', () => {
    expect(found.allowed).toBeGreaterThan(100);
    expect(found.denied).toBeGreaterThan(1_000);
    expect(found.depends).toBeGreaterThan(500);
  });
});
