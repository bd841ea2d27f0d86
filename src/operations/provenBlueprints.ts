import type { Blueprint } from '../blueprint/Blueprint';
import { compileLoaded } from '../blueprint/compileLoaded';
import { type Finding, hasErrors } from '../inventory/Finding';
import type { LoadedInventory } from '../inventory/loadInventory';
import { requestedEnvironments } from '../inventory/requestedEnvironments';
import { proveInventory } from '../proof/proveInventory';

/** The blueprints of which stacks may be written, or why there are none. */
export type Proven =
  | { readonly blueprints: readonly Blueprint[]; readonly findings: readonly Finding[] }
  | {
      readonly blueprints?: undefined;
      readonly findings: readonly Finding[];
      /** Failures of the proof, with file and line. Empty where the findings have errors, or no environment is asked for. */
      readonly failures: readonly Finding[];
      /** The environment that is asked for is unknown. */
      readonly problem?: string;
    };

/**
 * Compiles and proves the environments that are asked for: podlift writes no stack of an inventory that has an error, or whose proof fails. Reads nothing but
 * the loaded inventory.
 *
 * @param environment default: `PODLIFT_ENVIRONMENT`, else all
 * @param proof false skips the proof (`PODLIFT_PROOF=off`)
 */
export function provenBlueprints(
  loaded: LoadedInventory,
  { environment, proof = true }: { readonly environment?: string | undefined; readonly proof?: boolean } = {},
): Proven {
  const { inventory, locate } = loaded;
  const { blueprints, findings } = compileLoaded(loaded);
  if (inventory === undefined || hasErrors(findings)) return { findings, failures: [] };
  const requested = requestedEnvironments(
    blueprints.map((one) => one.environment),
    ...(environment === undefined ? ([] as const) : ([environment, '--environment'] as const)),
  );
  if (requested.environments === undefined) return { findings, failures: [], problem: requested.problem };
  const { environments } = requested;
  const failures = proof
    ? environments.flatMap((one) => proveInventory(inventory, { environment: one, oncePerGroup: true }).failures)
    : [];
  if (failures.length > 0) return { findings, failures: failures.map(locate) };
  return { findings, blueprints: blueprints.filter((one) => environments.includes(one.environment)) };
}
