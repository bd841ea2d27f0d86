import { dirname, isAbsolute, relative, sep } from 'node:path';
import { errorAt, type Finding, mistake, type Mistake } from '../Finding';
import { parseSource } from '../source/parseSource';
import type { PolicyFile } from '../source/parsePolicy';
import { findingIn, findPosition, type Source } from '../source/Source';
import { DISK, type FileTree } from './FileTree';
import { baseOf, expandGlob, MAX_VISITED } from './globs';
import { readPolicies } from './readPolicies';
import { READING_RULES } from './readingRules';

/** All files of an inventory, the first file first. */
export interface ReadSources {
  readonly sources: readonly Source[];
  readonly findings: readonly Finding[];
  /** Names of all opened files as findings show them, also of unreadable files and of policies. */
  readonly files: readonly string[];
  /** The policies of `resourcePolicies`, by `policyKey`. Absent: none. */
  readonly policies?: ReadonlyMap<string, PolicyFile>;
  /** False when `sources` lacks the content of a file: references to it cannot be checked. */
  readonly complete: boolean;
}

/** A pattern of a file's `include`. */
interface Include {
  readonly source: Source;
  readonly index: number;
}

/** Where an inventory is read from, and which files it may include. */
export interface ReadingOptions {
  /** Default: the files of this machine. */
  readonly files?: FileTree;
  /** Whether `include` may leave the repository. Default: `PODLIFT_INCLUDE_OUTSIDE` is `1`. */
  readonly includeOutside?: boolean;
}

/** Reads a file and everything that it includes, each file once. It never throws. */
export function readSources(
  rootFile: string,
  { files: tree = DISK, includeOutside = process.env.PODLIFT_INCLUDE_OUTSIDE === '1' }: ReadingOptions = {},
): ReadSources {
  const { realPath, shownPath } = tree;
  const sources: Source[] = [];
  const findings: Finding[] = [];
  const files: string[] = [];
  const policyFiles = new Set<string>();
  const policies = new Map<string, PolicyFile>();
  const includedAt = new Map<string, string>();
  const visits = { count: 0 };
  let complete = true;

  function read(path: string, chain: readonly string[], include?: Include): void {
    const file = shownPath(path);
    files.push(file);
    const content = tree.readText(path);
    if (!('text' in content)) {
      complete = false;
      findings.push(include ? includeFinding(include, content) : rootFinding(rootFile, file, content));
      return;
    }
    const parsed = parseSource(content.text, file);
    for (const finding of parsed.findings) findings.push(finding);
    if (!parsed.source) {
      complete = false;
      return;
    }
    sources.push(parsed.source);
    const listed = readPolicies(parsed.source, path, tree, (reached) => !isInside(realPath(reached), boundary.folder));
    for (const [key, policy] of listed.policies) policies.set(key, policy);
    for (const finding of listed.findings) findings.push(finding);
    for (const one of listed.files) policyFiles.add(one);
    follow(parsed.source, path, chain);
  }

  function follow(source: Source, path: string, chain: readonly string[]): void {
    for (const { pattern, index } of includePatterns(source)) {
      const include = { source, index };
      const refuse = (...parts: Parameters<typeof mistake>): void => {
        findings.push(includeFinding(include, mistake(...parts)));
      };
      if (isAbsolute(pattern) || pattern.includes('\\') || /^[a-z]:/i.test(pattern)) {
        const hint = `Write it relative to the folder of ${source.file}.`;
        refuse(READING_RULES.includePattern, `the pattern "${pattern}" is not a relative path with /`, hint);
        continue;
      }
      const folder = dirname(path);
      const leaves = (reached: string): boolean => {
        if (isInside(realPath(reached), boundary.folder)) return false;
        complete = false;
        const where = reached === baseOf(folder, pattern) ? '' : `: it matches ${shownPath(reached)}`;
        refuse(READING_RULES.includeOutside, `"${pattern}" leaves ${boundary.name}${where}`, OUTSIDE_HINT);
        return true;
      };
      // Before anything is searched: the names of files outside are nobody's business.
      if (leaves(baseOf(folder, pattern))) continue;
      const matches = expandGlob(folder, pattern, tree, visits);
      if (matches === undefined) {
        complete = false;
        const most = MAX_VISITED.toLocaleString('en');
        const message = `"${pattern}" searches more than ${most} files and folders`;
        refuse(READING_RULES.includeTooMany, message, 'Name the folder of the inventory files in the pattern.');
        return;
      }
      if (matches.length === 0) {
        complete = false;
        const hint = `Correct or remove the pattern. It is relative to the folder of ${source.file}.`;
        refuse(READING_RULES.includeNoMatch, `no file matches "${pattern}"`, hint);
      }
      const inside = matches.filter((match) => !leaves(match));
      tree.expect(inside.map(realPath));
      for (const match of inside) {
        const real = realPath(match);
        const { line, column } = findPosition(source, ['include', index]);
        const start = chain.indexOf(real);
        const before = includedAt.get(real);
        if (start >= 0) {
          const cycle = [...chain.slice(start), real].map(shownPath).join(' → ');
          const hint = 'Remove this include, or narrow its pattern so that it excludes that file.';
          refuse(READING_RULES.includeCycle, `${cycle} is a cycle`, hint);
        } else if (before !== undefined) {
          const hint = 'Remove one of the two, or narrow its pattern.';
          refuse(READING_RULES.includeTwice, `${before} already includes ${shownPath(real)}`, hint);
        } else {
          includedAt.set(real, `${source.file}:${line}:${column}`);
          read(real, [...chain, real], include);
        }
      }
    }
  }

  const root = realPath(rootFile);
  const boundary = includeOutside ? ANYWHERE : tree.boundaryOf(root);
  read(root, [root]);
  return { sources, findings, files: [...files, ...policyFiles], complete, policies };
}

function rootFinding(rootFile: string, file: string, { rule, message, hint }: Mistake): Finding {
  const isRelative = rule === READING_RULES.notFound && !isAbsolute(rootFile);
  const relative = isRelative ? `: "${rootFile}" is relative to the current folder` : '';
  const position = { line: 1, column: 1 };
  return { severity: 'error', rule: rule.name, path: '', file, ...position, message: message + relative, hint };
}

function includePatterns(source: Source): readonly { pattern: string; index: number }[] {
  const { include } = source.data;
  if (!Array.isArray(include)) return [];
  return include.flatMap((pattern: unknown, index) =>
    typeof pattern === 'string' && pattern !== '' ? [{ pattern, index }] : [],
  );
}

function includeFinding({ source, index }: Include, found: Mistake): Finding {
  return findingIn(source, errorAt(['include', index], found));
}

const ANYWHERE = { folder: undefined, name: '' };

const OUTSIDE_HINT =
  'Move the file into the repository. If you trust what is outside, add --include-outside or set PODLIFT_INCLUDE_OUTSIDE=1.';

/** True for a path below a folder; git's own folder does not count, since its configuration can contain passwords. */
function isInside(path: string, folder: string | undefined): boolean {
  if (folder === undefined) return true;
  const below = relative(folder, path);
  if (isAbsolute(below)) return false;
  const names = below.split(sep);
  return names[0] !== '..' && !names.some((name) => name.toLowerCase() === '.git');
}
