import { labelOf } from '../freeKey';
import type { Subject } from '../Subject';

/** The key of the entry that a user gets when a role is split. */
export function splitKey({ namespace, name }: Subject): string {
  return labelOf(namespace, name);
}
