import { isMap, isSeq, type Node, type YAMLMap, type YAMLSeq } from 'yaml';
import type { Finding } from '../Finding';
import { isMap as isPlainMap, valueAt } from '../source/plainData';
import type { Source } from '../source/Source';
import { addEntries } from './addEntries';
import { type EditableFile, editFile } from './editFile';
import { scalarText } from './entryLines';
import { badForm, type Obstacle } from './obstacles';
import { anchorWithin, walkDown } from './walkDown';
import {
  endOf,
  indentBefore,
  isFlow,
  lastLineEnd,
  lineBreak,
  lineEnd,
  lineStart,
  pairOf,
  pairsOf,
  type Splice,
  startOf,
} from './yamlText';

/** One entry of a list of `expanded`. */
export interface ListedAccount {
  readonly namespace: string;
  readonly serviceAccount: string;
}

/** What changes in the list of a workload on a cluster. */
export interface AccountChange {
  /** The key of the workload under `expanded`. */
  readonly workload: string;
  /** The key of the list, as the file has it or gets it. */
  readonly reference: string;
  /** Accounts that the list does not have. */
  readonly added: readonly ListedAccount[];
  /** Accounts of the list that go. */
  readonly removed: readonly ListedAccount[];
}

/**
 * Changes one list of `expanded` in an inventory's file. Everything else stays: comments, blanks, quotes, the order of the entries. A new entry stands
 * before the first one that is greater by namespace and name, so that the result does not depend on the order in which accounts were found; an entry
 * that goes takes the comment on its line along. A missing list is added. It returns a finding when the file cannot be read or edited (see `addEntries`).
 */
export function setAccounts(file: EditableFile, change: AccountChange): { text: string } | { refusal: Finding } {
  const { workload, reference, added, removed } = change;
  const into = ['expanded', workload];
  const path = [...into, reference];
  const doing = `writing ${path.join('.')} into ${file.file}`;
  let plan: Plan | undefined;
  // The list is read from the text that is edited, so that entry and change cannot disagree.
  const read = editFile(file, {
    entries: [],
    splices: (_text, source) => {
      plan = planOf(source, path, change);
      return [];
    },
    path,
    doing,
  });
  if ('refusal' in read) return read;
  if (plan === undefined) {
    if (added.length === 0) return { text: file.text };
    const made = addEntries(file, [{ into, key: reference, value: added.toSorted(byText).map(plain) }]);
    return 'refusal' in made ? made : { text: made.edit.text };
  }
  const { final } = plan;
  if (added.length + removed.length === 0) return { text: file.text };
  const edited = editFile(file, {
    entries: [{ into, key: reference, value: final.map(plain) }],
    splices: (text, source) => listSplices(text, source, path, change),
    path,
    doing,
  });
  return 'refusal' in edited ? edited : { text: edited.mark + edited.after };
}

/** The list as it will be. */
interface Plan {
  readonly final: readonly ListedAccount[];
}

function planOf(source: Source, path: readonly string[], { added, removed }: AccountChange): Plan | undefined {
  const written = valueAt(source.data, path);
  if (!Array.isArray(written)) return undefined;
  const before = (written as readonly unknown[]).map(accountOf);
  const gone = new Set(removed.map(textOf));
  const after = positions(before, added);
  return {
    final: [...before.keys(), before.length].flatMap((index) => {
      const here = before[index];
      return [...(after.get(index) ?? []), ...(here === undefined || gone.has(textOf(here)) ? [] : [here])];
    }),
  };
}

/** New accounts by the index of the entry that they stand before; after all entries under their number. */
function positions(
  before: readonly ListedAccount[],
  added: readonly ListedAccount[],
): ReadonlyMap<number, readonly ListedAccount[]> {
  const result = new Map<number, ListedAccount[]>();
  for (const account of added.toSorted(byText)) {
    const found = before.findIndex((one) => byText(one, account) > 0);
    const index = found < 0 ? before.length : found;
    result.set(index, [...(result.get(index) ?? []), account]);
  }
  return result;
}

function listSplices(
  text: string,
  { tree, data }: Source,
  path: readonly string[],
  { added, removed }: AccountChange,
): readonly Splice[] | Obstacle {
  const [, , reference = ''] = path;
  const above = path.slice(0, -1);
  const { node, depth, obstacle } = walkDown(tree, above, (at) => `\`${path.slice(0, at).join('.')}\``);
  if (obstacle) return { ...obstacle, path };
  const pair = isMap(node) && depth === above.length ? pairOf(node, reference) : undefined;
  const list = pair?.value;
  const name = `\`${path.join('.')}\``;
  if (!pair || !isSeq(list)) return badForm(node, path, name);
  const anchored = anchorWithin(tree, list, name);
  if (anchored) return { ...anchored, path };
  const before = (valueAt(data, path) as readonly unknown[]).map(accountOf);
  const gone = new Set(removed.map(textOf));
  const at = positions(before, added);
  const items = list.items as Node[];
  if (isFlow(list)) {
    const kept = [...before.keys(), before.length].flatMap((index) => [
      ...(at.get(index) ?? []).map(accountText),
      ...(items[index] === undefined || gone.has(textOf(before[index]))
        ? []
        : [text.slice(startOf(items[index]), endOf(text, items[index]))]),
    ]);
    return (
      flowSplices(text, list, kept, isMap(node) && !isFlow(node) ? indentBefore(text, startOf(pair.key)) : undefined) ??
      badForm(list, path, name)
    );
  }
  const lines = items.map((item) => itemLines(text, item));
  const [first] = lines;
  if (first === undefined || lines.includes(undefined)) return badForm(list, path, name);
  const eol = lineBreak(text, startOf(pair.key));
  const splices: Splice[] = [];
  for (const [index, accounts] of at) {
    const from = lines[index - 1]?.end ?? first.before;
    splices.push({
      from,
      to: from,
      text: accounts.map((one) => `${eol}${first.indent}- ${accountText(one)}`).join(''),
    });
  }
  for (const [index, line] of lines.entries()) {
    // The break before the line goes with it: the last line of a file can have none behind it.
    if (line !== undefined && gone.has(textOf(before[index])))
      splices.push({ from: line.before, to: line.end, text: '' });
  }
  const isEmptied = at.size === 0 && before.every((one) => gone.has(textOf(one)));
  if (isEmptied) splices.push({ from: colonEnd(text, pair.key), to: colonEnd(text, pair.key), text: ' []' });
  return splices;
}

/** The offset behind the colon of a key. */
function colonEnd(text: string, key: Node): number {
  return text.indexOf(':', endOf(text, key)) + 1;
}

/** Offsets of the lines of an entry. */
interface ItemLines {
  /** Where the line before them ends, without its break. */
  readonly before: number;
  /** Where they end, without their break. */
  readonly end: number;
  readonly indent: string;
}

/** The whole lines of an entry of a block list; undefined where its line has more than the entry. */
function itemLines(text: string, item: Node): ItemLines | undefined {
  const from = lineStart(text, startOf(item));
  const dash = /^([ \t]*)- +$/.exec(text.slice(from, startOf(item)));
  if (!dash) return undefined;
  const end = isMap(item) && !isFlow(item) ? lastLineEndOf(text, item) : lineEnd(text, endOf(text, item));
  return { before: from - (/\r?\n$/.exec(text.slice(0, from))?.[0].length ?? 0), end, indent: dash[1] ?? '' };
}

function lastLineEndOf(text: string, item: YAMLMap): number {
  const last = pairsOf(item).at(-1);
  return last ? lastLineEnd(text, last) : lineEnd(text, endOf(text, item));
}

/**
 * A list between brackets: below its key as a block, where the key begins its line, else between brackets again. A comment inside has no place in either.
 */
function flowSplices(
  text: string,
  list: YAMLSeq,
  items: readonly string[],
  indent: string | undefined,
): readonly Splice[] | undefined {
  const from = startOf(list);
  const to = endOf(text, list);
  if (text.slice(from, to).includes('#')) return undefined;
  if (items.length === 0) return [{ from, to, text: '[]' }];
  const isMultiLine = items.some((item) => item.includes('\n'));
  if (indent === undefined || isMultiLine) return [{ from, to, text: `[${items.join(', ')}]` }];
  const eol = lineBreak(text, from);
  const start = text.slice(0, from).trimEnd().length;
  const blanks = `${indent}  `;
  const lines = items.map((item) => `${eol}${blanks}- ${item}`).join('');
  // What follows on the line is a comment: it stays behind the key.
  const end = lineEnd(text, to);
  const comment = text.slice(to, end);
  return [{ from: start, to: end, text: `${comment.trim() === '' ? '' : comment}${lines}` }];
}

function accountText({ namespace, serviceAccount }: ListedAccount): string {
  return `{ namespace: ${scalarText(namespace)}, serviceAccount: ${scalarText(serviceAccount)} }`;
}

function plain({ namespace, serviceAccount }: ListedAccount) {
  return { namespace, serviceAccount };
}

function accountOf(written: unknown): ListedAccount {
  const { namespace, serviceAccount } = isPlainMap(written) ? written : { namespace: '', serviceAccount: '' };
  return { namespace: String(namespace), serviceAccount: String(serviceAccount) };
}

function textOf(account: ListedAccount | undefined): string {
  return account === undefined ? '' : `${account.namespace}/${account.serviceAccount}`;
}

function byText(one: ListedAccount, other: ListedAccount): number {
  const pairs = [
    [one.namespace, other.namespace],
    [one.serviceAccount, other.serviceAccount],
  ] as const;
  for (const [a, b] of pairs) if (a !== b) return a < b ? -1 : 1;
  return 0;
}
