import { placesOf } from '../../estate/places';
import type { Ports } from '../../estate/Ports';
import { answerOf } from '../../estate/questions';
import type { Inventory } from '../../inventory/Inventory';
import type { Difference } from '../../operations/drift/Difference';
import { drift, driftQuestions } from '../../operations/drift/drift';
import { estateFor } from '../estateFor';

/** Whether AWS has the adopted roles at the stage that their entries say was found. */
export interface FoundCheck {
  /** Entries with which AWS disagrees. */
  readonly differences: readonly Difference[];
  /** Keys of workloads whose role could not be read. */
  readonly unchecked: readonly string[];
}

/**
 * Compares each workload of the environments that says `found` with AWS: the sandbox has a role as its entry says, and cannot know better. Asks
 * nothing where no entry says so. Nothing is changed anywhere.
 */
export async function checkFound(
  inventory: Inventory,
  environments: readonly string[],
  ports: () => Ports,
): Promise<FoundCheck> {
  const claimed = inventory.environments.flatMap(({ key, account, workloads }) =>
    environments.includes(key)
      ? workloads.filter(({ found }) => found !== undefined).map((workload) => ({ account, workload }))
      : [],
  );
  if (claimed.length === 0) return { differences: [], unchecked: [] };
  const request = { environments, onlyFound: true };
  const estate = await estateFor(driftQuestions(inventory, request), placesOf(inventory), ports());
  return {
    differences: drift(inventory, request, estate).differences,
    unchecked: claimed
      .filter(
        ({ account, workload }) => !answerOf(estate, { ask: 'role', account: account.id, name: workload.role.name }).ok,
      )
      .map(({ workload }) => workload.key),
  };
}
