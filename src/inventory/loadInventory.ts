import type { Finding, Problem } from './Finding';
import { hasErrors } from './hasErrors';
import type { Inventory } from './Inventory';
import type { Issue, Segments } from './Issue';
import { readSources, type ReadSources } from './reading/readSources';
import type { Model } from './resolve/Model';
import { resolveInventory } from './resolve/resolveInventory';
import { soundPart } from './soundPart';
import { RULES } from './rules/rules';
import { SHAPE_RULES } from './rules/shapeRules';
import { checkShape } from './schema/checkShape';
import { unknownKey } from './schema/shapeIssues';
import { findPosition } from './source/findPosition';
import { formatPath } from './source/formatPath';
import { type CheckedSource, type Merged, mergeSources } from './source/mergeSources';
import { parsePath } from './source/parsePath';
import type { Source } from './source/Source';

/** What came of loading an inventory. */
export interface LoadedInventory {
  /** Present when no finding is an error. */
  readonly inventory?: Inventory;
  /**
   * What of the inventory has no error, itself and in all that it refers to; `inventory` when nothing has. For checks that should not wait until
   * the rest is mended: counts over it are lower bounds, and nothing is built from it. Absent when a file could not be read.
   */
  readonly sound?: Inventory;
  /** All findings, errors and warnings, in the order of files, lines and columns. */
  readonly findings: readonly Finding[];
  /** The files it was read from, as findings name them, the first one first. */
  readonly files: readonly string[];
  /** Gives a problem its place. A path that does not exist stands where its nearest ancestor does. */
  readonly locate: (problem: Problem) => Finding;
}

/**
 * Loads an inventory and everything that it includes, checks it, and resolves it. Never throws for what stands in the files: whatever is
 * wrong comes back as findings, all of one run.
 *
 * @param file path of the first file, relative to the current folder or absolute
 */
export function loadInventory(file: string): LoadedInventory {
  return checkSources(readSources(file));
}

/** The pure part of loading: everything after the files were read. */
export function checkSources({ sources, findings, files, complete }: ReadSources): LoadedInventory {
  const checked = checkedSources(sources);
  const merged = mergeSources(checked);
  const placeIn = (source: Source | undefined, { path, at, severity, rule, message, hint }: Issue): Finding => ({
    severity,
    rule,
    path: formatPath(path),
    file: source?.file ?? files[0] ?? '',
    ...(source ? findPosition(source, path, at) : { line: 1, column: 1 }),
    message,
    hint,
  });
  const place = (issue: Issue): Finding => placeIn(merged.sourceOf(issue.path), issue);

  const all: Placed[] = [...findings, ...merged.findings].map((finding) => ({
    finding,
    about: `${finding.line}:${finding.column}`,
  }));
  for (const { source, shape } of checked) {
    for (const [, key] of source.written) all.push({ finding: placeIn(source, unknownKey(key, [])) });
    for (const issue of shape.issues) {
      const finding = placeIn(source, issue);
      if (!source.refused.has(finding.path)) all.push({ finding });
    }
  }
  const [first] = sources;
  if (first && complete && !('version' in first.data)) all.push({ finding: placeIn(first, VERSION_MISSING) });

  // What a file that could not be read defines is not known: references to it cannot be told from wrong ones.
  const resolved = complete ? resolveInventory(merged) : undefined;
  for (const issue of resolved ? [...resolved.issues, ...ruleIssues(resolved.model)] : []) {
    all.push({ finding: place(issue), about: issue.about });
  }
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
    for (const { severity = rule.severities[0] ?? 'error', ...found } of rule.check(model)) {
      yield { ...found, severity, rule: rule.name };
    }
  }
}

const VERSION_MISSING: Issue = {
  severity: 'error',
  rule: SHAPE_RULES.missingKey.name,
  path: ['version'] satisfies Segments,
  message: '"version" is missing',
  hint: 'Begin the first file with `version: 1`.',
};

interface Placed {
  readonly finding: Finding;
  readonly about?: string | undefined;
}

/** By place. What a rule finds at a path in several environments is said once, as the error if it is one in any. */
function inOrder(placed: readonly Placed[], files: readonly string[]): readonly Finding[] {
  const unique = new Map<string, Finding>();
  for (const { finding, about = '' } of placed) {
    const id = [finding.file, finding.path, finding.rule, about].join('\n');
    const before = unique.get(id);
    if (!before || (before.severity === 'warning' && finding.severity === 'error')) unique.set(id, finding);
  }
  const rank = new Map(files.map((file, index) => [file, index]));
  const rankOf = ({ file }: Finding): number => rank.get(file) ?? 0;
  return [...unique.values()].sort((a, b) => rankOf(a) - rankOf(b) || a.line - b.line || a.column - b.column);
}
