import type { Statement } from '../PolicyDocument';
import type { Alternative, Axis, Clause } from './Axis';
import { conditionAxes } from './conditionAxes';
import type { Atom } from './covers';
import { actionAxis, resourceAxis } from './listAxis';
import { principalAxis } from './principalAxis';

/** A statement of more atoms than this is taken as one: it is then the same only as one with the same lists. */
const MOST_ATOMS = 20_000;

/** An atom with the index of its alternative on each axis. */
export interface PlacedAtom {
  readonly atom: Atom;
  readonly places: readonly number[];
}

/** How a document is read. */
export interface Reading {
  /** Whether its version has policy variables. */
  readonly variables: boolean;
  /** Whether the ARN of an account's root and the account's id are the same name. */
  readonly rootsAreIds: boolean;
}

/** A statement taken apart: it applies where one of its atoms does. */
export interface Parts {
  readonly statement: Statement;
  readonly atoms: readonly PlacedAtom[];
  readonly axes: readonly Axis<unknown>[];
}

/** Takes a statement apart. */
export function atomsOf(statement: Statement, { variables, rootsAreIds }: Reading): Parts {
  const lists = [principalAxis(statement, rootsAreIds), actionAxis(statement), resourceAxis(statement, variables)];
  const conditions = conditionAxes(statement, variables);
  const count = [...lists, ...conditions].reduce((product, { alternatives }) => product * alternatives.length, 1);
  const [listsHere, conditionsHere] =
    count > MOST_ATOMS ? [lists.map(wholeList), conditions.map(wholeCondition)] : [lists, conditions];
  const atoms = productOf([...listsHere, ...conditionsHere].map(({ alternatives }) => alternatives.length)).flatMap(
    (places): PlacedAtom[] => {
      const [principal, action, resource] = listsHere.map((axis, index) => axis.alternatives[places[index] ?? 0]);
      if (principal === undefined || action === undefined || resource === undefined) return [];
      const clauses = conditionsHere.flatMap(
        (axis, index) => axis.alternatives[places[index + lists.length] ?? 0] ?? [],
      );
      return [{ atom: atomOf(statement.Effect, principal, action, resource, clauses), places }];
    },
  );
  return { statement, atoms, axes: [...listsHere, ...conditionsHere] };
}

function atomOf(
  effect: string,
  principal: Alternative,
  action: Alternative,
  resource: Alternative,
  clauses: readonly Clause[],
): Atom {
  const texts = [...new Set(clauses.map(({ text }) => text))].toSorted();
  const elements = [principal, action, resource].map(({ form, text }) => [form, text]);
  return { effect, principal, action, resource, clauses, key: JSON.stringify([effect, elements, texts]) };
}

function wholeList({ alternatives }: Axis<Alternative>): Axis<Alternative> {
  const text = JSON.stringify(alternatives.map((one) => [one.form, one.text]).toSorted());
  return { alternatives: [{ form: 'whole', text }], narrowed: (statement) => statement };
}

function wholeCondition({ alternatives }: Axis<Clause>): Axis<Clause> {
  const text = JSON.stringify(alternatives.map((one) => one.text).toSorted());
  return { alternatives: [{ text }], narrowed: (statement) => statement };
}

/** Every choice of one index below each of these sizes. */
function productOf(sizes: readonly number[]): readonly (readonly number[])[] {
  return sizes.reduce<readonly (readonly number[])[]>(
    (choices, size) => choices.flatMap((choice) => Array.from({ length: size }, (_, index) => [...choice, index])),
    [[]],
  );
}
