import fc from 'fast-check';
import { type Cluster, STAGES, type Target, type Workload } from '../../src/inventory/Inventory';
import { proveInventory } from '../../src/proof/proveInventory';
import { clusterOf, environmentOf, inventoryOf, roleSettingsOf, targetOf, workloadOf } from '../blueprint/inventoryOf';

const label = fc.stringMatching(/^[a-z]([a-z0-9-]{0,10}[a-z0-9])?$/);

const clusters: fc.Arbitrary<Cluster[]> = fc
  .uniqueArray(label, { minLength: 1, maxLength: 4 })
  .chain((keys) => fc.tuple(...keys.map((key) => fc.boolean().map((managed) => ({ key, managed })))))
  .map((parts) =>
    parts.map(({ key, managed }) => {
      const cluster = clusterOf({ key });
      return {
        ...cluster,
        oidc: { issuer: cluster.oidc!.issuer, provider: managed ? 'managed' : 'existing', adopt: false },
      };
    }),
  );

/** Targets in the account of the cluster or in another one; by EKS or by the app, not both: see docs/PROOF.md. */
const targets: fc.Arbitrary<Target[]> = fc
  .tuple(fc.uniqueArray(label, { maxLength: 3 }), fc.boolean(), fc.boolean())
  .map(([keys, byEks, here]) =>
    (byEks ? keys.slice(0, 1) : keys).map((key) =>
      targetOf({
        key,
        via: byEks ? 'association' : 'workload',
        account: here ? { key: 'apps-prod', id: '333333333333' } : { key: 'data-prod', id: '444444444444' },
      }),
    ),
  );

const workloadsOn = (keys: readonly string[]): fc.Arbitrary<Workload[]> =>
  fc
    .uniqueArray(
      fc.record({
        key: label,
        namespace: label,
        stage: fc.constantFrom(...STAGES),
        sessionTags: fc.boolean(),
        targets,
        clusters: fc.subarray([...keys], { minLength: 1 }),
        path: fc.constantFrom('/', '/podlift/', '/a/b/'),
        compute: fc.constantFrom('ec2' as const, 'auto' as const, 'hybrid' as const),
      }),
      { selector: ({ key }) => key, minLength: 1, maxLength: 4 },
    )
    .map((all) =>
      all.map(({ path, targets: own, ...parts }) =>
        workloadOf({
          ...parts,
          role: roleSettingsOf({ name: `role-${parts.key}`, path }),
          targets: own.map((target) => ({ ...target, role: { name: `target-${parts.key}--${target.key}`, path } })),
        }),
      ),
    );

it('whatever an inventory has, the proof holds at every stage and in every step', () => {
  const inventories = clusters.chain((all) =>
    workloadsOn(all.map(({ key }) => key)).map((workloads) => inventoryOf(environmentOf({ clusters: all, workloads }))),
  );
  fc.assert(
    fc.property(inventories, (inventory) => {
      const { failures, gated, workloads } = proveInventory(inventory);
      expect(failures.map(({ message }) => message)).toEqual([]);
      expect(gated.map((loss) => loss.workloads)).toEqual([{ prod: workloads }, { prod: workloads }]);
    }),
    { numRuns: 60 },
  );
});
