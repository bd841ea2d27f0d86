import fc from 'fast-check';
import { compileWorkload } from '../../src/blueprint/compileWorkload';
import { STAGE_TABLE } from '../../src/blueprint/stageTable';
import { podAccess } from '../../src/comparison/access';
import { type Cluster, STAGES, type Subject, type Target, type Workload } from '../../src/inventory/Inventory';
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

/** Up to five service accounts, each on some of the clusters: a cluster can have other names than the next. */
const subjectsOn = (keys: readonly string[], namespaces: readonly string[]): fc.Arbitrary<Subject[]> =>
  fc
    .uniqueArray(
      fc.record({
        namespace: fc.constantFrom(...namespaces),
        name: fc.constantFrom('x', 'y', 'z'),
        clusters: fc.subarray([...keys], { minLength: 1 }),
      }),
      { selector: ({ namespace, name }) => `${namespace}/${name}`, minLength: 1, maxLength: 5 },
    )
    .map((all) => all.map((one, index) => ({ ...one, manage: 'create', isFirst: index === 0, index })));

const workloadsOn = (keys: readonly string[]): fc.Arbitrary<Workload[]> =>
  fc
    .uniqueArray(
      fc.record({
        key: label,
        hasSeveral: fc.boolean(),
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
    .chain((all) =>
      fc.tuple(
        ...all.map((one) =>
          // A service account belongs to one workload.
          subjectsOn(one.clusters, [`${one.key}-1`, `${one.key}-2`]).map((subjects) => ({ ...one, subjects })),
        ),
      ),
    )
    .map((all) =>
      all.map(({ path, targets: own, subjects, hasSeveral, ...parts }) =>
        workloadOf({
          ...parts,
          ...(hasSeveral && { subjects }),
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

it('whatever service accounts a workload has, its role admits each of them on its clusters, and no other combination', () => {
  const keys = ['blue', 'green', 'red'];
  const all = keys.map((key) => clusterOf({ key }));
  const workloads = fc
    .record({ subjects: subjectsOn(keys, ['a', 'b', 'c']), stage: fc.constantFrom(...STAGES) })
    .map((parts) => workloadOf({ ...parts, clusters: keys }));
  fc.assert(
    fc.property(workloads, (workload) => {
      const environment = environmentOf({ clusters: all, workloads: [workload] });
      const { role } = compileWorkload(environment, workload);
      const row = STAGE_TABLE[workload.stage];
      for (const mode of ['irsa', 'pod-identity'] as const)
        for (const cluster of all)
          for (const namespace of ['a', 'b', 'c'])
            for (const name of ['x', 'y', 'z']) {
              const { result } = podAccess(role, environment, { namespace, name, sessionTags: true }, cluster, mode);
              const asked = workload.subjects.some(
                (one) => one.namespace === namespace && one.name === name && one.clusters.includes(cluster.key),
              );
              const trusted = mode === 'irsa' ? row.trustsOidc : row.trustsPodIdentity;
              expect([mode, cluster.key, namespace, name, result]).toEqual([
                mode,
                cluster.key,
                namespace,
                name,
                asked && trusted ? 'allowed' : 'denied',
              ]);
            }
    }),
    { numRuns: 60 },
  );
});
