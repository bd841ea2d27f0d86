import type { Node } from 'yaml';

/** A place in a text; both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** One file of the inventory, parsed. */
export interface Source {
  /** As findings name it. */
  readonly file: string;
  /** The YAML tree, for positions; null when the file could not be parsed. */
  readonly root: Node | null;
  readonly anchors: ReadonlyMap<string, Node>;
  /** Where a character stands that is so many characters from the start. */
  readonly positionOf: (offset: number) => Position;
  /** The content as plain data. Maps have no prototype, so that a key such as `toString` finds nothing that is not in the file. */
  readonly data: Readonly<Record<string, unknown>>;
}
