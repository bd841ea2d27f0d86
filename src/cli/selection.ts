import type { Environment, Inventory } from '../inventory/Inventory';
import { requestedEnvironments } from '../inventory/requestedEnvironments';
import { didYouMean, listed } from '../inventory/suggest';
import { UsageError } from './UsageError';

/** Keys of the environments of a command: `--environment`, else `PODLIFT_ENVIRONMENT`, else all. Throws `UsageError` for an unknown one. */
export function selectEnvironments({ environments }: Inventory, option: string | undefined): readonly string[] {
  const known = environments.map(({ key }) => key);
  const asked =
    option === undefined ? requestedEnvironments(known) : requestedEnvironments(known, option, '--environment');
  if (asked.environments === undefined) throw new UsageError(asked.problem);
  return asked.environments;
}

/** The environment of a command that works on one: `--environment`, else `PODLIFT_ENVIRONMENT`, else the only one. Throws `UsageError` where that is not clear. */
export function selectEnvironment(inventory: Inventory, option: string | undefined): Environment {
  const selected = selectEnvironments(inventory, option);
  const [only, ...others] = inventory.environments.filter(({ key }) => selected.includes(key));
  if (only !== undefined && others.length === 0) return only;
  const known = inventory.environments.map(({ key }) => key);
  throw new UsageError(`name the environment: --environment ${known.join(' | ')}`);
}

/** Throws `UsageError` when `--wave` names none of the inventory's waves. */
export function requireWave({ waves }: Inventory, option: string | undefined): void {
  const keys = waves.map(({ key }) => key);
  if (option === undefined || keys.includes(option)) return;
  throw new UsageError(`--wave is "${option}": ${didYouMean(option, keys)}waves: ${listed(keys)}`);
}
