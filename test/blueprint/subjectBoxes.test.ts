import fc from 'fast-check';
import { subjectBoxes } from '../../src/blueprint/subjectBoxes';
import type { Subject, SubjectPattern } from '../../src/inventory/Inventory';
import { clusterOf } from './inventoryOf';

const CLUSTERS = ['blue', 'green', 'red'].map((key) => clusterOf({ key }));
const KEYS = CLUSTERS.map(({ key }) => key);
const on = fc.subarray(KEYS, { minLength: 1 });

const subjects: fc.Arbitrary<Subject[]> = fc
  .uniqueArray(
    fc.record({
      namespace: fc.constantFrom('a', 'b', 'c', 'd'),
      name: fc.constantFrom('w', 'x', 'y', 'z'),
      clusters: on,
    }),
    { selector: ({ namespace, name }) => `${namespace}/${name}`, maxLength: 12 },
  )
  .map((all) => all.map((one, index) => ({ ...one, manage: 'create', isFirst: index === 0, index })));

const patterns: fc.Arbitrary<SubjectPattern[]> = fc.array(
  fc.record({
    namespaces: fc.uniqueArray(fc.constantFrom('pr-*', 'team-?', '*'), { minLength: 1 }),
    serviceAccounts: fc.uniqueArray(fc.constantFrom('app', 'job-*'), { minLength: 1 }),
    clusters: on,
  }),
  { maxLength: 4 },
);

/** `cluster namespace/name` of all that is asked for, or that boxes admit. */
function combinations(
  boxes: readonly { clusters: readonly string[]; namespaces: readonly string[]; serviceAccounts: readonly string[] }[],
): ReadonlySet<string> {
  return new Set(
    boxes.flatMap(({ clusters, namespaces, serviceAccounts }) =>
      clusters.flatMap((cluster) =>
        namespaces.flatMap((namespace) => serviceAccounts.map((name) => `${cluster} ${namespace}/${name}`)),
      ),
    ),
  );
}

it('the boxes of service accounts admit exactly what was asked for, and are never more than the entries', () => {
  fc.assert(
    fc.property(subjects, patterns, on, (named, byPattern, keys) => {
      const here = CLUSTERS.filter(({ key }) => keys.includes(key));
      const boxes = subjectBoxes({ subjects: named, patterns: byPattern }, here);
      const asked = (isPattern: boolean) =>
        isPattern
          ? byPattern
          : named.map((one) => ({ ...one, namespaces: [one.namespace], serviceAccounts: [one.name] }));
      for (const isPattern of [false, true]) {
        const own = boxes
          .filter((box) => box.isPattern === isPattern)
          .map((box) => ({ ...box, clusters: box.clusters.map(({ key }) => key) }));
        const wanted = asked(isPattern)
          .map((one) => ({ ...one, clusters: one.clusters.filter((key) => keys.includes(key)) }))
          .filter(({ clusters }) => clusters.length > 0);
        expect([...combinations(own)].toSorted()).toEqual([...combinations(wanted)].toSorted());
        expect(own.length).toBeLessThanOrEqual(wanted.length);
      }
    }),
    { numRuns: 500 },
  );
});

it.each<[string, readonly (readonly [string, string, readonly string[]])[], number]>([
  [
    'one namespace',
    [
      ['a', 'x', KEYS],
      ['a', 'y', KEYS],
      ['a', 'z', KEYS],
    ],
    1,
  ],
  [
    'one name in several namespaces',
    [
      ['a', 'x', KEYS],
      ['b', 'x', KEYS],
    ],
    1,
  ],
  [
    'a whole grid',
    [
      ['a', 'x', KEYS],
      ['a', 'y', KEYS],
      ['b', 'x', KEYS],
      ['b', 'y', KEYS],
    ],
    1,
  ],
  [
    'a grid without a corner',
    [
      ['a', 'x', KEYS],
      ['a', 'y', KEYS],
      ['b', 'x', KEYS],
    ],
    2,
  ],
  [
    'another name on each cluster',
    [
      ['a', 'x', ['blue']],
      ['a', 'y', ['green']],
    ],
    2,
  ],
  [
    'a diagonal',
    [
      ['a', 'x', KEYS],
      ['b', 'y', KEYS],
      ['c', 'z', KEYS],
    ],
    3,
  ],
])('%s makes few boxes', (_what, all, count) => {
  const named = all.map(([namespace, name, clusters], index): Subject => ({
    namespace,
    name,
    clusters,
    manage: 'create',
    isFirst: index === 0,
  }));
  expect(subjectBoxes({ subjects: named }, CLUSTERS)).toHaveLength(count);
});
