import type { Inventory } from '../../inventory/Inventory';
import { didYouMean, listed } from '../../inventory/suggest';
import type { StepRequest } from '../../operations/gate/Step';
import { selectEnvironment } from '../selection';
import { UsageError } from '../UsageError';

/**
 * The step that an operator means by a wave and an environment (`--environment`, else `PODLIFT_ENVIRONMENT`, else the only one).
 * Throws `UsageError` where there is no such wave or environment, or none is named and there are several.
 */
export function stepRequest(
  inventory: Inventory,
  wave: string,
  environment: string | undefined,
  direction: StepRequest['direction'],
): StepRequest {
  const names = inventory.waves.map(({ key }) => key);
  if (!names.includes(wave))
    throw new UsageError(`there is no wave "${wave}": ${didYouMean(wave, names)}waves: ${listed(names)}`);
  return { wave, environment: selectEnvironment(inventory, environment).key, direction };
}
