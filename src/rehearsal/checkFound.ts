import type { Inventory } from '../inventory/Inventory';
import { compile } from '../blueprint/compile';
import type { Difference } from '../operations/drift/Difference';
import { askAdoption } from '../operations/drift/askAdoption';
import type { Ports } from '../estate/Ports';

/** Whether the adopted roles stand in AWS at the stage that `found` says. */
export interface FoundCheck {
  /** The entries that differ from AWS. */
  readonly differences: readonly Difference[];
  /** Keys of workloads whose role could not be read. */
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
): Promise<FoundCheck> {
  const differences: Difference[] = [];
  const unchecked: string[] = [];
  for (const environment of inventory.environments.filter(({ key }) => environments.includes(key))) {
    const claimed = environment.workloads.filter(({ found }) => found !== undefined);
    if (claimed.length === 0) continue;
    const asked = ports();
    const { account, region, clusters } = environment;
    const scope = { environment, blueprint: compile(inventory, environment.key), workloads: claimed, clusters };
    for (const workload of claimed) {
      const role = await asked.aws(account, region).role(workload.role.name);
      if (role.ok) differences.push(...(await Promise.all(askAdoption(scope, asked, workload))).flat());
      else unchecked.push(workload.key);
    }
  }
  return { differences, unchecked };
}
