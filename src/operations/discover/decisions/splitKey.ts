import { firstFree, labelOf } from '../freeKey';
import type { Scene } from '../Scene';
import type { Subject } from '../Subject';

/** The key of the entry that a user gets when a role is split. */
export function splitKey(
  { namespace, name }: Pick<Subject, 'namespace' | 'name'>,
  { environment, takenKeys }: Pick<Scene, 'environment' | 'takenKeys'>,
): string {
  const long = labelOf(environment.key, namespace, name);
  return firstFree([labelOf(namespace, name), long], takenKeys) ?? labelOf(long, 'new');
}
