import { firstFree, labelOf } from './freeKey';
import type { Scene } from './Scene';
import type { Subject } from './Subject';

/**
 * A key for each service account that gets an entry: its name, with the namespace before it where another of them has that name or the
 * key is taken, then with the environment. Nothing where all of these are taken.
 */
export function entryKeys(
  subjects: readonly Subject[],
  { takenKeys, environment }: Pick<Scene, 'takenKeys' | 'environment'>,
): ReadonlyMap<Subject, string | undefined> {
  const taken = new Set(takenKeys);
  const sharing = new Map<string, number>();
  for (const { name } of subjects) sharing.set(labelOf(name), (sharing.get(labelOf(name)) ?? 0) + 1);
  return new Map(
    subjects.map((subject) => {
      const { namespace, name } = subject;
      const short = labelOf(name);
      const long = [labelOf(namespace, name), labelOf(environment.key, namespace, name)];
      const key = firstFree((sharing.get(short) ?? 0) > 1 ? long : [short, ...long], taken);
      if (key !== undefined) taken.add(key);
      return [subject, key];
    }),
  );
}

/**
 * The key of an entry that is printed beside the proposal, for a service account that is left out: apart from those of all others of the
 * cluster that have a role.
 */
export function snippetKey(scene: Scene, subject: Subject): string {
  const { namespace, name } = subject;
  const alone = scene.subjects.filter((other) => labelOf(other.name) === labelOf(name)).length < 2;
  const long = [labelOf(namespace, name), labelOf(scene.environment.key, namespace, name)];
  return (
    firstFree(alone ? [labelOf(name), ...long] : long, scene.takenKeys) ??
    labelOf(scene.environment.key, namespace, name, 'new')
  );
}
