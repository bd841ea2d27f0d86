import { errorAt, type Finding, mistake, type Segments } from '../Finding';
import { READING_RULES } from '../reading/readingRules';
import type { Shape } from '../schema/checkShape';
import type { WrittenInventory } from '../schema/inventorySchema';
import { emptyMap, isMap, type PlainMap, present } from './plainData';
import { findingIn, findPosition, type Section, SECTIONS, type Source } from './Source';

/** A file with the findings of the schema. */
export interface CheckedSource {
  readonly source: Source;
  readonly shape: Shape;
}

/** Keys that the first file alone can have, beside `version`. */
const SETTINGS = ['name', 'evidence'] as const;

/** All files as one inventory. */
export interface Merged {
  readonly written: Required<Pick<WrittenInventory, Section>>;
  /** What the first file says of the inventory as a whole. */
  readonly settings: Pick<WrittenInventory, (typeof SETTINGS)[number]>;
  /** The content of the sections in the files, also values that the schema refuses. */
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
  const [first, ...others] = checked;
  for (const { source } of others)
    for (const key of SETTINGS) if (Object.hasOwn(source.data, key)) findings.push(notFirst(key, source));
  const { name, evidence } = first?.shape.data ?? {};
  const settings = present({ name, evidence });
  const sourceOf = (path: Segments): Source | undefined => {
    const [section, key] = path;
    const holder = checked.find(({ source }) => section !== undefined && Object.hasOwn(source.data, section));
    return owners.get(`${String(section)}.${String(key)}`) ?? holder?.source ?? checked[0]?.source;
  };
  return { written: written as Merged['written'], settings, raw, unreadable, findings, sourceOf };
}

function duplicate(section: Section, key: string, source: Source, owner: Source): Finding {
  const path = [section, key];
  const first = findPosition(owner, path, 'key');
  const what = section === 'expanded' ? 'the list of expanded accounts of workload' : section.slice(0, -1);
  const message = `${what} "${key}" is already defined in ${owner.file}:${first.line}:${first.column}`;
  const hint =
    section === 'expanded'
      ? 'Move the accounts into one of the two files: `podlift expand` writes one list for each workload.'
      : 'Remove one of the two entries, or give one of them another key.';
  return findingIn(source, errorAt(path, mistake(READING_RULES.duplicateEntry, message, hint), 'key'));
}

function notFirst(key: string, source: Source): Finding {
  const message = `"${key}" is in a file that another one includes`;
  const hint = 'Write it into the first file of the inventory.';
  return findingIn(source, errorAt([key], mistake(READING_RULES.firstFileOnly, message, hint), 'key'));
}

function emptySections(): Record<Section, PlainMap> {
  return {
    accounts: emptyMap(),
    environments: emptyMap(),
    waves: emptyMap(),
    workloads: emptyMap(),
    expanded: emptyMap(),
  };
}
