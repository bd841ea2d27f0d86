import { errorAt, type Issue, type Segments } from '../Finding';
import { fits, type Format, misfit } from '../formats/Format';
import type { RepeatedKey, UnknownName } from './Model';

/** The findings of resolving an inventory. */
export interface Collector {
  readonly unknownNames: UnknownName[];
  readonly repeatedKeys: RepeatedKey[];
  readonly issues: Issue[];
}

/** Replaces the names in a text and checks the format of the result. `path` is the path of the text. */
export interface Replacer {
  (text: string, path: () => Segments, format?: Format): string;
  /** Reports a key of a map that equals another one after its names are replaced. */
  readonly repeatedKey: (found: Omit<RepeatedKey, 'environment'>) => void;
}

/** The names of an environment: built-in names, `accounts.NAME`, and its `values`. */
export interface KnownNames {
  readonly environment: string;
  readonly known: readonly string[];
  /** `null` for a name whose value is unknown: the name stays in the text, and the format of the text is not checked. */
  readonly lookUp: (name: string) => string | null | undefined;
}

/** A replacer for one environment. It adds its findings to the collector. */
export function replacer({ environment, known, lookUp }: KnownNames, collector: Collector): Replacer {
  const replaced = new Map<string, Replaced & { readonly isOpen: boolean }>();
  const fitting = new Map<Format, Set<string>>();

  function replace(text: string): Replaced & { readonly isOpen: boolean } {
    const before = replaced.get(text);
    if (before) return before;
    const open: string[] = [];
    const found = replaceNames(text, (name) => {
      const value = lookUp(name);
      if (value !== null) return value;
      open.push(name);
      return `{${name}}`;
    });
    const result = { ...found, isOpen: open.length + found.unknown.length > 0 };
    replaced.set(text, result);
    return result;
  }

  const replaceIn = (text: string, path: () => Segments, format?: Format): string => {
    const result = replace(text);
    for (const name of result.unknown) collector.unknownNames.push({ name, environment, known, path: path() });
    if (!format || text === '' || result.isOpen) return result.text;
    const valid = fitting.get(format) ?? new Set<string>();
    fitting.set(format, valid);
    if (valid.has(result.text)) return result.text;
    if (fits(format, result.text)) {
      valid.add(result.text);
      return result.text;
    }
    const shown = JSON.stringify(text);
    const value = text === result.text ? shown : `${shown}, which is ${JSON.stringify(result.text)} in ${environment},`;
    collector.issues.push(errorAt(path(), misfit(format, value)));
    return result.text;
  };
  return Object.assign(replaceIn, {
    repeatedKey: (found: Omit<RepeatedKey, 'environment'>) =>
      void collector.repeatedKeys.push({ ...found, environment }),
  });
}

/** A text with names replaced, and the unknown names that are still in it. */
interface Replaced {
  readonly text: string;
  readonly unknown: readonly string[];
}

/** The start of a text that stays, or a whole `{name}`. */
const BRACE = /[$%{]\{|\{([A-Za-z][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+)*)\}/g;

/**
 * Replaces each `{name}` once, from left to right; names inside replaced values stay. `${…}`, `%{…}` and `{{…}}` stay unchanged with their whole
 * content, and so do braces around other texts, such as `{}` and `{a,b}`.
 */
export function replaceNames(text: string, lookUp: (name: string) => string | undefined): Replaced {
  let result = '';
  let done = 0;
  const unknown: string[] = [];
  for (const { 0: found, 1: name, index } of text.matchAll(BRACE)) {
    if (index < done) continue;
    const value = name === undefined ? undefined : lookUp(name);
    if (name !== undefined && value === undefined) unknown.push(name);
    const end = name === undefined ? closingBrace(text, index + (found === '{{' ? 0 : 1)) : index + found.length;
    result += text.slice(done, index) + (value ?? text.slice(index, end));
    done = end;
  }
  return { text: result + text.slice(done), unknown };
}

/** The offset after the brace that closes an open one; the end of the text without such a brace. */
function closingBrace(text: string, open: number): number {
  let depth = 0;
  for (let index = open; index < text.length; index++) {
    if (text[index] === '{') depth += 1;
    if (text[index] === '}') depth -= 1;
    if (depth === 0) return index + 1;
  }
  return text.length;
}
