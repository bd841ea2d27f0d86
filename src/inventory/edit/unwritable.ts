import { isDeepStrictEqual } from 'node:util';
import { entryLines, type Plain } from './entryLines';
import { withEntries } from './editFile';
import { RESERVED } from '../source/toPlain';
import { parseSource } from '../source/parseSource';

/** Far above the depth of IAM's documents (conditions are five levels deep), far below the limit of an inventory. */
const DEEPEST = 20;

/**
 * The reason why an inventory cannot contain data of AWS (tags, policy documents) unchanged: a reserved key, `null`, a number that JSON
 * rounded or that YAML reads as another one, or too many levels. Undefined if it can. It never throws.
 */
export function unsupportedValue(value: unknown, depth = 0): string | undefined {
  if (value === null) return 'it has the value null';
  if (typeof value === 'number') return unsupportedNumber(value);
  if (typeof value !== 'object') return undefined;
  if (depth >= DEEPEST) return `it is nested more than ${DEEPEST} levels deep`;
  for (const [key, item] of Object.entries(value)) {
    if (!Array.isArray(value) && (RESERVED.has(key) || key === '<<'))
      return `it has the key "${key}", which is reserved`;
    const problem = unsupportedValue(item, depth + 1);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** A number beyond 2^53 was rounded when it was read. */
function unsupportedNumber(value: number): string | undefined {
  if (Object.is(value, -0)) return 'it has the number -0';
  const exact = Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER;
  return exact ? undefined : 'it has a number beyond 2^53, which is rounded when it is read';
}

/** The reason why the written entry would be read as other data; undefined if the data stays the same. It never throws. */
export function unwritable(key: string, value: Plain): string | undefined {
  const unsupported = unsupportedValue({ [key]: value });
  if (unsupported !== undefined) return unsupported;
  try {
    // Below a section, since at the top the key could be read as a misspelled section.
    const { source, findings } = parseSource(entryLines('workloads', { [key]: value }).join('\n'), key);
    if (source !== undefined && isDeepStrictEqual(source.data, withEntries({}, [{ into: ['workloads'], key, value }])))
      return undefined;
    return findings[0]?.message ?? 'YAML would read it as something else';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
