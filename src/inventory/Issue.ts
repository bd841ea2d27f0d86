import type { Problem } from './Finding';

/** A way down the inventory: map keys and list positions, from the top. */
export type Segments = readonly (string | number)[];

/** A problem that a rule found, its path still in pieces. */
export interface Issue extends Omit<Problem, 'path'> {
  readonly path: Segments;
  /** Point at the key itself, not at its value; used where the key is what is wrong. */
  readonly at?: 'key';
  /** Tells apart what one rule finds more than once at one path; without it only one finding is shown for a path. */
  readonly about?: string;
}
