import { readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { errorAt, type Finding, mistake, type Mistake } from '../Finding';
import { parseSource } from '../source/parseSource';
import { findingIn, findPosition, type Source } from '../source/Source';
import { expandGlob } from './globs';
import { MAX_FILE_BYTES, READING_RULES } from './readingRules';

/** All files of an inventory, the first file first. */
export interface ReadSources {
  readonly sources: readonly Source[];
  readonly findings: readonly Finding[];
  /** Names of all opened files as findings show them, also of unreadable files. */
  readonly files: readonly string[];
  /** False when `sources` lacks the content of a file: references to it cannot be checked. */
  readonly complete: boolean;
}

/** A pattern of a file's `include`. */
interface Include {
  readonly source: Source;
  readonly index: number;
}

/** Reads a file and everything that it includes, each file once. It never throws. */
export function readSources(rootFile: string): ReadSources {
  const sources: Source[] = [];
  const findings: Finding[] = [];
  const files: string[] = [];
  const includedAt = new Map<string, string>();
  let complete = true;

  function read(path: string, chain: readonly string[], include?: Include): void {
    const file = shownPath(path);
    files.push(file);
    const content = readText(path, file);
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
      const matches = expandGlob(dirname(path), pattern);
      if (matches.length === 0) {
        complete = false;
        const hint = `Correct or remove the pattern. It is relative to the folder of ${source.file}.`;
        refuse(READING_RULES.includeNoMatch, `no file matches "${pattern}"`, hint);
      }
      for (const match of matches) {
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
  read(root, [root]);
  return { sources, findings, files, complete };
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

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}

/** A path as findings show it: relative to the current folder if it is below it. */
function shownPath(path: string): string {
  const below = relative(realPath('.'), path);
  return below === '' || below.startsWith('..') || isAbsolute(below) ? path : below.replaceAll('\\', '/');
}

/**
 * Reads one file as UTF-8 text. It never throws: a missing file, a folder, a file of more than 5 MiB, and a file that is not text give a
 * mistake. `shown` is the name of the file in messages.
 */
export function readText(path: string, shown: string): { readonly text: string } | Mistake {
  let bytes: Buffer;
  try {
    // Before opening the file: opening a pipe would wait for a writer.
    const status = statSync(path);
    if (!status.isFile()) {
      const kind = status.isDirectory() ? 'a folder' : 'a device or a pipe';
      return mistake(READING_RULES.notAFile, `${shown} is ${kind}, not a file`, 'Name the YAML file itself.');
    }
    if (status.size > MAX_FILE_BYTES) return tooLarge(shown, status.size);
    bytes = readFileSync(path);
  } catch (error) {
    return unreadable(path, shown, (error as NodeJS.ErrnoException).code ?? 'unknown');
  }
  if (bytes.length > MAX_FILE_BYTES) return tooLarge(shown, bytes.length);
  const hint = 'Save the inventory as UTF-8 text.';
  const nul = bytes.indexOf(0);
  if (nul >= 0) return mistake(READING_RULES.notText, `${shown} is not text: byte ${nul + 1} is NUL`, hint);
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return mistake(READING_RULES.notText, `${shown} is not UTF-8 text`, hint);
  }
}

function tooLarge(shown: string, size: number): Mistake {
  const bytes = (count: number): string => count.toLocaleString('en');
  return mistake(
    READING_RULES.tooLarge,
    `${shown} has ${bytes(size)} bytes; ${bytes(MAX_FILE_BYTES)} are allowed`,
    'Split it into several files, and name them under `include`.',
  );
}

function unreadable(path: string, shown: string, code: string): Mistake {
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return mistake(
      READING_RULES.notFound,
      `there is no file ${resolve(path)}`,
      'Create the file, go to its folder, or name another file with the environment variable PODLIFT_INVENTORY.',
    );
  return mistake(READING_RULES.unreadable, `${shown} cannot be read: ${code}`, 'Check its permissions and its links.');
}
