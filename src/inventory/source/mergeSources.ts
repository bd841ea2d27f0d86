import type { Finding } from '../Finding';
import type { Segments } from '../Issue';
import { READING_RULES } from '../reading/readingRules';
import type { Shape } from '../schema/checkShape';
import type { WrittenInventory } from '../schema/inventorySchema';
import { findPosition } from './findPosition';
import { formatPath } from './formatPath';
import { SECTIONS, type Section } from './sections';
import type { Source } from './Source';

const NOUNS: Readonly<Record<Section, string>> = {
  accounts: 'account',
  environments: 'environment',
  waves: 'wave',
  workloads: 'workload',
};

/** A file with what the schema said of it. */
export interface CheckedSource {
  readonly source: Source;
  readonly shape: Shape;
}

/** All files as one inventory. */
export interface Merged {
  readonly written: Required<Pick<WrittenInventory, Section>>;
  /** Everything under the four maps as the files have it, also what the schema refused. */
  readonly raw: Readonly<Record<Section, Readonly<Record<string, unknown>>>>;
  /** Sections that are there and are no maps. */
  readonly unreadable: ReadonlySet<Section>;
  readonly findings: readonly Finding[];
  /** The file in which a path stands: the one with its entry, else the first. */
  readonly sourceOf: (path: Segments) => Source | undefined;
}

/** Puts the maps of all files together, entry by entry. An entry of a second file never replaces one of a first. */
export function mergeSources(checked: readonly CheckedSource[]): Merged {
  const written: Record<Section, Record<string, unknown>> = emptySections();
  const raw = emptySections();
  const owners = new Map<string, Source>();
  const findings: Finding[] = [];
  const unreadable = new Set<Section>();

  for (const { source, shape } of checked) {
    for (const section of SECTIONS) {
      if (section in source.data && !isMap(source.data[section])) unreadable.add(section);
      for (const [key, value] of entriesOf(source.data[section])) {
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
  return { written: written as Merged['written'], raw, unreadable, findings, sourceOf };
}

function duplicate(section: Section, key: string, source: Source, owner: Source): Finding {
  const path = [section, key];
  const first = findPosition(owner, path, 'key');
  return {
    severity: 'error',
    rule: READING_RULES.duplicateEntry.name,
    path: formatPath(path),
    file: source.file,
    ...findPosition(source, path, 'key'),
    message: `${NOUNS[section]} "${key}" is defined already in ${owner.file}:${first.line}:${first.column}`,
    hint: 'Remove one of the two, or give one another key.',
  };
}

function emptySections(): Record<Section, Record<string, unknown>> {
  const empty = (): Record<string, unknown> => Object.create(null) as Record<string, unknown>;
  return { accounts: empty(), environments: empty(), waves: empty(), workloads: empty() };
}

function entriesOf(value: unknown): [string, unknown][] {
  return isMap(value) ? Object.entries(value) : [];
}

function isMap(value: unknown): value is object {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
