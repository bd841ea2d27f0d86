import { randomInt } from 'node:crypto';

const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const LOWER = 'abcdefghijklmnopqrstuvwxyz0123456789';

function random(alphabet: string, length: number): string {
  return Array.from({ length }, () => alphabet.charAt(randomInt(alphabet.length))).join('');
}

/**
 * A new IAM unique identifier: the four letters of its kind (`AROA`, `ANPA`, `ASIA`) and 17 more.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
 */
export function newUniqueId(kind: 'AROA' | 'ANPA' | 'ASIA'): string {
  return `${kind}${random(UPPER, kind === 'ASIA' ? 16 : 17)}`;
}

/** A new id of a Pod Identity association: `a-` and 17 letters and digits. */
export function newAssociationId(): string {
  return `a-${random(LOWER, 17)}`;
}

/** Random text of lower-case letters and digits, as Kubernetes puts it at the end of names. */
export function newLowerId(length: number): string {
  return random(LOWER, length);
}

/** Random text of upper-case letters and digits, for secrets and session tokens. */
export function newSecret(length: number): string {
  return random(UPPER, length);
}
