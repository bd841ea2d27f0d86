import { createHash } from 'node:crypto';

/** The longest role name that IAM takes. Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html */
const LONGEST = 64;
const HASH_LENGTH = 8;

/**
 * The default name of a role: its parts joined by `-`. A name of more than 64 characters keeps its first 55 and gets a `-` and the first
 * eight hexadecimal digits of the whole name's SHA-256, so that two long names stay two.
 */
export function roleName(...parts: readonly string[]): string {
  const whole = parts.join('-');
  if (whole.length <= LONGEST) return whole;
  const hash = createHash('sha256').update(whole).digest('hex').slice(0, HASH_LENGTH);
  return `${whole.slice(0, LONGEST - HASH_LENGTH - 1)}-${hash}`;
}
