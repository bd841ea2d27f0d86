import { splitArn } from '../Arn';
import type { Statement } from '../PolicyDocument';
import { compilePattern, globCovers, matchPattern } from '../matchPattern';
import { matchResource } from '../matchResource';
import {
  actionAxis,
  type Alternative,
  type Axis,
  type Clause,
  conditionAxes,
  EVERYONE,
  mayVary,
  principalAxis,
  resourceAxis,
} from './axes';

/** A statement with more atoms than this counts as one atom. It then equals only a statement with the same lists. */
const MOST_ATOMS = 20_000;

/** An atom with the index of its alternative on each axis. */
export interface IndexedAtom {
  readonly atom: Atom;
  readonly indexes: readonly number[];
}

/** The properties of a document that its atoms depend on. */
interface Reading {
  /** Whether its version has policy variables. */
  readonly variables: boolean;
  /** Whether the root ARN and the id of an account are the same name. */
  readonly rootsAreIds: boolean;
}

/** A statement and its atoms: the statement applies where one of its atoms does. */
export interface Parts {
  readonly statement: Statement;
  readonly atoms: readonly IndexedAtom[];
  readonly axes: readonly Axis<unknown>[];
}

/** The atoms of a statement: one alternative of each element. */
export function atomsOf(statement: Statement, { variables, rootsAreIds }: Reading): Parts {
  const lists = [
    principalAxis(statement, rootsAreIds),
    actionAxis(statement),
    resourceAxis(statement, variables),
  ] as const;
  const conditions = conditionAxes(statement, variables);
  const count = [...lists, ...conditions].reduce((product, { alternatives }) => product * alternatives.length, 1);
  const isLarge = count > MOST_ATOMS;
  const [principals, actions, resources] = isLarge ? eachWhole(lists) : lists;
  const clauses = isLarge ? conditions.map(wholeCondition) : conditions;
  const choices = productOf(clauses.map(indexed));
  const atoms = indexed(principals).flatMap((principal) =>
    indexed(actions).flatMap((action) =>
      indexed(resources).flatMap((resource) =>
        choices.map((chosen): IndexedAtom => ({
          atom: atomOf(
            statement.Effect,
            principal.one,
            action.one,
            resource.one,
            chosen.map(({ one }) => one),
          ),
          indexes: [principal, action, resource, ...chosen].map(({ index }) => index),
        })),
      ),
    ),
  );
  return { statement, atoms, axes: [principals, actions, resources, ...clauses] };
}

interface Indexed<A> {
  readonly one: A;
  readonly index: number;
}

function indexed<A>({ alternatives }: Axis<A>): readonly Indexed<A>[] {
  return alternatives.map((one, index) => ({ one, index }));
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

type Lists = readonly [Axis<Alternative>, Axis<Alternative>, Axis<Alternative>];

function eachWhole([principals, actions, resources]: Lists): Lists {
  return [wholeList(principals), wholeList(actions), wholeList(resources)];
}

function wholeList({ alternatives }: Axis<Alternative>): Axis<Alternative> {
  const text = JSON.stringify(alternatives.map((one) => [one.form, one.text]).toSorted());
  return { alternatives: [{ form: 'whole', text }] };
}

function wholeCondition({ alternatives }: Axis<Clause>): Axis<Clause> {
  const text = JSON.stringify(alternatives.map((one) => one.text).toSorted());
  return { alternatives: [{ text }] };
}

/** Every combination of one value of each list. */
function productOf<T>(lists: readonly (readonly T[])[]): readonly (readonly T[])[] {
  return lists.reduce<readonly (readonly T[])[]>(
    (choices, list) => choices.flatMap((choice) => list.map((one) => [...choice, one])),
    [[]],
  );
}

/** A statement narrowed to one alternative of each of its elements. */
export interface Atom {
  readonly effect: string;
  readonly principal: Alternative;
  readonly action: Alternative;
  readonly resource: Alternative;
  readonly clauses: readonly Clause[];
  /** Equal keys mean the same. */
  readonly key: string;
}

/**
 * Whether the wide atom applies to every request of the narrow one, and names its caller at least as strongly. A wrong `false` is
 * possible, a wrong `true` is not.
 */
export function covers(wide: Atom, narrow: Atom): boolean {
  return (
    wide.effect === narrow.effect &&
    principalCovers(wide.principal, narrow.principal) &&
    wide.clauses.every((clause) => narrow.clauses.some((one) => implies(one, clause))) &&
    actionCovers(wide.action, narrow.action) &&
    resourceCovers(wide.resource, narrow.resource)
  );
}

function same(one: Alternative, other: Alternative): boolean {
  return one.form === other.form && one.text === other.text;
}

/** Only everyone covers others: naming an account leaves the decision to its identity policies, naming a role to its boundary. */
function principalCovers(wide: Alternative, narrow: Alternative): boolean {
  return same(wide, narrow) || (same(wide, EVERYONE) && narrow.form === 'is');
}

function actionCovers(wide: Alternative, narrow: Alternative): boolean {
  if (same(wide, narrow)) return true;
  if (wide.form !== 'is' || narrow.form === 'whole') return false;
  return narrow.form === 'not' ? wide.text === '*' : globCovers(wide.text, narrow.text);
}

const NO_CONTEXT: ReadonlyMap<string, readonly string[]> = new Map();
const IDENTITY = { attached: false, variables: false };

/** `*` covers all resources. Texts with variables are not compared. */
function resourceCovers(wide: Alternative, narrow: Alternative): boolean {
  if (same(wide, narrow)) return true;
  if (wide.form !== 'is' || narrow.form === 'whole') return false;
  if (wide.text === '*') return true;
  if (mayVary(narrow.text) || mayVary(wide.text)) return false;
  // The text of a `NotResource` is no ARN.
  const [wideParts, narrowParts] = [splitArn(wide.text), splitArn(narrow.text)];
  if (wideParts === undefined || narrowParts === undefined) return false;
  // Where a component of the narrow pattern ends with `*` and so matches further colons, the wide one that covers it ends with `*` too.
  if (/[*?]/.test(narrow.text)) return narrowParts.every((part, index) => globCovers(wideParts[index] ?? '', part));
  return matchResource({ Effect: 'Allow', Resource: wide.text }, narrow.text, NO_CONTEXT, IDENTITY) === true;
}

/** Whether the wide condition is true wherever the narrow one is. */
function implies(narrow: Clause, wide: Clause): boolean {
  if (narrow.text === wide.text) return true;
  if (narrow.glob === undefined || wide.glob === undefined || wide.glob.literal) return false;
  if (narrow.glob.test !== wide.glob.test) return false;
  return narrow.glob.literal
    ? matchPattern(compilePattern(wide.glob.value), narrow.glob.value)
    : globCovers(wide.glob.value, narrow.glob.value);
}
