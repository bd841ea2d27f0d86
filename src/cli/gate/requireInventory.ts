import { hasErrors } from '../../inventory/Finding';
import { formatFindings } from '../../inventory/formatFindings';
import type { Inventory } from '../../inventory/Inventory';
import { colourWanted } from '../colourWanted';
import { examine } from '../examine';

/** The inventory that the environment variables name, or nothing where it has errors; its findings go to stderr. */
export function requireInventory(): Inventory | undefined {
  const { inventory, findings } = examine();
  if (findings.length > 0) console.error(formatFindings(findings, 'text', colourWanted(process.stderr)));
  return hasErrors(findings) ? undefined : inventory;
}
