import { AGENT } from '../../inventory/aws/knownAddons';
import { addonRemoval } from '../../inventory/compare/compare';
import { compareInventories } from '../../inventory/compare/compareInventories';
import { type Finding, hasErrors, type Problem, type Severity } from '../../inventory/Finding';
import type { Inventory } from '../../inventory/Inventory';
import { inventoryFile } from '../../inventory/inventoryFile';
import { loadInventory } from '../../inventory/loadInventory';
import { waveOrStage } from '../../inventory/rules/stages/waveOrStage';
import { didYouMean, listed } from '../../inventory/suggest';
import { newFiles } from '../../runners/newFiles';
import { readRevision } from '../../runners/readRevision';
import type { Grant } from '../../operations/review/Review';
import { isEvidenceName, requireEvidence } from '../../operations/review/requireEvidence';
import { reviewChange } from '../../operations/review/reviewChange';
import { allowedNotice, allowedTable } from '../check/allowedText';
import { busy, type FindingsFormat, jsonOutput, print, printError, printFindings, printToStderr } from '../output';
import { plainFinding } from '../../inventory/formatFindings';
import { stdoutStyle } from '../report';
import { examine } from '../examine';
import { EXIT, UsageError } from '../exit';

export interface CheckOptions {
  /** The git revision that the inventory of the working tree is compared with. */
  readonly base: string;
  readonly format: FindingsFormat;
  /** What may be destroyed: keys of workloads, and `addon/NAME`. Default: none. */
  readonly allowRemoval?: readonly string[];
  /** The lowest severity of a finding that gives exit code 1. Default: error. */
  readonly failOn?: Severity;
  /** Each step of a wave needs its evidence in the change. Default: no. */
  readonly requireEvidence?: boolean;
}

/** Compared with when the base does not have the inventory. */
const EMPTY: Inventory = { accounts: [], waves: [], environments: [] };

/**
 * `podlift check --base <revision>`: prints the findings of `validate`, what is wrong with the change from the inventory at the revision to the
 * inventory of the working tree, and what the change allows. Gives the exit code: 1 when a finding is an error, or with `failOn: warning` when there
 * is any. Throws `UsageError` when nothing can be compared: no
 * repository, an unknown revision, an inventory with errors there.
 */
export function check(
  { base, format, allowRemoval = [], failOn = 'error', requireEvidence: strict = false }: CheckOptions,
  now: Date = new Date(),
): number {
  const file = inventoryFile();
  const { inventory, findings } = examine(file);
  if (inventory === undefined || hasErrors(findings)) {
    printFindings('check', findings, format);
    printError(`podlift check: ${file} has errors and was not compared with ${base}. Fix the errors first.`);
    return EXIT.findings;
  }
  const before = busy(`reading ${base}`, () => readBase(file, base));
  if (before === undefined) printError(`podlift check: ${file} is not in ${base}: all of it is new`);
  const { inventory: earlier, committed: baseTime } = before ?? { inventory: EMPTY, committed: undefined };
  requireKnown(allowRemoval, earlier, base);
  const { locate } = loadInventory(file);
  const { problems, evidence, review } = busy(`comparing ${file} with ${base}`, () => ({
    problems: compareInventories(earlier, inventory, {
      ...{ now, baseTime, allowedRemovals: allowRemoval, revision: base },
    }),
    evidence: strict ? requireEvidence(earlier, inventory, evidenceIn(file, base)) : [],
    review: reviewChange(earlier, inventory),
  }));
  const all = [...findings, ...bySeverity([...problems, ...evidence, ...review.problems]).map(locate)];
  printChange(all, review.allowed, format);
  if (all.length === 0 && format === 'text') print(`${file}: no findings, compared with ${base}`);
  return hasErrors(all) || (failOn === 'warning' && all.length > 0) ? EXIT.findings : EXIT.ok;
}

/** The files of the change that can be evidence. */
function evidenceIn(file: string, base: string): ReturnType<typeof newFiles> {
  try {
    return newFiles(file, base, isEvidenceName);
  } catch (error) {
    throw new UsageError(`--require-evidence: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function bySeverity(problems: readonly Problem[]): readonly Problem[] {
  return (['error', 'warning'] as const).flatMap((one) => problems.filter(({ severity }) => severity === one));
}

/** Prints the findings, then everything that the change allows as one table. */
function printChange(findings: readonly Finding[], allowed: readonly Grant[], format: FindingsFormat): void {
  if (format === 'json') {
    console.log(jsonOutput('check', { findings: findings.map(plainFinding), allowed }));
    return;
  }
  printFindings('check', findings, format);
  if (allowed.length === 0) return;
  if (format === 'github') console.log(allowedNotice(allowed));
  else print(`\n${allowedTable(allowed, stdoutStyle())}`);
}

/** The inventory at a revision, and when that was committed; undefined when the revision does not have the file. */
function readBase(
  file: string,
  base: string,
): { readonly inventory: Inventory; readonly committed: Date | undefined } | undefined {
  const result = readRevision(file, base);
  if ('problem' in result) throw new UsageError(`--base: ${result.problem}`);
  if (!result.found) {
    if (result.gone.length === 0) return undefined;
    throw new UsageError(
      `--base: ${file} is not in ${base}, which has ${listed(result.gone)} instead. A comparison with nothing would accept every removal: move the file in a change of its own, without other edits.`,
    );
  }
  const { inventory, sound, findings } = result.loaded;
  if (inventory !== undefined) return { inventory, committed: result.committed };
  const errors = findings.filter(({ severity }) => severity === 'error');
  // A version from before this rule: the change that adds the stages must be comparable.
  if (sound !== undefined && errors.every(({ rule }) => rule === waveOrStage.name)) {
    printError(
      `podlift check: workloads with neither wave nor stage at ${base}: ${errors.length}; they are compared as if they were new`,
    );
    return { inventory: sound, committed: result.committed };
  }
  printToStderr(errors);
  throw new UsageError(
    `--base: the inventory at ${base} has errors (above), so nothing can be compared with it. Name a revision whose inventory has no errors.`,
  );
}

/** Throws `UsageError` for a workload or add-on that the earlier version does not have: the name is mistyped. */
function requireKnown(names: readonly string[], { environments }: Inventory, base: string): void {
  const workloads = new Set(environments.flatMap((one) => one.workloads.map(({ key }) => key)));
  const installed = environments.flatMap(({ clusters }) =>
    clusters.flatMap(({ addons, agent }) => [
      ...addons.map(({ name }) => name),
      // Without `keep` a rollback removes the agent by itself.
      ...(agent?.keep === true ? [AGENT] : []),
    ]),
  );
  const addons = new Set(installed.map(addonRemoval));
  const known = new Set([...workloads, ...addons]);
  for (const name of names) {
    if (known.has(name)) continue;
    const others = addons.size === 0 ? '' : `; add-ons: ${listed([...addons])}`;
    throw new UsageError(
      `--allow-removal is "${name}": ${didYouMean(name, known)}workloads at ${base}: ${listed([...workloads])}${others}`,
    );
  }
}
