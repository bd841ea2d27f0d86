import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { checkSources, type LoadedInventory } from '../../inventory/loadInventory';
import { readSources, type ReadSources, readText } from '../../inventory/reading/readSources';
import { parseSource } from '../../inventory/source/parseSource';

/** An inventory as it stood when it was read, with the texts of its files. */
export interface ReadInventory {
  /** The real path of its first file. */
  readonly root: string;
  readonly loaded: LoadedInventory;
  /** By the names that findings use, the first file first; without those that could not be read. */
  readonly texts: ReadonlyMap<string, string>;
  /** The inventory as it would be with another text in one of its files. */
  readonly with: (file: string, text: string) => LoadedInventory;
}

/** Reads an inventory for an edit. Never throws for the content of the files. */
export function readForEdit(file: string): ReadInventory {
  const read = readSources(file);
  const texts = textsOf(read.files);
  // Findings, positions and the edit come from the same texts, also when a file changes in the meantime.
  const parsed = (others: ReadonlyMap<string, string>): ReadSources => ({
    ...read,
    sources: read.sources.map((source) => {
      const text = others.get(source.file);
      return (text === undefined ? undefined : parseSource(text, source.file).source) ?? source;
    }),
  });
  return {
    root: realPath(file),
    loaded: checkSources(parsed(texts)),
    texts,
    with: (changed, text) => checkSources(parsed(new Map([...texts, [changed, text]]))),
  };
}

/** The files that changed since they were read, and those that belong to the inventory only now; by the names that findings use. */
export function changedSince({ root, texts }: ReadInventory): readonly string[] {
  const now = textsOf(readSources(root).files);
  return [...new Set([...texts.keys(), ...now.keys()])].filter((file) => texts.get(file) !== now.get(file));
}

function textsOf(files: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    files.flatMap((file) => {
      const content = readText(resolve(file), file);
      return 'text' in content ? [[file, content.text] as const] : [];
    }),
  );
}

function realPath(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return resolve(file);
  }
}
