import { isScalar } from 'yaml';
import type { Finding } from '../Finding';
import { READING_RULES } from '../reading/readingRules';
import { formatPath } from './formatPath';
import type { Refusal } from './keyText';
import { meantKeys } from './meantKeys';
import { parseTree } from './parseTree';
import type { Source } from './Source';
import { toPlain, type PlainProblem } from './toPlain';

/** A text parsed. `source` is absent when nothing of it can be used. */
export interface ParsedSource {
  readonly source?: Source;
  readonly findings: readonly Finding[];
}

/**
 * Parses the text of one file, which findings call `file`. A byte order mark and Windows line ends are allowed. Never throws.
 */
export function parseSource(text: string, file: string): ParsedSource {
  const content = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const { tree, mistake } = parseTree(content);
  const finding = ({ rule, message, hint }: Refusal, offset: number, path = ''): Finding => {
    return { severity: 'error', rule: rule.name, path, file, ...tree.positionOf(offset), message, hint };
  };
  if (mistake) return { findings: [finding(mistake, mistake.offset)] };
  const { root } = tree;
  if (root === null || (isScalar(root) && root.value === null)) {
    return { findings: [finding({ rule: READING_RULES.empty, message: `${file} is empty`, hint: BEGIN }, 0)] };
  }
  const { data, problems } = toPlain(root);
  const fatal = problems.find(({ endsAll }) => endsAll);
  if (fatal) return { findings: [finding(fatal, fatal.offset, formatPath(fatal.path))] };
  if (isMap(data)) {
    const findings = problems.map((problem) => finding(problem, problem.offset, formatPath(problem.path)));
    return { source: { file, ...meantKeys(data), refused: refusedPaths(problems), tree }, findings };
  }
  const kind = Array.isArray(data) ? 'a list' : `one ${typeof data}`;
  const refusal = { rule: READING_RULES.notAMap, message: `${file} holds ${kind}, not a map`, hint: BEGIN };
  const [first = { ...refusal, offset: root.range?.[0] ?? 0 }] = problems;
  return { findings: [finding(first, first.offset)] };
}

const BEGIN =
  'Begin with `version: 1`, then `accounts:`, `environments:` and `workloads:`; examples/ has inventories that work.';

function refusedPaths(problems: readonly PlainProblem[]): ReadonlySet<string> {
  return new Set(problems.flatMap(({ path, at }) => (at === 'value' ? [formatPath(path)] : [])));
}

function isMap(data: unknown): data is Readonly<Record<string, unknown>> {
  return data !== null && typeof data === 'object' && !Array.isArray(data);
}
