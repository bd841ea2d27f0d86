import { dirname, resolve } from 'node:path';
import { errorAt, type Finding, hasErrors, type Issue, mistake, type Problem, type Segments } from './Finding';
import type { Environment, Inventory } from './Inventory';
import { type ReadingOptions, readSources, type ReadSources } from './reading/readSources';
import type { Model, PlacedWorkload } from './resolve/Model';
import { resolveInventory } from './resolve/resolveInventory';
import { unknownValue } from './rules/references/unknownValue';
import { RULES } from './rules/rules';
import { checkShape } from './schema/checkShape';
import { SHAPE_RULES, unknownKey } from './schema/shapeIssues';
import { type CheckedSource, type Merged, mergeSources } from './source/mergeSources';
import { formatPath, parsePath } from './source/plainData';
import { findingIn, type Source } from './source/Source';

/** A loaded inventory and its findings. */
export interface LoadedInventory {
  /** Present without errors. */
  readonly inventory?: Inventory;
  /**
   * The part of the inventory without errors in itself and in its references; `inventory` if there is no error. It lets later checks run
   * before all errors are fixed: their counts are lower bounds, and nothing is built from it. Absent when a file could not be read.
   */
  readonly sound?: Inventory;
  /** All findings, errors and warnings, in the order of files, lines and columns. */
  readonly findings: readonly Finding[];
  /** The names of all files as findings show them, the first file first. */
  readonly files: readonly string[];
  /** Adds the position to a problem. A path that does not exist gets the position of its nearest ancestor. */
  readonly locate: (problem: Problem) => Finding;
}

/**
 * Loads an inventory with everything that it includes, checks it, and resolves it. It returns all mistakes in the files as findings and
 * never throws for them.
 *
 * @param file path of the first file, relative to the current folder or absolute
 */
export function loadInventory(file: string, options: ReadingOptions = {}): LoadedInventory {
  const loaded = checkSources(readSources(file, options));
  return options.files === undefined ? inFolder(loaded, resolve(dirname(file))) : loaded;
}

/** Adds the folder of the first file where the place of a state starts there. */
function inFolder({ inventory, sound, ...loaded }: LoadedInventory, folder: string): LoadedInventory {
  const placed = (one: Inventory): Inventory =>
    one.environments.some(({ state }) => state !== undefined && 'local' in state) ? { ...one, folder } : one;
  const now = inventory && placed(inventory);
  return {
    ...loaded,
    ...(sound && { sound: sound === inventory && now ? now : placed(sound) }),
    ...(now && { inventory: now }),
  };
}

/** Checks and resolves files that are already read. */
export function checkSources({ sources, findings, files, complete, policies }: ReadSources): LoadedInventory {
  const checked = checkedSources(sources);
  const merged = mergeSources(checked);
  const place = ({ path, within, ...issue }: Issue): Finding => {
    if (within !== undefined) {
      const { severity, rule, message, hint } = issue;
      return { severity, rule, path: formatPath(path), ...within, message, hint };
    }
    const source = merged.sourceOf(path);
    if (source) return findingIn(source, { path, ...issue });
    const { severity, rule, message, hint } = issue;
    return { severity, rule, path: formatPath(path), file: files[0] ?? '', line: 1, column: 1, message, hint };
  };

  const all: TaggedFinding[] = [...findings, ...merged.findings].map((finding) => ({
    finding,
    about: `${finding.line}:${finding.column}`,
  }));
  for (const { source, shape } of checked) {
    for (const [, key] of source.written) all.push({ finding: findingIn(source, unknownKey(key, [])) });
    for (const issue of shape.issues) {
      const finding = findingIn(source, issue);
      if (!source.refused.has(finding.path)) all.push({ finding });
    }
  }
  const [first] = sources;
  if (first && complete && !('version' in first.data)) all.push({ finding: findingIn(first, VERSION_MISSING) });

  // The keys of an unreadable file are unknown, so references cannot be checked.
  const resolved = complete ? resolveInventory({ ...merged, ...(policies && { policies }) }) : undefined;
  for (const issue of resolved ? [...resolved.issues, ...ruleIssues(resolved.model)] : [])
    all.push({ finding: place(issue), about: issue.about });
  const ordered = inOrder(all, files);
  const sound = resolved && soundPart(resolved.model, ordered);
  return {
    ...(sound && { sound }),
    ...(resolved && !hasErrors(ordered) && { inventory: resolved.model.inventory }),
    findings: ordered,
    files,
    locate: (problem) => ({ ...place({ ...problem, path: parsePath(problem.path) }), path: problem.path }),
  };
}

/** What all files together write, without what is of the wrong kind; of an entry that stands twice, the first. */
export function writtenIn({ sources }: Pick<ReadSources, 'sources'>): Merged['written'] {
  return mergeSources(checkedSources(sources)).written;
}

function checkedSources(sources: readonly Source[]): readonly CheckedSource[] {
  return sources.map((source) => ({ source, shape: checkShape(source.data) }));
}

function* ruleIssues(model: Model): Generator<Issue> {
  for (const rule of RULES) {
    for (const { severity = rule.severities?.[0] ?? 'error', ...found } of rule.check(model)) {
      yield { ...found, severity, rule: rule.name };
    }
  }
}

const VERSION_MISSING = errorAt(
  ['version'],
  mistake(SHAPE_RULES.missingKey, '"version" is missing', 'Begin the first file with `version: 1`.'),
);

/** A finding, and what tells it apart from others of the same rule and path. */
interface TaggedFinding {
  readonly finding: Finding;
  readonly about?: string | undefined;
}

/** Sorts findings by position. Equal findings of several environments become one, an error if any of them is an error. */
function inOrder(tagged: readonly TaggedFinding[], files: readonly string[]): readonly Finding[] {
  const unique = new Map<string, Finding>();
  for (const { finding, about = '' } of tagged) {
    const id = [finding.file, finding.path, finding.rule, about].join('\n');
    const before = unique.get(id);
    if (!before || (before.severity === 'warning' && finding.severity === 'error')) unique.set(id, finding);
  }
  const rank = new Map(files.map((file, index) => [file, index]));
  const rankOf = ({ file }: Finding): number => rank.get(file) ?? 0;
  return [...unique.values()].sort((a, b) => rankOf(a) - rankOf(b) || a.line - b.line || a.column - b.column);
}

/**
 * The accounts, waves, environments, clusters and workloads without an error in themselves and in their references. Undefined when the
 * version of the file is unknown.
 */
function soundPart(model: Model, findings: readonly Finding[]): Inventory | undefined {
  const wrong = findings.filter(({ severity }) => severity === 'error');
  const paths = wrong.map(({ path }) => parsePath(path));
  if (paths.some(([top]) => top === undefined || top === 'version')) return undefined;

  // A missing value is reported once in its environment, but it breaks the workloads that use it.
  const causes = wrong.flatMap(({ rule, path }) => (rule === unknownValue.name ? [] : [parsePath(path)]));
  const broken = new Set(causes.map(ownerOf));
  for (const { path, environment } of model.unknownNames)
    broken.add(path[0] === 'workloads' ? id('workloads', path[1], environment) : ownerOf(path));

  const accountIsSound = ({ key, id: accountId }: { key: string; id: string }): boolean =>
    !broken.has(id('accounts', key)) && !model.standIns.has(accountId);
  // Any workload can run on a cluster that could not be read.
  const clustersAreRead = ({ key, clusters }: Environment): boolean =>
    (model.defined.clusters.get(key)?.size ?? 0) === clusters.length;
  const workloadIsSound = ({ workload, environment, clusters, isStageKnown }: PlacedWorkload): boolean =>
    isStageKnown &&
    clustersAreRead(environment) &&
    !broken.has(id('workloads', workload.key)) &&
    !broken.has(id('workloads', workload.key, environment.key)) &&
    !(workload.wave !== undefined && broken.has(id('waves', workload.wave))) &&
    workload.targets.every(({ account }) => accountIsSound(account)) &&
    clusters.every(({ key }) => !broken.has(id('environments', environment.key, key)));

  const sound = new Set(model.placed.filter(workloadIsSound).map(({ workload }) => workload));
  const { name, accounts, waves, environments } = model.inventory;
  return {
    ...(name !== undefined && { name }),
    accounts: accounts.filter(accountIsSound),
    waves: waves.filter(({ key }) => !broken.has(id('waves', key))),
    environments: environments
      .filter(({ key, account }) => !broken.has(id('environments', key)) && accountIsSound(account))
      .map((environment) => ({
        ...environment,
        clusters: environment.clusters.filter(({ key }) => !broken.has(id('environments', environment.key, key))),
        workloads: environment.workloads.filter((workload) => sound.has(workload)),
        ...(environment.released && { released: environment.released.filter((workload) => sound.has(workload)) }),
      })),
  };
}

/** The entry that an error breaks: an override breaks its workload in one environment, a cluster does not break its environment. */
function ownerOf([section, key, field, part]: Segments): string {
  if (section === 'expanded') return id('workloads', key);
  const isPart = field === PARTS.get(section) && part !== undefined;
  return isPart ? id(section, key, part) : id(section, key);
}

const PARTS: ReadonlyMap<unknown, string> = new Map([
  ['environments', 'clusters'],
  ['workloads', 'overrides'],
]);

function id(...parts: readonly (string | number | undefined)[]): string {
  return JSON.stringify(parts);
}
