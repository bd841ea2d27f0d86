import { COMPARE_RULES, compareInventories } from '../../../src/inventory/compare/compareInventories';
import type { Inventory } from '../../../src/inventory/Inventory';
import { type Change, changed, checkMarked } from '../marked';
import { ACCEPTED } from './acceptedCases';
import { ACCOUNT_ACCEPTED, ACCOUNT_CASES, GAINED_CONTEXT, lostContext } from './accountCases';
import { type CompareCase, LATER, onBatch } from './CompareCase';
import { GUARD_CASES } from './guardCases';
import { KEY_CASES } from './keyCases';
import { RELEASE_ACCEPTED, RELEASE_CASES } from './releaseCases';
import { REGION_ACCEPTED, REGION_CASES } from './regionCases';
import { REMOVAL_ACCEPTED, REMOVAL_CASES } from './removalCases';
import { STAGE_CASES } from './stageCases';
import { SUBJECT_ACCEPTED, SUBJECT_CASES } from './subjectCases';

const COMPARE_CASES = [
  ...STAGE_CASES,
  ...KEY_CASES,
  ...GUARD_CASES,
  ...RELEASE_CASES,
  ...REGION_CASES,
  ...REMOVAL_CASES,
  ...ACCOUNT_CASES,
  ...SUBJECT_CASES,
];
const ALL_ACCEPTED: readonly Pick<CompareCase, 'when' | 'base' | 'head' | 'baseTime' | 'allowedRemovals'>[] = [
  ...ACCEPTED,
  ...RELEASE_ACCEPTED,
  ...REGION_ACCEPTED,
  ...REMOVAL_ACCEPTED,
  ...ACCOUNT_ACCEPTED,
  ...SUBJECT_ACCEPTED,
];
const NOW = new Date('2026-11-20T12:00:00Z');

function version(change: Change = {}): Inventory {
  const { loaded } = checkMarked({ 'inventory.yaml': changed(change) });
  if (!loaded.inventory) throw new Error(JSON.stringify(loaded.findings, null, 2));
  return loaded.inventory;
}

const timeOf = (text: string | undefined): Date | undefined => (text === undefined ? undefined : new Date(text));

describe('compareInventories', () => {
  it.each(COMPARE_CASES)('$rule: $when', (testCase) => {
    const {
      rule,
      base,
      head,
      path,
      message,
      hint,
      severity = 'error',
      baseTime,
      allowedRemovals = [],
      also = [],
    } = testCase;
    const options = { now: NOW, baseTime: timeOf(baseTime), allowedRemovals };
    const problems = compareInventories(version(base), version(head), options);
    expect(problems).toContainEqual({
      severity,
      rule,
      path,
      message: expect.stringMatching(message),
      hint: expect.stringMatching(hint ?? /\S{3}/),
    });
    // The same may hold of the other environment, and a stage that is written by hand has no time.
    const others = problems.map((problem) => problem.rule).filter((name) => name !== rule && name !== 'since-edited');
    expect([...new Set(others)]).toEqual(also);
  });

  it.each(ALL_ACCEPTED)('finds nothing when $when', ({ base, head, baseTime, allowedRemovals = [] }) => {
    const options = { now: NOW, baseTime: timeOf(baseTime), allowedRemovals };
    expect(compareInventories(version(base), version(head), options)).toEqual([]);
  });

  it('finds the context alone where a cluster gains Kubernetes access and podlift annotates accounts that exist', () => {
    const { base, head } = GAINED_CONTEXT;
    const problems = compareInventories(version(base), version(head), { now: NOW });
    expect(problems.map(({ rule, severity }) => [rule, severity])).toEqual([['access-moved', 'warning']]);
  });

  it.each([
    ['create', ['service-account-management', 'access-moved']],
    ['annotate', ['service-account-management', 'access-moved']],
    ['none', ['access-moved']],
  ] as const)('finds once what a cluster loses with Kubernetes access, where two accounts are %s', (manage, rules) => {
    const { base, head } = lostContext(manage);
    const problems = compareInventories(version(base), version(head), { now: NOW });
    expect(problems.map(({ rule }) => rule)).toEqual(rules);
  });

  it('finds each cluster that loses Kubernetes access, with the workloads on it', () => {
    const base = onBatch('annotate', `${LATER}, clusters: [main, batch]`);
    const context = /^ *kubernetes: .*\n/gm;
    const replace = Object.entries(base.replace ?? {}).map(([from, to]) => [from, to.replace(context, '')]);
    const head = { ...base, replace: Object.fromEntries(replace) as Record<string, string> };
    const problems = compareInventories(version(base), version(head), { now: NOW });
    expect(problems.filter(({ rule }) => rule === 'service-account-management')).toEqual([
      expect.objectContaining({
        path: 'environments.dev.clusters.main',
        message: expect.stringMatching(/the service accounts of "api", "web"$/),
      }),
      expect.objectContaining({
        path: 'environments.dev.clusters.batch',
        message: expect.stringMatching(/the service accounts of "web"$/),
      }),
    ]);
  });

  it('has a case for each rule', () => {
    expect([...new Set(COMPARE_CASES.map(({ rule }) => rule))].sort()).toEqual(
      COMPARE_RULES.map(({ name }) => name).sort(),
    );
  });

  it('finds a wave ahead of the one that it waits for', () => {
    const head = version();
    const core = { key: 'core', after: 'pilot', stages: { prod: { stage: 'dual' as const } } };
    const problems = compareInventories(head, { ...head, waves: [...head.waves, core] }, { now: NOW });
    expect(problems.map(({ rule, message }) => [rule, message])).toContainEqual([
      'wave-ahead',
      'wave "core" is at dual in prod, ahead of "pilot" at prepared',
    ]);
  });
});
