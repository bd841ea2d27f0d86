import fc from 'fast-check';
import type { Environment, Workload } from '../../src/inventory/Inventory';
import { proofGroupOf, proveInventory } from '../../src/proof/proveInventory';
import { stagedWorkloadOf } from '../../src/proof/stagedWorkload';
import {
  environmentOf,
  inventoryOf,
  NO_IMPORTS,
  targetOf,
  workloadOf,
  type WorkloadParts,
} from '../blueprint/inventoryOf';
import { inventoryOfKinds, KINDS } from './proofFixtures';

const READS = { actions: ['s3:GetObject'], resources: ['*'] };

/** A workload all of whose names are made of one word that stands nowhere else. */
function named(word: string, parts: WorkloadParts = {}): Workload {
  return workloadOf({
    ...parts,
    key: word,
    namespace: `${word}-ns`,
    serviceAccount: { name: `${word}-sa`, manage: 'create' },
    role: { name: `prod-${word}`, path: '/', adopt: false, tags: {}, imports: NO_IMPORTS },
    targets: (parts.targets ?? []).map((target) => ({ ...target, role: { name: `prod-${word}-target`, path: '/' } })),
  });
}

describe('workloads of one form', () => {
  const letter = fc.constantFrom('b', 'c', 'd', 'f', 'g', 'h', 'k', 'm', 'n', 'p', 'r', 'v', 'w', 'x');
  const word = fc.array(letter, { minLength: 3, maxLength: 8 }).map((letters) => `zq${letters.join('')}qz`);

  it.each(KINDS)('compile to documents that differ in their names alone: $key', (kind) => {
    fc.assert(
      fc.property(word, word, (one, other) => {
        fc.pre(!one.includes(other) && !other.includes(one));
        const [first, second] = [named(one, kind), named(other, kind)];
        const environment = environmentOf({ workloads: [first, second] });
        expect(proofGroupOf(environment, first)).toBe(proofGroupOf(environment, second));
        const [text, renamed] = [first, second].map((workload) =>
          JSON.stringify(stagedWorkloadOf(environment, workload).stages),
        );
        expect(renamed).toBe(text!.replaceAll(one, other));
      }),
      { numRuns: 20 },
    );
  });

  it('are counted as if each had been proved for itself', () => {
    const twins = KINDS.flatMap((kind) => [kind, { ...kind, key: `${kind.key ?? ''}-twin` }]);
    const inventory = inventoryOfKinds({}, twins);
    const { counts, gated } = proveInventory(inventory);
    expect(proveInventory(inventory, { oncePerGroup: true })).toMatchObject({ counts, gated, failures: [] });
  });

  it('do not speak for one whose own permissions stop a hop', () => {
    const targets = [targetOf()];
    const deny = { actions: ['sts:AssumeRole'], resources: ['*'], effect: 'Deny' as const };
    const workloads = [
      named('first', { targets }),
      named('second', { targets, permissions: { inlinePolicies: {}, managedPolicies: [], statements: [deny] } }),
    ];
    const { failures } = proveInventory(inventoryOf(environmentOf({ workloads })), { oncePerGroup: true });
    expect(new Set(failures.map(({ workload }) => workload))).toEqual(new Set(['second']));
  });
});

describe('a workload has no form', () => {
  const of = (parts: WorkloadParts, environment: Partial<Environment> = {}) =>
    proofGroupOf(environmentOf(environment), workloadOf(parts));
  const permitting = (statement: object) => ({
    permissions: { inlinePolicies: {}, managedPolicies: [], statements: [{ ...READS, ...statement }] },
  });

  it.each<[string, WorkloadParts, Partial<Environment>]>([
    [
      'that keeps trust statements',
      { role: { name: 'a', path: '/', adopt: true, tags: {}, imports: NO_IMPORTS, keepTrust: [{ Effect: 'Allow' }] } },
      {},
    ],
    ['that speaks of STS', permitting({ actions: ['sts:AssumeRole'] }), {}],
    ['that speaks of STS in other letters', permitting({ actions: ['STS:TagSession'] }), {}],
    ['that speaks of any service', permitting({ actions: ['*'] }), {}],
    ['that speaks of services by a pattern', permitting({ actions: ['s?s:AssumeRole'] }), {}],
    ['that denies anything', permitting({ effect: 'Deny' }), {}],
    ['whose target speaks of STS', { targets: [{ ...targetOf(), ...permitting({ actions: ['sts:*'] }) }] }, {}],
    ['whose environment has a tag like a session tag', {}, { tags: { 'Kubernetes-namespace': 'production' } }],
  ])('%s', (_, parts, environment) => {
    expect(of(parts, environment)).toBeUndefined();
  });

  it('but has one when it only reads a bucket', () => {
    expect(of(permitting({}))).toEqual(expect.any(String));
  });
});
