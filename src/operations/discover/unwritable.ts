import { isDeepStrictEqual } from 'node:util';
import { entryLines, type Plain } from '../../inventory/edit/entryLines';
import { withEntries } from '../../inventory/edit/editFile';
import { RESERVED } from '../../inventory/source/toPlain';
import { parseSource } from '../../inventory/source/parseSource';

/** Far above what IAM has (a statement's conditions are five levels deep), far below what an inventory takes. */
const DEEPEST = 20;

/**
 * Why data that AWS gave (tags, policy documents) cannot be carried by an inventory as it is, in words: a key that is reserved, `null`, a number
 * that JSON has rounded or YAML reads otherwise, too many levels; nothing where it can. Never throws.
 */
export function unsayable(value: unknown, depth = 0): string | undefined {
  if (value === null) return 'it has null for a value';
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

/** What is larger than 2^53 was rounded when it was read. */
function unsayableNumber(value: number): string | undefined {
  if (Object.is(value, -0)) return 'it has the number -0';
  const exact = Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER;
  return exact ? undefined : 'it has a number beyond 2^53, which cannot be read without being rounded';
}

/**
 * Why an entry cannot be written into an inventory so that it is read back as the same; nothing where it can. Never throws.
 */
export function unwritable(key: string, value: Plain): string | undefined {
  const unsaid = unsayable({ [key]: value });
  if (unsaid !== undefined) return unsaid;
  try {
    // Below a section: a key of its own at the top might be taken for one that is written wrong.
    const { source, findings } = parseSource(entryLines('workloads', { [key]: value }).join('\n'), key);
    if (source !== undefined && isDeepStrictEqual(source.data, withEntries({}, [{ into: ['workloads'], key, value }])))
      return undefined;
    return findings[0]?.message ?? 'it would be read back as something else';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
