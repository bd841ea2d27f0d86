import { boundedCache } from '../boundedCache';
import type { ConditionOperator } from './ConditionOperator';
import { OPERATORS } from './operators';

/** An operator as a policy writes it, taken apart. */
export interface ParsedOperator {
  readonly set?: 'ForAllValues' | 'ForAnyValue';
  readonly ifExists: boolean;
  readonly test: ConditionOperator | 'Null';
}

const BY_NAME: ReadonlyMap<string, ConditionOperator | 'Null'> = new Map<string, ConditionOperator | 'Null'>([
  ...Object.entries(OPERATORS).map(([name, operator]) => [name.toLowerCase(), operator] as const),
  ['null', 'Null'],
]);

const WRITTEN = /^(?:(forallvalues|foranyvalue):)?([a-z]+?)(ifexists)?$/;

/**
 * Takes an operator apart, letter case aside.
 * @returns nothing for one that IAM does not know; `NullIfExists` is among those
 */
export const parseOperator = boundedCache(512, (written): ParsedOperator | undefined => {
  const [, set, name = '', suffix] = WRITTEN.exec(written.toLowerCase()) ?? [];
  const test = BY_NAME.get(name);
  const ifExists = suffix !== undefined;
  if (test === undefined || (test === 'Null' && ifExists)) return undefined;
  if (set === undefined) return { ifExists, test };
  return { set: set === 'forallvalues' ? 'ForAllValues' : 'ForAnyValue', ifExists, test };
});
