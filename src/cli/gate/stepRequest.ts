import type { Inventory } from '../../inventory/Inventory';
import { requestedEnvironments } from '../../inventory/requestedEnvironments';
import { didYouMean, listed } from '../../inventory/suggest';
import type { StepRequest } from '../../operations/gate/Step';
import { UsageError } from '../UsageError';

/**
 * The step that an operator means by a wave and an environment (`--environment`, else `PODLIFT_ENVIRONMENT`, else the only one).
 * Throws `UsageError` where there is no such wave or environment, or none is named and there are several.
 */
export function stepRequest(
  { waves, environments }: Inventory,
  wave: string,
  environment: string | undefined,
  direction: StepRequest['direction'],
): StepRequest {
  const names = waves.map(({ key }) => key);
  if (!names.includes(wave))
    throw new UsageError(`there is no wave "${wave}": ${didYouMean(wave, names)}waves: ${listed(names)}`);
  const known = environments.map(({ key }) => key);
  const asked =
    environment === undefined
      ? requestedEnvironments(known)
      : requestedEnvironments(known, environment, '--environment');
  if (asked.environments === undefined) throw new UsageError(asked.problem);
  const [only, ...others] = asked.environments;
  if (only === undefined || others.length > 0)
    throw new UsageError(`name the environment: --environment ${known.join(' | ')}`);
  return { wave, environment: only, direction };
}
