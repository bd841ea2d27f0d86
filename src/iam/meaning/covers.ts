import { splitArn } from '../Arn';
import { compilePattern, matchPattern } from '../matchPattern';
import { matchResource } from '../matchResource';
import type { Alternative, Clause } from './Axis';
import { EVERYONE } from './principalAxis';
import { globCovers, mayVary } from './wildcards';

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
 * Whether an atom applies to every request to which another does, and names its caller at least as strongly. It may say no where
 * that is so, never yes where it is not.
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

/** Only everyone takes in others: an account's name leaves the word to its identity policies, a role's to its boundary. */
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

/** `*` takes in all; of other patterns only whether they fit a whole ARN without wildcards is asked. */
function resourceCovers(wide: Alternative, narrow: Alternative): boolean {
  if (same(wide, narrow)) return true;
  if (wide.form !== 'is' || narrow.form === 'whole') return false;
  if (wide.text === '*') return true;
  if (narrow.form === 'not' || /[*?]/.test(narrow.text) || mayVary(narrow.text) || mayVary(wide.text)) return false;
  const whole = splitArn(narrow.text) !== undefined && splitArn(wide.text) !== undefined;
  return whole && matchResource({ Effect: 'Allow', Resource: wide.text }, narrow.text, NO_CONTEXT, IDENTITY);
}

/** Whether one condition holds wherever another does. */
function implies(narrow: Clause, wide: Clause): boolean {
  if (narrow.text === wide.text) return true;
  if (narrow.glob === undefined || wide.glob === undefined || wide.glob.literal) return false;
  if (narrow.glob.test !== wide.glob.test) return false;
  return narrow.glob.literal
    ? matchPattern(compilePattern(wide.glob.value), narrow.glob.value)
    : globCovers(wide.glob.value, narrow.glob.value);
}
