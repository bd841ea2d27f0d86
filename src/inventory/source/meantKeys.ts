import { suggest } from '../suggest';
import { SECTIONS } from './sections';

/** The content of a file with the keys at its top that were meant, and how they are written in it. */
export interface Corrected {
  readonly data: Readonly<Record<string, unknown>>;
  /** `acounts` by `accounts`: only those that are written otherwise. */
  readonly written: ReadonlyMap<string, string>;
}

const REFERRED_TO: readonly string[] = [...SECTIONS, 'include'];
const KNOWN: ReadonlySet<string> = new Set([...REFERRED_TO, 'version']);

/**
 * Takes a section whose key is mistyped for the one that was meant, when the file does not have that one: the mistake is one finding then, and
 * not one for everything that refers to what stands in the section.
 */
export function meantKeys(content: Readonly<Record<string, unknown>>): Corrected {
  const written = new Map<string, string>();
  const data = Object.create(null) as Record<string, unknown>;
  for (const [key, value] of Object.entries(content)) {
    const free = REFERRED_TO.filter((name) => !(name in content) && !written.has(name));
    const meant = KNOWN.has(key) ? undefined : suggest(key, free);
    if (meant !== undefined) written.set(meant, key);
    data[meant ?? key] = value;
  }
  return { data, written };
}
