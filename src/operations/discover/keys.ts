import { createHash } from 'node:crypto';

/** The longest key of an inventory: a DNS label. */
const LONGEST = 63;
const HASH_LENGTH = 8;

/** A name as a key of an inventory: a lower-case DNS label. A label that is too long is cut, and gets a hash of the whole name. */
export function labelOf(...parts: readonly string[]): string {
  const whole = parts.join('-');
  const label = whole
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  if (label !== '' && label.length <= LONGEST) return label;
  const hash = createHash('sha256').update(whole).digest('hex').slice(0, HASH_LENGTH);
  return `${label.slice(0, LONGEST - HASH_LENGTH - 1).replace(/-+$/, '')}-${hash}`.replace(/^-/, '');
}

/** The key of an entry. `free`: no other entry has it. */
export interface EntryKey {
  readonly key: string;
  readonly free: boolean;
}

/**
 * A key for the entry of each service account: its name; with the namespace before it where several have the name or the key is taken, else with the
 * environment too.
 */
export function entryKeys<A extends { readonly namespace: string; readonly name: string }>(
  accounts: readonly A[],
  environment: string,
  takenKeys: ReadonlySet<string>,
): ReadonlyMap<A, EntryKey> {
  const taken = new Set(takenKeys);
  const uses = new Map<string, number>();
  for (const { name } of accounts) uses.set(labelOf(name), (uses.get(labelOf(name)) ?? 0) + 1);
  return new Map(
    accounts.map((account) => {
      const { namespace, name } = account;
      const [short, long, longest] = [labelOf(name), labelOf(namespace, name), labelOf(environment, namespace, name)];
      const candidates = uses.get(short) === 1 ? [short, long, longest] : [long, longest];
      const key = candidates.find((one) => !taken.has(one));
      if (key !== undefined) taken.add(key);
      return [account, { key: key ?? longest, free: key !== undefined }];
    }),
  );
}
