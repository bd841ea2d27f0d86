import { proveInventory } from '../../proof/proveInventory';
import type { Inventory } from '../../inventory/Inventory';
import { formatFindings } from '../../inventory/formatFindings';
import { hasErrors } from '../../inventory/Finding';
import { inventoryFile } from '../../inventory/inventoryFile';
import { loadInventory } from '../../inventory/loadInventory';
import { requestedEnvironments } from '../../inventory/requestedEnvironments';
import { didYouMean, listed } from '../../inventory/suggest';
import { colourWanted } from '../colourWanted';
import { EXIT } from '../exitCodes';
import { jsonOutput } from '../jsonOutput';
import { proofText } from '../prove/proofText';
import { UsageError } from '../UsageError';

/** What of the inventory is to be proved; absent is all of it, `environment` falls back to `PODLIFT_ENVIRONMENT`. */
export interface ProveArguments {
  readonly environment?: string | undefined;
  readonly wave?: string | undefined;
  readonly format: 'text' | 'json';
}

/**
 * `podlift prove`: prints what was proved, what must be gated, and each failure with its place.
 * Gives the exit code: 1 when the inventory has errors or the proof fails. Throws `UsageError` for a wave or an environment that is none of the inventory's.
 */
export function prove({ environment, wave, format }: ProveArguments): number {
  const file = inventoryFile();
  const { inventory, findings, locate } = loadInventory(file);
  const colour = colourWanted(process.stdout);
  if (inventory === undefined) {
    if (format === 'text')
      console.log(`${formatFindings(findings, 'text', colour)}\n\nnothing is proved: mend ${file} first`);
    else console.log(jsonOutput('prove', { holds: false, findings }));
    return EXIT.findings;
  }
  const asked = selection(inventory, environment, wave);
  const proof = proveInventory(inventory, asked);
  const failures = proof.failures.map((failure) => ({ ...failure, ...locate(failure) }));
  const holds = !hasErrors(failures);
  console.log(
    format === 'json' ? jsonOutput('prove', { holds, ...proof, failures }) : proofText(file, proof, failures, colour),
  );
  return holds ? EXIT.ok : EXIT.findings;
}

function selection(
  inventory: Inventory,
  environment: string | undefined,
  wave: string | undefined,
): { readonly environment?: string; readonly wave?: string } {
  const known = inventory.environments.map(({ key }) => key);
  const [wanted, source] =
    environment === undefined
      ? [process.env.PODLIFT_ENVIRONMENT, 'PODLIFT_ENVIRONMENT']
      : [environment, '--environment'];
  const requested = requestedEnvironments(known, wanted, source);
  if (requested.environments === undefined) throw new UsageError(requested.problem);
  const waves = inventory.waves.map(({ key }) => key);
  if (wave !== undefined && !waves.includes(wave))
    throw new UsageError(`--wave is "${wave}": ${didYouMean(wave, waves)}waves: ${listed(waves)}`);
  const [only] = requested.environments;
  return {
    ...(wanted === undefined || wanted === '' || only === undefined ? {} : { environment: only }),
    ...(wave === undefined ? {} : { wave }),
  };
}
