import { compile } from '../../blueprint/compile';
import { hasErrors } from '../../inventory/Finding';
import { inventoryFile } from '../../inventory/inventoryFile';
import { listed } from '../../inventory/suggest';
import { readRevision } from '../../runners/readRevision';
import type { Root } from '../../../stacks/roots';
import { UsageError } from '../exit';
import { printToStderr } from '../output';
import { type RenderedRoots, rootsOf } from '../renderRoots';

/** Stacks compared with those of a git revision. */
export interface ChangedStacks {
  /** Names of those that are new or have another root. */
  readonly changed: readonly string[];
  /** Names of those that only the revision has: no root destroys what they have. */
  readonly gone: readonly string[];
}

/**
 * Compares the roots with those that the inventory gave at a git revision. Throws `UsageError` where nothing can be compared: no repository, an unknown revision, an inventory
 * with errors there.
 *
 * @param out the folder of the roots
 */
export function changedStacks({ blueprints, roots }: RenderedRoots, out: string, revision: string): ChangedStacks {
  const file = inventoryFile();
  const result = readRevision(file, revision);
  if ('problem' in result) throw new UsageError(`--base: ${result.problem}`);
  if (!result.found) {
    if (result.gone.length === 0) return { changed: roots.map(({ name }) => name), gone: [] };
    throw new UsageError(`--base: ${file} is not in ${revision}, which has ${listed(result.gone)} instead`);
  }
  const { inventory, findings } = result.loaded;
  if (inventory === undefined) {
    printToStderr(findings.filter((one) => hasErrors([one])));
    throw new UsageError(`--base: the inventory at ${revision} has errors (above): name another revision`);
  }
  const asked = new Set(blueprints.map(({ environment }) => environment));
  const before = inventory.environments.filter(({ key }) => asked.has(key)).map(({ key }) => compile(inventory, key));
  return differences(rootsOf(before, out, { absoluteStates: true }), roots);
}

/** Which of the present stacks are new or have other files than before, and which are no longer there. */
export function differences(before: readonly Root[], now: readonly Root[]): ChangedStacks {
  const textOf = ({ files }: Root): string =>
    JSON.stringify([...files].sort(([one], [other]) => (one < other ? -1 : 1)));
  const earlier = new Map(before.map((root) => [root.name, textOf(root)]));
  const present = new Set(now.map(({ name }) => name));
  return {
    changed: now.filter((root) => earlier.get(root.name) !== textOf(root)).map(({ name }) => name),
    gone: [...earlier.keys()].filter((name) => !present.has(name)),
  };
}
