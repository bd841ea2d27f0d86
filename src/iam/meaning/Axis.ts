import type { Statement } from '../PolicyDocument';

/** One alternative of an element of a statement, in a form in which equal texts mean the same. */
export interface Alternative {
  /** `is`: the element speaks of this. `not`: of all but this. `whole`: known by its text alone. */
  readonly form: 'is' | 'not' | 'whole';
  readonly text: string;
}

/** One condition of a statement, all of which must hold. */
export interface Clause {
  /** Set, operator, key and values: equal texts mean the same. */
  readonly text: string;
  /** A test of one text by equality or by a glob without variables, with all but the value in `test`; absent for any other. */
  readonly glob?: { readonly test: string; readonly value: string; readonly literal: boolean };
}

/**
 * An element of a statement as a list of alternatives: the statement applies when one of them does. A statement is the product of
 * its axes, so that lists, order and statements that were merged or split make no difference.
 */
export interface Axis<A> {
  readonly alternatives: readonly A[];
  /** The statement with these of the alternatives alone, by index. */
  readonly narrowed: (statement: Statement, kept: ReadonlySet<number>) => Statement;
}

/** A list with each text once; axes are built of such lists. */
export function onceEach<A extends { readonly text: string }, W>(
  written: readonly W[],
  read: (one: W) => A,
): readonly { readonly alternative: A; readonly written: W }[] {
  return [
    ...new Map(
      written.map((one) => {
        const alternative = read(one);
        return [alternative.text, { alternative, written: one }];
      }),
    ).values(),
  ];
}
