import { proveInventory } from '../../proof/proveInventory';
import type { Inventory } from '../../inventory/Inventory';
import { formatFindings } from '../../inventory/formatFindings';
import { hasErrors } from '../../inventory/Finding';
import { inventoryFile } from '../../inventory/inventoryFile';
import { loadInventory } from '../../inventory/loadInventory';
import { stdoutStyle } from '../report';
import { EXIT } from '../exitCodes';
import { jsonOutput } from '../jsonOutput';
import { proofText } from '../prove/proofText';
import { requireWave, selectEnvironments } from '../selection';

export interface ProveOptions {
  /** Default: `PODLIFT_ENVIRONMENT`, else all. */
  readonly environment?: string | undefined;
  /** Default: all workloads. */
  readonly wave?: string | undefined;
  readonly format: 'text' | 'json';
}

/**
 * `podlift prove`: prints what was proved, which steps need a gate, and each failure with file, line and column. Gives the exit code: 1 when the
 * inventory has errors or the proof fails. Throws `UsageError` for an unknown wave or environment.
 */
export function prove({ environment, wave, format }: ProveOptions): number {
  const file = inventoryFile();
  const { inventory, findings, locate } = loadInventory(file);
  const style = stdoutStyle();
  if (inventory === undefined) {
    if (format === 'text')
      console.log(
        `${formatFindings(findings, 'text', style.colour)}\n\nNothing was proved. Fix the errors in ${file} first.`,
      );
    else console.log(jsonOutput('prove', { holds: false, findings }));
    return EXIT.findings;
  }
  const scope = proofScope(inventory, environment, wave);
  const proof = proveInventory(inventory, scope);
  const failures = proof.failures.map((failure) => ({ ...failure, ...locate(failure) }));
  const holds = !hasErrors(failures);
  console.log(
    format === 'json' ? jsonOutput('prove', { holds, ...proof, failures }) : proofText(file, proof, failures, style),
  );
  return holds ? EXIT.ok : EXIT.findings;
}

/** The part of the inventory that is to be proved; everything when neither an environment nor a wave is named. */
function proofScope(
  inventory: Inventory,
  environment: string | undefined,
  wave: string | undefined,
): { readonly environment?: string; readonly wave?: string } {
  const [only, ...others] = selectEnvironments(inventory, environment);
  requireWave(inventory, wave);
  return {
    ...(only === undefined || others.length > 0 ? {} : { environment: only }),
    ...(wave === undefined ? {} : { wave }),
  };
}
