import { patternOf } from '../expandVariables';
import { matchPattern } from '../matchPattern';
import type { Comparison } from './ConditionOperator';

/** The same text, letter case counted; `*` and `?` are themselves. */
export const stringEquals: Comparison = (found, wanted) => found === wanted.text;

/** The same text, letter case aside. */
export const stringEqualsIgnoreCase: Comparison = (found, wanted) => found.toLowerCase() === wanted.text.toLowerCase();

/** The whole text fits a glob, letter case counted. */
export const stringLike: Comparison = (found, wanted) => matchPattern(patternOf(wanted), found);
