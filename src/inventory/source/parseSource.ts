import { isScalar, LineCounter, type Node, parseDocument, visit } from 'yaml';
import { type Finding, mistake, type Mistake } from '../Finding';
import { READING_RULES } from '../reading/readingRules';
import { suggest } from '../suggest';
import { emptyMap, formatPath, isMap, type PlainMap } from './plainData';
import { SECTIONS, type Source, type YamlTree } from './Source';
import { type MistakeAt, NESTS_TOO_DEEP, syntaxMistake } from './syntaxMistake';
import { toPlain } from './toPlain';

/**
 * Parses the text of one file, which findings call `file`. A byte order mark and Windows line ends are allowed. It never throws. `source` is
 * absent when nothing in the file can be used.
 */
export function parseSource(
  text: string,
  file: string,
): { readonly source?: Source; readonly findings: readonly Finding[] } {
  // The YAML parser skips one mark itself, and its offsets would not count it.
  const content = text.replace(/^\uFEFF+/, '');
  const { tree, mistake: first } = parseTree(content);
  const quotes = OWN_KEY.test(content);
  const finding = (found: Mistake, offset: number, path = ''): Finding => {
    const { rule, message, hint } = quotes || !QUOTING.has(found.rule) ? found : notShown(found.rule, file);
    const place = { path: quotes ? path : '', file, ...tree.positionOf(offset) };
    return { severity: 'error', rule: rule.name, ...place, message, hint };
  };
  if (first) return { findings: [finding(first, first.offset)] };
  const { root } = tree;
  if (root === null || (isScalar(root) && root.value === null))
    return { findings: [finding(mistake(READING_RULES.empty, `${file} is empty`, BEGIN), 0)] };
  const { data, problems } = toPlain(root);
  const fatal = problems.find(({ endsAll }) => endsAll);
  if (fatal) return { findings: [finding(fatal, fatal.offset, formatPath(fatal.path))] };
  if (isMap(data)) {
    const findings = problems.map((problem) => finding(problem, problem.offset, formatPath(problem.path)));
    const refused = new Set(problems.flatMap(({ path, at }) => (at === 'value' ? [formatPath(path)] : [])));
    const corrected = correctedKeys(data);
    if (!isInventory(corrected)) return { findings: [finding(notShown(READING_RULES.notAnInventory, file), 0)] };
    return { source: { file, ...corrected, refused, tree }, findings };
  }
  const kind = Array.isArray(data) ? 'a list' : `one ${typeof data}`;
  const notAMap = mistake(READING_RULES.notAMap, `${file} contains ${kind}, not a map`, BEGIN);
  const [problem = { ...notAMap, offset: root.range?.[0] ?? 0 }] = problems;
  return { findings: [finding(problem, problem.offset)] };
}

const BEGIN =
  'Begin with `version: 1`, then `accounts:`, `environments:` and `workloads:`; examples/ has complete inventories.';

/** Rules whose messages quote the file. */
const QUOTING: ReadonlySet<unknown> = new Set([
  READING_RULES.syntax,
  READING_RULES.tag,
  READING_RULES.alias,
  READING_RULES.number,
  READING_RULES.duplicateKey,
  READING_RULES.keyNotText,
  READING_RULES.reservedKey,
  READING_RULES.notAnInventory,
]);

/** A line of an inventory, also of one that is not YAML. A `version` alone is in many files. */
const OWN_KEY =
  /(?:^|[{,])[ \t]*(?:["']?(?:include|accounts|environments|waves|workloads)["']?[ \t]*:|["']?version["']?[ \t]*:[ \t]*["']?\d+["']?[ \t\r]*(?:[,}#]|$))/m;

/**
 * True for a file with a section of an inventory, and for one whose keys are all those of an inventory. Other files can be anything, also a
 * secret: a key that other programs have too, as `include`, counts only with a value of the right kind.
 */
function isInventory({ data, written }: Pick<Source, 'data' | 'written'>): boolean {
  const keys = Object.keys(data);
  if (written.size > 0 || keys.some((key) => hasSection(data, key))) return true;
  if (!keys.every((key) => KNOWN.has(key))) return false;
  const { version } = data;
  return !(keys.length === 1 && (isMap(version) || (typeof version === 'string' && /[^\d.]/.test(version))));
}

function hasSection(data: Readonly<PlainMap>, key: string): boolean {
  if (key === 'include') return Array.isArray(data[key]);
  return REFERRED_TO.includes(key) && (data[key] === null || isMap(data[key]));
}

/** A mistake in a file that is not an inventory: whoever names a file in `include` must not learn its content. */
function notShown(rule: Mistake['rule'], file: string): Mistake {
  return mistake(
    rule,
    `${file} is not an inventory: it has no map ${SECTIONS.join(', ')}, and no list include`,
    'Name an inventory file. podlift does not show the content of other files.',
  );
}

/** Parses a text into its tree. It returns only the first mistake: most later ones follow from it. */
export function parseTree(text: string): { readonly tree: YamlTree; readonly mistake?: MistakeAt } {
  const lines = new LineCounter();
  const positionOf: YamlTree['positionOf'] = (offset) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const refused = (offset: number) => ({
    tree: { root: null, anchors: new Map(), positionOf },
    mistake: { ...NESTS_TOO_DEEP, offset },
  });
  const deep = tooDeepAt(text);
  if (deep !== undefined) {
    for (let start = 0; start <= deep; start = text.indexOf('\n', start) + 1 || Infinity) lines.addNewLine(start);
    return refused(deep);
  }
  try {
    const { contents, errors } = parseDocument(text, {
      lineCounter: lines,
      // toPlain finds duplicate keys: the parser would compare each key with all before it.
      uniqueKeys: false,
      prettyErrors: false,
      // `silent` would also hide that there are several documents.
      logLevel: 'error',
    });
    const [error] = errors;
    return {
      tree: { root: contents, anchors: anchorsOf(text, contents), positionOf },
      ...(error && { mistake: syntaxMistake(error, text) }),
    };
  } catch (error) {
    // The parser recurses: deep nesting below the limit can still exhaust a small stack.
    if (!(error instanceof RangeError)) throw error;
    return refused(0);
  }
}

function anchorsOf(text: string, root: Node | null): ReadonlyMap<string, Node> {
  const anchors = new Map<string, Node>();
  if (!text.includes('&')) return anchors;
  visit(root, {
    Value: (_key, node) => {
      if (node.anchor !== undefined) anchors.set(node.anchor, node);
    },
  });
  return anchors;
}

/** Far above MAX_DEPTH, which toPlain checks, and far below the depth that keeps the parser busy for minutes. */
const MOST_OPEN = 1000;
const DASHES_IN_A_ROW = /^ *(?:[-?] +){100}/m;

/**
 * The offset where a text nests so deep that the parser would take minutes or exhaust the stack: the 1,001st open bracket, or a line of a
 * hundred dashes. Quotes are ignored: no real text has a thousand unclosed brackets in quotes.
 */
function tooDeepAt(text: string): number | undefined {
  let open = 0;
  for (const { 0: bracket, index } of text.matchAll(/[[\]{}]/g)) {
    open = bracket === '[' || bracket === '{' ? open + 1 : Math.max(0, open - 1);
    if (open > MOST_OPEN) return index;
  }
  return DASHES_IN_A_ROW.exec(text)?.index;
}

const REFERRED_TO: readonly string[] = [...SECTIONS, 'include'];
const KNOWN: ReadonlySet<string> = new Set([...REFERRED_TO, 'version']);

/**
 * Corrects mistyped section keys if the file does not have the right key. The mistake is then one finding, instead of one for every
 * reference to an entry of the section.
 */
function correctedKeys(content: Readonly<PlainMap>): Pick<Source, 'data' | 'written'> {
  const written = new Map<string, string>();
  const data = emptyMap();
  for (const [key, value] of Object.entries(content)) {
    const free = REFERRED_TO.filter((name) => !(name in content) && !written.has(name));
    const meant = KNOWN.has(key) ? undefined : suggest(key, free);
    if (meant !== undefined) written.set(meant, key);
    data[meant ?? key] = value;
  }
  return { data, written };
}
