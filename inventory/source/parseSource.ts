import { LineCounter, parseDocument, type Node, type YAMLParseError } from 'yaml';
import type { Finding } from '../Finding';
import { READING_RULES } from '../reading/readingRules';
import type { RuleInfo } from '../rules/Rule';
import { formatPath } from './formatPath';
import type { Source } from './Source';
import { toPlain } from './toPlain';

/** A text parsed. `source` is absent when nothing of it can be used. */
export interface ParsedSource {
  readonly source?: Source;
  readonly findings: readonly Finding[];
}

/**
 * Parses the text of one file, which findings call `file`. A byte order mark and Windows line ends are allowed. Never throws:
 * text that is not YAML gives one finding, its first mistake, because those after it mostly follow from it.
 */
export function parseSource(text: string, file: string): ParsedSource {
  const content = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const lines = new LineCounter();
  const positionOf: Source['positionOf'] = (offset) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const finding = (rule: RuleInfo, offset: number, message: string, hint: string, path = ''): Finding => ({
    severity: 'error',
    rule: rule.name,
    path,
    file,
    ...positionOf(offset),
    message,
    hint,
  });

  let root: Node | null;
  try {
    // Unique keys are checked in toPlain: the parser's own check compares each key with all before it.
    const document = parseDocument(content, { lineCounter: lines, uniqueKeys: false, prettyErrors: false, logLevel: 'silent' });
    const [mistake] = document.errors;
    if (mistake) return { findings: [syntaxFinding(mistake, finding)] };
    root = document.contents;
  } catch (error) {
    // The parser recurses: a text that nests some thousands of levels exhausts the stack.
    if (!(error instanceof RangeError)) throw error;
    return { findings: [finding(READING_RULES.depth, 0, `${file} nests too deep to be read`, 'Take levels out: no part of the format needs so many.')] };
  }
  if (root === null || isEmptyScalar(root)) {
    return { findings: [finding(READING_RULES.empty, 0, `${file} is empty`, EMPTY_HINT)] };
  }
  const { data, anchors, problems } = toPlain(root);
  const findings = problems.map((problem) => finding(problem.rule, problem.offset, problem.message, problem.hint, formatPath(problem.path)));
  if (data === null || typeof data !== 'object' || Array.isArray(data)) {
    if (findings.length > 0) return { findings };
    const kind = Array.isArray(data) ? 'a list' : `one ${typeof data}`;
    return { findings: [finding(READING_RULES.notAMap, root.range?.[0] ?? 0, `${file} holds ${kind}, not a map`, EMPTY_HINT)] };
  }
  return { source: { file, root, anchors, positionOf, data: data as Record<string, unknown> }, findings };
}

const EMPTY_HINT = 'Begin with `version: 1`, then `accounts:`, `environments:` and `workloads:`; examples/ has inventories that work.';

function isEmptyScalar(node: Node): boolean {
  return 'value' in node && node.value === null;
}

function syntaxFinding(
  mistake: YAMLParseError,
  finding: (rule: RuleInfo, offset: number, message: string, hint: string) => Finding,
): Finding {
  const offset = mistake.pos[0];
  switch (mistake.code) {
    case 'MULTIPLE_DOCS':
      return finding(READING_RULES.severalDocuments, offset, 'a second YAML document begins here', 'Put it into a file of its own and name that under `include`.');
    case 'TAG_RESOLVE_FAILED':
      return finding(READING_RULES.tag, offset, `a tag is not supported: ${mistake.message}`, 'Remove the tag and write the value plainly.');
    case 'BAD_ALIAS':
      return finding(READING_RULES.alias, offset, `an alias cannot be read: ${mistake.message}`, 'Write the value out where the alias is.');
    default:
      return finding(READING_RULES.syntax, offset, `this is not YAML: ${mistake.message}`, SYNTAX_HINTS[mistake.code] ?? 'Look at this line and the one before it.');
  }
}

const SYNTAX_HINTS: Readonly<Partial<Record<string, string>>> = {
  BAD_INDENT: 'Indent with the same number of blanks as the lines beside it.',
  TAB_AS_INDENT: 'Indent with blanks: YAML does not allow tabs.',
  MISSING_CHAR: 'Close the bracket or the quote that is open, or add the colon that is missing.',
  BAD_SCALAR_START: 'Put the text in quotes.',
  MULTILINE_IMPLICIT_KEY: 'A key stands on one line: is a colon missing at its end?',
  BAD_DQ_ESCAPE: 'In double quotes a backslash starts an escape: double it, or use single quotes.',
};
