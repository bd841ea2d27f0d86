import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import type { Blueprint } from '../blueprint/Blueprint';
import { inventoryFile } from '../inventory/inventoryFile';
import { type LoadedInventory, loadInventory } from '../inventory/loadInventory';
import { provenBlueprints } from '../operations/provenBlueprints';
import { type WrittenRoots, RootsError, writeRoots } from '../runners/writeRoots';
import type * as Roots from '../../stacks/roots';
import type { Root } from '../../stacks/roots';
import { checkLocalStates, STATE_CHECK, StateError } from '../../stacks/localStates';
import { UsageError } from './exit';
import { busy, printError, printToStderr } from './output';
import { cdktfPath, printedCommand } from './started';

/** The roots of an inventory, as they stand in a folder. */
export interface RenderedRoots {
  readonly loaded: LoadedInventory;
  readonly blueprints: readonly Blueprint[];
  readonly roots: readonly Root[];
  readonly written: WrittenRoots;
}

/**
 * Loads, compiles and proves the inventory, and writes the roots of its stacks into a folder. Findings go to stderr. Gives nothing where podlift must
 * not write a stack: an error, a failed proof, or local states of another inventory. Throws `UsageError` for an unknown environment and a folder that cannot be written.
 *
 * @param environment default: `PODLIFT_ENVIRONMENT`, else all
 * @param absoluteStates see `roots` of stacks/roots.ts
 */
export function renderRoots(
  out: string,
  environment: string | undefined,
  {
    absoluteStates = false,
    env = process.env,
  }: { readonly absoluteStates?: boolean; readonly env?: NodeJS.ProcessEnv } = {},
): RenderedRoots | undefined {
  const file = inventoryFile(env);
  const proof = env.PODLIFT_PROOF !== 'off';
  const { loaded, proven } = busy(`proving ${file}`, () => {
    const read = loadInventory(file);
    return { loaded: read, proven: provenBlueprints(read, { environment, proof }) };
  });
  printToStderr(proven.findings);
  if (proven.blueprints === undefined) {
    if (proven.problem !== undefined) throw new UsageError(proven.problem);
    printToStderr(proven.failures);
    if (proven.failures.length > 0)
      printError(
        'No stack is written: the proof fails. `npx podlift prove` prints the details. PODLIFT_PROOF=off skips the proof.',
      );
    return undefined;
  }
  if (!proof)
    printError(
      'PODLIFT_PROOF=off: THE STACKS ARE WRITTEN WITHOUT PROOF. Run `npx podlift prove` before you apply them.',
    );
  const { blueprints } = proven;
  const stateDirectory = env.PODLIFT_STATE_DIRECTORY;
  try {
    if (env[STATE_CHECK] !== 'off') for (const one of blueprints) checkLocalStates(one, stateDirectory);
    const rendered = rootsOf(blueprints, out, { absoluteStates, env });
    const environments = blueprints.map((one) => one.environment);
    const isWhole = (loaded.inventory?.environments ?? []).every(({ key }) => environments.includes(key));
    const written = writeRoots(rendered, { out, environments, isWhole });
    return { loaded, blueprints, roots: rendered, written };
  } catch (error) {
    if (error instanceof RootsError) throw new UsageError(error.message);
    if (!(error instanceof StateError)) throw error;
    printError([error.message, ...error.commands.map((one) => `  ${printedCommand(one)}`)].join('\n'));
    return undefined;
  }
}

/** The roots of blueprints for a folder, without writing them. */
export function rootsOf(
  blueprints: readonly Blueprint[],
  out: string,
  { absoluteStates, env = process.env }: { readonly absoluteStates: boolean; readonly env?: NodeJS.ProcessEnv },
): readonly Root[] {
  const stateDirectory = env.PODLIFT_STATE_DIRECTORY;
  // cdktf's classes take a quarter of a second to load: a command that writes no stack does not load them.
  const { roots } = createRequire(__filename)('../../stacks/roots') as typeof Roots;
  return roots(blueprints, {
    // Terraform starts in the folder itself: `..` of a link's target is not `..` of the link.
    out: realPath(resolve(out)),
    home: realPath(resolve(cdktfPath('.'))),
    absoluteStates,
    ...(stateDirectory !== undefined && { stateDirectory }),
  });
}

/** A path without links; what does not exist yet is kept as it is. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const above = dirname(path);
    return above === path ? path : join(realPath(above), basename(path));
  }
}
