import type { Node } from 'yaml';

/** A place in a text; both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** The YAML tree of a file, for positions. */
export interface Tree {
  readonly root: Node | null;
  readonly anchors: ReadonlyMap<string, Node>;
  /** Where a character stands that is so many characters from the start. */
  readonly positionOf: (offset: number) => Position;
}

/** One file of the inventory, parsed. */
export interface Source {
  /** As findings name it. */
  readonly file: string;
  /** The content as plain data. Maps have no prototype, so that a key such as `toString` finds nothing that is not in the file. */
  readonly data: Readonly<Record<string, unknown>>;
  /** How a key at the top is written in the file, where `data` has the one that was meant. */
  readonly written: ReadonlyMap<string, string>;
  /** Paths of values that are in the file, but not in `data`: a finding says why. */
  readonly refused: ReadonlySet<string>;
  readonly tree: Tree;
}
