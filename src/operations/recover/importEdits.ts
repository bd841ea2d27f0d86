import { addEntries } from '../../inventory/edit/addEntries';
import type { NewEntry } from '../../inventory/edit/editFile';
import { removeEntry } from '../../inventory/edit/removeEntry';
import type { Plain } from '../../inventory/edit/entryLines';
import { EDIT_RULES } from '../../inventory/edit/obstacles';
import type { Finding, Problem } from '../../inventory/Finding';
import { wrapScalar } from '../../inventory/edit/wrapScalar';
import { type Inventory, subjectName, subjectsOn } from '../../inventory/Inventory';
import { formatPath, valueAt } from '../../inventory/source/plainData';
import { parseSource } from '../../inventory/source/parseSource';
import type { ReadInventory } from '../inventoryFile/editableInventory';
import type { ImportPath } from './Recovery';

/** An entry to add under `imports`. */
export interface NewImport extends ImportPath {
  readonly value: string | true;
}

/** The new texts of the files that change, by the names that findings use; or why one of them cannot be edited. */
export type ImportEdit =
  | {
      readonly texts: ReadonlyMap<string, string>;
      /** Where the removed entries were written. */
      readonly removed: readonly (readonly string[])[];
    }
  | { readonly refusal: Finding };

/**
 * Removes entries under `imports` from the files of an inventory, and adds others. Everything else in the files stays. An entry that no file has is
 * left out. Writes nothing.
 *
 * @param texts the texts of all files by their names, where another edit has changed them already
 */
export function importEdit(
  { loaded, texts: readTexts }: Pick<ReadInventory, 'loaded' | 'texts'>,
  removed: readonly ImportPath[],
  added: readonly NewImport[],
  texts: ReadonlyMap<string, string> = readTexts,
): ImportEdit {
  const now = new Map(texts);
  const fileOf = (path: readonly string[]) =>
    loaded.locate({ severity: 'error', rule: '', path: formatPath(path.slice(0, 2)), message: '', hint: '' }).file;
  const textOf = (file: string) => now.get(file) ?? '';
  const set = (path: readonly string[], value: Plain | undefined): Finding | undefined => {
    const file = fileOf(path);
    const without = removeEntry({ file, text: textOf(file) }, path);
    if ('refusal' in without) return without.refusal;
    now.set(file, without.text);
    if (value === undefined) return undefined;
    const entry = { into: path.slice(0, -1), key: path.at(-1) ?? '', value };
    const edited = addEntries({ file, text: without.text }, [entry]);
    if ('refusal' in edited) return edited.refusal;
    now.set(file, edited.edit.text);
    return undefined;
  };
  const valueOf = (path: readonly string[]) => {
    const file = fileOf(path);
    return valueAt(parseSource(textOf(file), file).source?.data, path);
  };

  const places: (readonly string[])[] = [];
  for (const { path, item } of removed) {
    const [written] = placesOf(path).filter((one) => has(valueOf(one), item));
    if (written === undefined) continue;
    places.push(written);
    const rest = item === undefined ? undefined : listIn(valueOf(written)).filter((one) => one !== item);
    const refusal = set(written, rest === undefined || rest.length === 0 ? undefined : rest);
    if (refusal !== undefined) return { refusal };
  }
  const entries = new Map<string, NewEntry[]>();
  const lists = new Map<string, readonly string[]>();
  for (const one of added) {
    const { path, item, value } = one;
    const several = listOfSubjects(path);
    if (several !== undefined && valueOf(several) === undefined)
      return { refusal: loaded.locate(sharedSubjects(several)) };
    const wrapped = wrappedFor(loaded.inventory, one, valueOf(path.slice(0, -1)));
    if (wrapped !== undefined) {
      const file = fileOf(path);
      const edited = wrapScalar({ file, text: textOf(file) }, path.slice(0, -1), wrapped);
      if ('refusal' in edited) return edited;
      now.set(file, edited.text);
      continue;
    }
    const id = path.join('\n');
    // The list of an override replaces the list of the workload.
    const before =
      item === undefined
        ? []
        : (lists.get(id) ??
          listIn(
            placesOf(path)
              .map(valueOf)
              .find((one) => one !== undefined),
          ));
    if (item === undefined ? valueOf(path) === value : before.includes(item)) continue;
    if (valueOf(path) !== undefined) {
      const refusal = set(path, undefined);
      if (refusal !== undefined) return { refusal };
    }
    const list = item === undefined ? undefined : [...before, item];
    if (list !== undefined) lists.set(id, list);
    const entry = { into: path.slice(0, -1), key: path.at(-1) ?? '', value: list ?? value };
    const file = fileOf(path);
    const others = (entries.get(file) ?? []).filter((one) => [...one.into, one.key].join('\n') !== id);
    entries.set(file, [...others, entry]);
  }
  // All at once: so that a new map is written as one block.
  for (const [file, all] of entries) {
    const edited = addEntries({ file, text: textOf(file) }, all);
    if ('refusal' in edited) return edited;
    now.set(file, edited.edit.text);
  }
  return { texts: new Map([...now].filter(([file, text]) => text !== readTexts.get(file))), removed: places };
}

/**
 * The map that takes the place of a text above a new entry: the id of the first subject's association stands alone, and a service account is its name alone.
 * Undefined: there is no text.
 */
function wrappedFor(
  inventory: Inventory | undefined,
  { path, item, value }: NewImport,
  above: unknown,
): Readonly<Record<string, string | readonly string[]>> | undefined {
  if (typeof above !== 'string' || typeof value !== 'string') return undefined;
  const key = path.at(-1) ?? '';
  if (item !== undefined) return { name: above, [key]: [item] };
  const [, workload, field, environment] = path;
  const cluster = path.at(-2) ?? '';
  const subjects = (inventory?.environments ?? [])
    .filter((one) => field !== 'overrides' || one.key === environment)
    .flatMap(({ workloads }) => workloads.filter((one) => one.key === workload))
    .flatMap((one) => subjectsOn(one, { key: cluster }));
  const first = subjects[0] === undefined ? undefined : subjectName(subjects[0]);
  if (first === undefined) return undefined;
  return first === key ? { [key]: value } : { [first]: above, [key]: value };
}

/** The list of subjects on the way to an entry, which no edit creates; undefined where there is none on the way. */
function listOfSubjects(path: readonly string[]): readonly string[] | undefined {
  const at = path.indexOf('subjects', 2);
  return at < 0 ? undefined : path.slice(0, at + 1);
}

/** An import holds in one environment, and the list of subjects in all that have no list of their own. */
function sharedSubjects(list: readonly string[]): Problem {
  const [section = '', workload = ''] = list;
  return {
    severity: 'error',
    rule: EDIT_RULES.form.name,
    path: formatPath([section, workload]),
    message: `podlift cannot write an import into the subjects of workload "${workload}": ${formatPath(list)} does not exist, and several environments can share the other list`,
    hint: `Copy the list of subjects to ${formatPath(list)}, then run the command again.`,
  };
}

/** Where an entry of a workload can be: in the override of its environment, else in the workload itself. */
function placesOf(path: readonly string[]): readonly (readonly string[])[] {
  const [section = '', key = '', field, , ...rest] = path;
  return field === 'overrides' ? [path, [section, key, ...rest]] : [path];
}

function has(value: unknown, item: string | undefined): boolean {
  return item === undefined ? value !== undefined : listIn(value).includes(item);
}

function listIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? (value as readonly string[]) : [];
}
