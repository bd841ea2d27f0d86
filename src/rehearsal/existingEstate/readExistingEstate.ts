import { type Finding, type Issue, mistake } from '../../inventory/Finding';
import { DISK } from '../../inventory/reading/FileTree';
import { READING_RULES } from '../../inventory/reading/readingRules';
import { LIST_KEYS, shapeIssues } from '../../inventory/schema/shapeIssues';
import { formatPath, isMap } from '../../inventory/source/plainData';
import { parseTree } from '../../inventory/source/parseSource';
import { findingIn, type Source } from '../../inventory/source/Source';
import { toPlain } from '../../inventory/source/toPlain';
import { estateIssues } from './estateIssues';
import { type ExistingEstate, existingEstateSchema } from './existingEstateSchema';

/** An estate from its file, or all that is wrong with the file. */
export type ReadEstate =
  { readonly estate: ExistingEstate; readonly text: string } | { readonly findings: readonly Finding[] };

/** The page with every key. */
const REFERENCE = 'docs/sandbox-estate.md';

/**
 * Reads the file of `podlift sandbox --estate`: YAML or JSON, with the rules of the inventory's files (no duplicate keys, no tags, numbers as in
 * JSON). All findings have line and column. Never throws.
 */
export function readExistingEstate(path: string): ReadEstate {
  const content = DISK.readText(DISK.realPath(path));
  const file = DISK.shownPath(DISK.realPath(path));
  if ('text' in content) return parseExistingEstate(content.text, file);
  const hint = content.rule === READING_RULES.notFound ? 'Name the file of an estate.' : content.hint;
  return {
    findings: [
      {
        severity: 'error',
        rule: content.rule.name,
        path: '',
        file,
        line: 1,
        column: 1,
        message: content.message,
        hint,
      },
    ],
  };
}

/** Reads an estate from the text of a file, which findings call `file`. Never throws. */
export function parseExistingEstate(text: string, file: string): ReadEstate {
  const { tree, mistake: first } = parseTree(text.replace(/^\uFEFF+/, ''));
  const { data, problems } = toPlain(tree.root);
  const wrong = first === undefined ? problems : [{ ...first, path: [] }];
  const notAMap =
    wrong.length === 0 && !isMap(data)
      ? [
          {
            ...mistake(READING_RULES.notAMap, `${file} is not a map`, 'Begin with `version: 1` and `accounts:`.'),
            path: [],
            offset: 0,
          },
        ]
      : [];
  const unreadable = [...wrong, ...notAMap].map(({ rule, message, hint, path, offset }): Finding => {
    return {
      severity: 'error',
      rule: rule.name,
      path: formatPath(path),
      file,
      ...tree.positionOf(offset),
      message,
      hint,
    };
  });
  if (unreadable.length > 0 || !isMap(data)) return { findings: unreadable };

  const source: Source = { file, data, written: new Map(), refused: new Set(), tree };
  const parsed = existingEstateSchema.safeParse(data, LIST_KEYS);
  const issues: readonly Issue[] = parsed.success
    ? [...estateIssues(parsed.data)]
    : shapeIssues(parsed.error.issues, data, REFERENCE);
  if (parsed.success && issues.length === 0) return { estate: parsed.data, text };
  const findings = issues.map((issue) => findingIn(source, issue));
  return { findings: findings.sort((a, b) => a.line - b.line || a.column - b.column) };
}
