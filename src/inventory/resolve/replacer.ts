import type { Issue, Segments } from '../Issue';
import { fits, type Format, misfit } from '../formats/Format';
import type { UnknownName } from './Model';
import { replaceNames, type Replaced } from './replaceNames';

/** Collects what is found while an inventory is resolved. */
export interface Collector {
  readonly unknownNames: UnknownName[];
  readonly issues: Issue[];
}

/** Replaces the names in one text and checks the form of what comes out; `path` says where the text stands. */
export type Replacer = (text: string, path: () => Segments, format?: Format) => string;

/** The names that an environment knows: built in, `accounts.NAME`, and its own `values`. */
export interface KnownNames {
  readonly environment: string;
  readonly known: readonly string[];
  /** `null` for a name that is defined, but not known what it stands for: it is left as it is, and the text's form is not checked. */
  readonly lookUp: (name: string) => string | null | undefined;
}

/** A replacer for one environment. What it finds goes to the collector. */
export function replacer({ environment, known, lookUp }: KnownNames, collector: Collector): Replacer {
  const replaced = new Map<string, Replaced & { readonly isOpen: boolean }>();
  const fitting = new Map<Format, Set<string>>();

  function replace(text: string): Replaced & { readonly isOpen: boolean } {
    const before = replaced.get(text);
    if (before) return before;
    const left: string[] = [];
    const found = replaceNames(text, (name) => {
      const value = lookUp(name);
      if (value !== null) return value;
      left.push(name);
      return `{${name}}`;
    });
    const result = { ...found, isOpen: left.length + found.unknown.length > 0 };
    replaced.set(text, result);
    return result;
  }

  return (text, path, format) => {
    const result = replace(text);
    for (const name of result.unknown) collector.unknownNames.push({ name, environment, known, path: path() });
    if (!format || text === '' || result.isOpen) return result.text;

    const fine = fitting.get(format) ?? new Set<string>();
    fitting.set(format, fine);
    if (fine.has(result.text)) return result.text;
    if (fits(format, result.text)) {
      fine.add(result.text);
    } else {
      const shown =
        JSON.stringify(text) +
        (text === result.text ? '' : `, which is ${JSON.stringify(result.text)} in ${environment},`);
      collector.issues.push({
        severity: 'error',
        rule: format.name,
        path: path(),
        message: misfit(format, shown),
        hint: format.hint,
      });
    }
    return result.text;
  };
}
