import fc from 'fast-check';
import { decide } from '../../src/iam/decide';
import { explain } from '../../src/iam/explain';
import { cases } from './oracle/cases';
import { DIFFERENCES } from './oracle/differences';
import { EXAMPLES } from './oracle/examples';
import { runOracle } from './oracle/runOracle';

const COUNT = 20_000;
// Fixed, so that the differential test says the same on every run; any other number is as good.
const SEED = 20_261_121;

const results = fc.sample(cases, { numRuns: COUNT, seed: SEED }).map((one) => {
  const decision = decide(one.request, one.policies);
  const theirs = runOracle(one);
  return { one, decision, theirs, agree: decision.allowed === theirs };
});
const touching = results.map(({ one }) => DIFFERENCES.filter(({ touches }) => touches(one)));

describe('the evaluator beside the oracle', () => {
  it('agrees on every case that no known difference touches', () => {
    const unexplained = results.filter(({ agree }, index) => !agree && touching[index]!.length === 0);
    expect(
      unexplained.map(({ one, decision, theirs }) => ({ theirs, ours: explain(decision), case: JSON.stringify(one) })),
    ).toEqual([]);
  });

  it('is asked 20,000 times, and both allow at least a third', () => {
    expect(results).toHaveLength(COUNT);
    expect(results.filter(({ decision }) => decision.allowed).length).toBeGreaterThan(COUNT / 3);
    expect(results.filter(({ theirs }) => theirs).length).toBeGreaterThan(COUNT / 3);
  });

  it('reaches every reason for a denial', () => {
    expect([...new Set(results.map(({ decision }) => decision.reason))].sort()).toEqual([
      'allowed',
      'explicit deny',
      'no identity policy allows it',
      'no resource policy allows it',
      'permissions boundary does not allow it',
    ]);
  });

  it('leaves three quarters of the cases untouched by any known difference', () => {
    const untouched = touching.filter((differences) => differences.length === 0);
    expect(untouched.length).toBeGreaterThan((COUNT * 3) / 4);
  });
});

describe('the known differences', () => {
  it('are each shown by one example', () => {
    expect(EXAMPLES.map(({ name }) => name).sort()).toEqual(DIFFERENCES.map(({ name }) => name).sort());
  });

  it.each(EXAMPLES)(
    '$name: decided here by the documentation, otherwise by the oracle',
    ({ name, allowed, example }) => {
      expect(decide(example.request, example.policies).allowed).toBe(allowed);
      expect(runOracle(example)).toBe(!allowed);
      expect(DIFFERENCES.filter(({ touches }) => touches(example)).map((difference) => difference.name)).toEqual([
        name,
      ]);
    },
  );

  it.each(DIFFERENCES)('$name: names its source and stays rare', ({ name, source }) => {
    const touched = results.filter((_, index) => touching[index]!.some((difference) => difference.name === name));
    const disagree = touched.filter(({ agree }) => !agree);
    process.stdout.write(`  ${name}: ${disagree.length} of ${touched.length} cases\n`);
    expect(source).toMatch(/^https:\/\/docs\.aws\.amazon\.com\//);
    expect(disagree.length).toBeLessThan(COUNT / 50);
    expect(touched.length).toBeLessThan(COUNT / 20);
  });
});
