import { addonRemoval } from '../../inventory/compare/compare';
import { compareInventories } from '../../inventory/compare/compareInventories';
import { formatFindings } from '../../inventory/formatFindings';
import { hasErrors } from '../../inventory/Finding';
import type { Inventory } from '../../inventory/Inventory';
import { inventoryFile } from '../../inventory/inventoryFile';
import { loadInventory } from '../../inventory/loadInventory';
import { waveOrStage } from '../../inventory/rules/stages/waveOrStage';
import { didYouMean, listed } from '../../inventory/suggest';
import { readRevision } from '../../runners/git/readRevision';
import { colourWanted } from '../colourWanted';
import { examine } from '../examine';
import { EXIT } from '../exitCodes';
import { type FindingsFormat, printFindings } from '../printFindings';
import { UsageError } from '../UsageError';

/** `base`: a git revision; the inventory as it stands in the working tree is compared with it. */
export interface CheckOptions {
  readonly base: string;
  readonly format: FindingsFormat;
  /** What may be destroyed: keys of workloads, and `addon/NAME`. Default: none. */
  readonly allowRemoval?: readonly string[];
}

/** Before the inventory's first version there was nothing. */
const NOTHING: Inventory = { accounts: [], waves: [], environments: [] };

/**
 * `podlift check --base <revision>`: the findings of `validate`, and what is wrong with the way from the inventory at the revision to the one that stands
 * here. Gives the exit code: 1 when one of the findings is an error. Throws `UsageError` when there is nothing to compare with: no
 * repository, an unknown revision, an inventory with errors there.
 */
export function check({ base, format, allowRemoval = [] }: CheckOptions, now: Date = new Date()): number {
  const file = inventoryFile();
  const { inventory, findings } = examine(file);
  if (inventory === undefined || hasErrors(findings)) {
    printFindings('check', findings, format);
    console.error(`podlift check: ${file} has errors of its own; it is compared with ${base} when they are fixed`);
    return EXIT.findings;
  }
  const before = readBase(file, base);
  if (before === undefined) {
    console.error(`podlift check: ${file} is not in ${base}: all of it is new`);
  }
  const { inventory: earlier, committed: baseTime } = before ?? { inventory: NOTHING, committed: undefined };
  requireKnown(allowRemoval, earlier, base);
  const { locate } = loadInventory(file);
  const problems = compareInventories(earlier, inventory, { now, baseTime, allowedRemovals: allowRemoval });
  const all = [...findings, ...problems.map(locate)];
  printFindings('check', all, format);
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
    if (result.why === 'absent') {
      if (result.gone.length === 0) return undefined;
      throw new UsageError(
        `--base: ${file} is not in ${base}, which has ${listed(result.gone)} instead. To compare with nothing would accept every removal: move the file in a change of its own, without other edits.`,
      );
    }
    throw new UsageError(`--base: ${result.message}`);
  }
  const { inventory, sound, findings } = result.loaded;
  if (inventory !== undefined) return { inventory, committed: result.committed };
  const errors = findings.filter(({ severity }) => severity === 'error');
  // A version from before this rule: the change that writes the stages must be comparable.
  if (sound !== undefined && errors.every(({ rule }) => rule === waveOrStage.name)) {
    console.error(
      `podlift check: workloads with neither wave nor stage at ${base}: ${errors.length}; they are compared as if they were new`,
    );
    return { inventory: sound, committed: result.committed };
  }
  console.error(formatFindings(errors, 'text', colourWanted(process.stderr)));
  throw new UsageError(
    `--base: the inventory at ${base} has errors (above), so nothing can be compared with it; name a revision whose inventory is sound`,
  );
}

/** Throws `UsageError` for a workload or add-on that the earlier version does not have: a mistyped name would accept nothing. */
function requireKnown(names: readonly string[], { environments }: Inventory, base: string): void {
  const workloads = new Set(environments.flatMap((one) => one.workloads.map(({ key }) => key)));
  const installed = environments.flatMap(({ clusters }) => clusters.flatMap(({ addons }) => addons));
  const addons = new Set(installed.map(({ name }) => addonRemoval(name)));
  const known = new Set([...workloads, ...addons]);
  for (const name of names) {
    if (known.has(name)) continue;
    const others = addons.size === 0 ? '' : `; add-ons: ${listed([...addons])}`;
    throw new UsageError(
      `--allow-removal is "${name}": ${didYouMean(name, known)}workloads at ${base}: ${listed([...workloads])}${others}`,
    );
  }
}
