import { isDeepStrictEqual } from 'node:util';
import { entryLines, type Plain } from './entryLines';
import { withEntries } from './editFile';
import { RESERVED } from '../source/toPlain';
import { parseSource } from '../source/parseSource';

/** Far above what IAM has (a statement's conditions are five levels deep), far below what an inventory takes. */
const DEEPEST = 20;

/**
 * Why an inventory cannot have data of AWS (tags, policy documents) as it is, in words: a reserved key, `null`, a number that JSON rounded or that YAML
 * reads as another one, too many levels. Nothing: the inventory can have it. Never throws.
 */
export function unsayable(value: unknown, depth = 0): string | undefined {
  if (value === null) return 'it has the value null';
  if (typeof value === 'number') return unsayableNumber(value);
  if (typeof value !== 'object') return undefined;
  if (depth >= DEEPEST) return `it is nested more than ${DEEPEST} levels deep`;
  for (const [key, item] of Object.entries(value)) {
    if (!Array.isArray(value) && (RESERVED.has(key) || key === '<<'))
      return `it has the key "${key}", which is reserved`;
    const problem = unsayable(item, depth + 1);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** A number beyond 2^53 was rounded when it was read. */
function unsayableNumber(value: number): string | undefined {
  if (Object.is(value, -0)) return 'it has the number -0';
  const exact = Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER;
  return exact ? undefined : 'it has a number beyond 2^53, which is rounded when it is read';
}

/** Why an entry, written into an inventory, would not be read as the same data. Nothing: it would be. Never throws. */
export function unwritable(key: string, value: Plain): string | undefined {
  const unsaid = unsayable({ [key]: value });
  if (unsaid !== undefined) return unsaid;
  try {
    // Below a section: at the top, the key could be taken for a misspelled section.
    const { source, findings } = parseSource(entryLines('workloads', { [key]: value }).join('\n'), key);
    if (source !== undefined && isDeepStrictEqual(source.data, withEntries({}, [{ into: ['workloads'], key, value }])))
      return undefined;
    return findings[0]?.message ?? 'YAML would read it as something else';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
