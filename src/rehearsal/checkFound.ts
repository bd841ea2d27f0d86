import { placesOf } from '../estate/places';
import type { Ports } from '../estate/Ports';
import { answerOf } from '../estate/questions';
import type { Inventory } from '../inventory/Inventory';
import type { Difference } from '../operations/drift/Difference';
import { drift, driftQuestions } from '../operations/drift/drift';
import { readEstate, type ReadOptions } from '../estate/readEstate';

/** Whether the adopted roles stand in AWS at the stage that `found` says. */
export interface FoundCheck {
  /** The entries that differ from AWS. */
  readonly differences: readonly Difference[];
  /** Keys of workloads whose role could not be read, or whose stage depends on conditions that podlift cannot evaluate. */
  readonly unchecked: readonly string[];
}

/**
 * Asks AWS about each workload of the environments that has `found`: the sandbox creates the role as the entry says, also when AWS differs.
 * Asks nothing when no entry has it. Changes nothing.
 */
export async function checkFound(
  inventory: Inventory,
  environments: readonly string[],
  ports: () => Ports,
  onProgress?: ReadOptions['onProgress'],
): Promise<FoundCheck> {
  const claimed = inventory.environments.flatMap(({ key, account, workloads }) =>
    environments.includes(key)
      ? workloads.filter(({ found }) => found !== undefined).map((workload) => ({ account, workload }))
      : [],
  );
  if (claimed.length === 0) return { differences: [], unchecked: [] };
  const request = { environments, onlyFound: true };
  const estate = await readEstate(driftQuestions(inventory, request), ports(), placesOf(inventory), {
    ...(onProgress !== undefined && { onProgress }),
  });
  const { differences } = drift(inventory, request, estate);
  const unknown = new Set(differences.filter(({ holds }) => holds === 'unknown').map(({ workload }) => workload));
  return {
    differences: differences.filter(({ holds }) => holds === 'no'),
    unchecked: claimed
      .filter(
        ({ account, workload }) =>
          unknown.has(workload.key) ||
          !answerOf(estate, { ask: 'role', account: account.id, name: workload.role.name }).ok,
      )
      .map(({ workload }) => workload.key),
  };
}
