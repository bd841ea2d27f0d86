import { errorAt, type Finding, mistake, type Segments } from '../Finding';
import { READING_RULES } from '../reading/readingRules';
import type { Shape } from '../schema/checkShape';
import type { WrittenInventory } from '../schema/inventorySchema';
import { emptyMap, isMap, type PlainMap } from './plainData';
import { findingIn, findPosition, type Section, SECTIONS, type Source } from './Source';

/** A file with the findings of the schema. */
export interface CheckedSource {
  readonly source: Source;
  readonly shape: Shape;
}

/** All files as one inventory. */
export interface Merged {
  /** The name of the inventory, from its first file. */
  readonly name?: string;
  readonly written: Required<Pick<WrittenInventory, Section>>;
  /** The content of the four sections in the files, also values that the schema refuses. */
  readonly raw: Readonly<Record<Section, Readonly<PlainMap>>>;
  /** Sections that are present but are not maps. */
  readonly unreadable: ReadonlySet<Section>;
  readonly findings: readonly Finding[];
  /** The file of a path: the one with its entry, else the first. */
  readonly sourceOf: (path: Segments) => Source | undefined;
}

/** Merges the sections of all files. An entry of a later file never replaces one of an earlier file. */
export function mergeSources(checked: readonly CheckedSource[]): Merged {
  const written = emptySections();
  const raw = emptySections();
  const owners = new Map<string, Source>();
  const findings: Finding[] = [];
  const unreadable = new Set<Section>();

  for (const { source, shape } of checked) {
    for (const section of SECTIONS) {
      const content = source.data[section];
      if (section in source.data && !isMap(content)) unreadable.add(section);
      for (const [key, value] of isMap(content) ? Object.entries(content) : []) {
        const owner = owners.get(`${section}.${key}`);
        if (owner) {
          findings.push(duplicate(section, key, source, owner));
          continue;
        }
        owners.set(`${section}.${key}`, source);
        raw[section][key] = value;
        const usable = shape.data[section];
        if (usable && key in usable) written[section][key] = usable[key];
      }
    }
  }
  const sourceOf = (path: Segments): Source | undefined => {
    const [section, key] = path;
    const holder = checked.find(({ source }) => section !== undefined && Object.hasOwn(source.data, section));
    return owners.get(`${String(section)}.${String(key)}`) ?? holder?.source ?? checked[0]?.source;
  };
  for (const { source } of checked.slice(1)) if (Object.hasOwn(source.data, 'name')) findings.push(misplacedName(source));
  const name = checked[0]?.shape.data.name;
  return {
    ...(name !== undefined && { name }),
    written: written as Merged['written'],
    raw,
    unreadable,
    findings,
    sourceOf,
  };
}

function misplacedName(source: Source): Finding {
  const message = 'the name of an inventory belongs into its first file';
  const hint = 'Move `name` to the first file, or remove it here.';
  return findingIn(source, errorAt(['name'], mistake(READING_RULES.misplacedName, message, hint), 'key'));
}

function duplicate(section: Section, key: string, source: Source, owner: Source): Finding {
  const path = [section, key];
  const first = findPosition(owner, path, 'key');
  const message = `${section.slice(0, -1)} "${key}" is already defined in ${owner.file}:${first.line}:${first.column}`;
  const hint = 'Remove one of the two entries, or give one of them another key.';
  return findingIn(source, errorAt(path, mistake(READING_RULES.duplicateEntry, message, hint), 'key'));
}

function emptySections(): Record<Section, PlainMap> {
  return { accounts: emptyMap(), environments: emptyMap(), waves: emptyMap(), workloads: emptyMap() };
}
