/** A file that `podlift init` writes where there is none. */
export interface NewFile {
  /** From the current folder. */
  readonly path: string;
  readonly text: string;
  /** What to do where the file exists and stays as it is. */
  readonly otherwise?: string;
  /** The file is useless beside another text of this one: it is not written where this one exists with one. */
  readonly needs?: { readonly path: string; readonly text: string; readonly otherwise: string };
}
