import { realpathSync } from 'node:fs';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import type { Finding } from '../Finding';
import type { RuleInfo } from '../RuleInfo';
import { findPosition } from '../source/findPosition';
import { formatPath } from '../source/formatPath';
import { parseSource } from '../source/parseSource';
import type { Source } from '../source/Source';
import { expandGlob } from './expandGlob';
import { READING_RULES } from './readingRules';
import { readText } from './readText';

/** All files of an inventory, the first one first. */
export interface ReadSources {
  readonly sources: readonly Source[];
  readonly findings: readonly Finding[];
  /** Names of all files that were opened, as findings call them, also of those that could not be read. */
  readonly files: readonly string[];
  /** False when the content of a file is missing from `sources`: what refers to it cannot be judged then. */
  readonly complete: boolean;
}

/** Reads a file and everything that it includes, each file once. Never throws. */
export function readSources(rootFile: string): ReadSources {
  const sources: Source[] = [];
  const findings: Finding[] = [];
  const files: string[] = [];
  const includedAt = new Map<string, string>();
  let complete = true;

  function read(path: string, chain: readonly string[], include?: { source: Source; index: number }): void {
    const shown = shownPath(path);
    files.push(shown);
    const content = readText(path, shown);
    if (!('text' in content)) {
      complete = false;
      findings.push(
        include
          ? includeFinding(include, content)
          : {
              ...content,
              rule: content.rule.name,
              severity: 'error',
              path: '',
              file: shown,
              line: 1,
              column: 1,
              message: content.message + (content.rule === READING_RULES.notFound ? lookedFor(rootFile) : ''),
            },
      );
      return;
    }
    const parsed = parseSource(content.text, shown);
    for (const finding of parsed.findings) findings.push(finding);
    if (!parsed.source) {
      complete = false;
      return;
    }
    sources.push(parsed.source);
    follow(parsed.source, path, chain);
  }

  function follow(source: Source, path: string, chain: readonly string[]): void {
    includePatterns(source).forEach(({ pattern, index }) => {
      const include = { source, index };
      const refuse = (rule: RuleInfo, message: string, hint: string): void => {
        findings.push(includeFinding(include, { rule, message, hint }));
      };
      if (isAbsolute(pattern) || pattern.includes('\\') || /^[a-z]:/i.test(pattern)) {
        refuse(
          READING_RULES.includePattern,
          `the pattern "${pattern}" is not a relative path with /`,
          `Write it relative to the folder of ${source.file}.`,
        );
        return;
      }
      const matches = expandGlob(dirname(path), pattern);
      if (matches.length === 0) {
        complete = false;
        refuse(
          READING_RULES.includeNoMatch,
          `no file matches "${pattern}"`,
          `The pattern is relative to the folder of ${source.file}: correct it, or remove it.`,
        );
      }
      for (const match of matches) {
        const real = realPath(match);
        const position = findPosition(source, ['include', index]);
        const cycle = chain.indexOf(real);
        const before = includedAt.get(real);
        if (cycle >= 0) {
          const circle = [...chain.slice(cycle), real].map(shownPath).join(' → ');
          refuse(
            READING_RULES.includeCycle,
            `${circle} is a circle`,
            'Remove this include, or narrow its pattern so that it leaves that file out.',
          );
        } else if (before !== undefined) {
          refuse(
            READING_RULES.includeTwice,
            `${shownPath(real)} is included already by ${before}`,
            'Remove one of the two, or narrow its pattern.',
          );
        } else {
          includedAt.set(real, `${source.file}:${position.line}:${position.column}`);
          read(real, [...chain, real], include);
        }
      }
    });
  }

  const root = realPath(rootFile);
  read(root, [root]);
  return { sources, findings, files, complete };
}

function lookedFor(file: string): string {
  return isAbsolute(file) ? '' : `: "${file}" was looked for in the current folder`;
}

function includePatterns(source: Source): readonly { pattern: string; index: number }[] {
  const { include } = source.data;
  if (!Array.isArray(include)) return [];
  return include.flatMap((pattern: unknown, index) =>
    typeof pattern === 'string' && pattern !== '' ? [{ pattern, index }] : [],
  );
}

function includeFinding(
  { source, index }: { source: Source; index: number },
  { rule, message, hint }: { rule: RuleInfo; message: string; hint: string },
): Finding {
  const path = ['include', index];
  return {
    severity: 'error',
    rule: rule.name,
    path: formatPath(path),
    file: source.file,
    ...findPosition(source, path),
    message,
    hint,
  };
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}

/** A path as findings show it: relative to the current folder when it is below it. */
function shownPath(path: string): string {
  const below = relative(realPath('.'), path);
  return below === '' || below.startsWith('..') || isAbsolute(below) ? path : below.replaceAll('\\', '/');
}
