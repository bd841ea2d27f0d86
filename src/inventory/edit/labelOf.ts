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
