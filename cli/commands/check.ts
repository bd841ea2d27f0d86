import { compareInventories } from '../../inventory/compare/compareInventories';
import type { Finding } from '../../inventory/Finding';
import { formatFindings, type FindingsFormat } from '../../inventory/formatFindings';
import { hasErrors } from '../../inventory/hasErrors';
import type { Inventory } from '../../inventory/Inventory';
import { inventoryFile } from '../../inventory/inventoryFile';
import { loadInventory } from '../../inventory/loadInventory';
import { readRevision } from '../../operations/git/readRevision';
import { colourWanted } from '../colourWanted';
import { examine } from '../examine';
import { EXIT } from '../exitCodes';
import { UsageError } from '../UsageError';

/** `base`: a git revision; the inventory as it stands in the working tree is compared with it. */
export interface CheckOptions {
  readonly base: string;
  readonly format: FindingsFormat;
}

/**
 * `podlift check --base <revision>`: the findings of `validate`, and what is wrong with the way from the inventory at the revision to the one that stands
 * here. Gives the exit code: 1 when one of the findings is an error. Throws `UsageError` when there is nothing to compare with: no
 * repository, an unknown revision, an inventory with errors there.
 */
export function check({ base, format }: CheckOptions, now: Date = new Date()): number {
  const file = inventoryFile();
  const { inventory, findings } = examine(file);
  if (inventory === undefined || hasErrors(findings)) {
    print(findings, format);
    console.error(`podlift check: ${file} has errors of its own; it is compared with ${base} when they are mended`);
    return EXIT.findings;
  }
  const before = readBase(file, base);
  if (before === undefined) {
    print(findings, format);
    console.error(`podlift check: ${file} is not in ${base}: all of it is new, and there is nothing to compare with`);
    return EXIT.ok;
  }
  const { locate } = loadInventory(file);
  const all = [...findings, ...compareInventories(before.inventory, inventory, now, before.committed).map(locate)];
  print(all, format);
  if (all.length === 0 && format === 'text') console.log(`${file}: no findings, compared with ${base}`);
  return hasErrors(all) ? EXIT.findings : EXIT.ok;
}

/** The inventory at a revision, and when that was committed; undefined when it was not there. */
function readBase(
  file: string,
  base: string,
): { readonly inventory: Inventory; readonly committed: Date | undefined } | undefined {
  const result = readRevision(file, base);
  if (!result.found) {
    if (result.why === 'absent') return undefined;
    throw new UsageError(`--base: ${result.message}`);
  }
  const { inventory, findings } = result.loaded;
  if (inventory !== undefined) return { inventory, committed: result.committed };
  const errors = findings.filter(({ severity }) => severity === 'error');
  console.error(formatFindings(errors, 'text', colourWanted(process.stderr)));
  throw new UsageError(
    `--base: the inventory at ${base} has errors (above), so nothing can be compared with it; name a revision whose inventory is sound`,
  );
}

function print(findings: readonly Finding[], format: FindingsFormat): void {
  if (findings.length > 0 || format === 'json')
    console.log(formatFindings(findings, format, colourWanted(process.stdout)));
}
