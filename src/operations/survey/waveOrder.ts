import type { Plain } from '../../inventory/edit/entryLines';
import { labelOf } from '../../inventory/edit/labelOf';
import type { SurveyedAccount, SurveyedWave } from './Survey';

type Sections = Readonly<Record<string, Plain>>;
type Entries = Readonly<Record<string, Readonly<Record<string, Plain | undefined>>>>;

/** A kind of workloads that move together, with what a reader should know. */
interface Kind {
  readonly name: string;
  readonly because: string;
  readonly is: (users: readonly SurveyedAccount[], at: number) => boolean;
}

/** Milliseconds of a week: a role that was used in it is used all the time. */
const WEEK = 7 * 86_400_000;
/** A pilot is small: its pods are watched one by one. */
const MOST_IN_PILOT = 5;
/** More workloads in one step are hard to watch. */
const MOST_IN_WAVE = 20;

const isSingle = (users: readonly SurveyedAccount[]) =>
  new Set(users.map(({ namespace, name }) => `${namespace}/${name}`)).size === 1;
const isJob = ({ owners }: SurveyedAccount) =>
  owners.length > 0 && owners.every(({ kind }) => kind === 'CronJob' || kind === 'Job');
const usedIn =
  (milliseconds: number, at: number) =>
  ({ role }: SurveyedAccount) =>
    role?.lastUsed !== undefined && at - Date.parse(role.lastUsed) <= milliseconds;
const isTight = ({ role }: SurveyedAccount) => role?.trust.every((kind) => kind === 'tight') === true;
const isRobust = ({ pods, owners }: SurveyedAccount) =>
  pods >= 2 && owners.every(({ kind }) => kind === 'Deployment' || kind === 'DaemonSet');

/** From the easiest to the hardest; the first that fits counts. The last one fits always. */
const KINDS: readonly Kind[] = [
  {
    name: 'fix-first',
    because: 'something must be fixed before they can move: see the blockers of each',
    is: (users) => users.some(({ blockers }) => blockers.some(({ stops }) => stops)),
  },
  {
    name: 'careful',
    because: 'another tool owns the role, or a controller reads the annotation: agree with its owner first',
    is: (users) => users.some(({ blockers }) => blockers.length > 0),
  },
  {
    name: 'hops',
    because: 'their roles assume further roles: the owners of those must allow sts:TagSession first',
    is: (users) => users.some(({ role }) => (role?.targets.length ?? 0) > 0),
  },
  {
    name: 'scheduled',
    because: 'they run as Jobs or their role is hardly used: a step is seen only after the next run',
    is: (users, at) => users.every(isJob) || !users.some(usedIn(WEEK, at)),
  },
  {
    name: 'shared',
    because: 'several service accounts share each role, and move together',
    is: (users) => !isSingle(users),
  },
  {
    name: 'pilot',
    because: 'one service account with its own role, two pods or more, used in the last week',
    is: (users) => users.length === 1 && users.every(isTight) && users.every(isRobust),
  },
  { name: 'single', because: 'one service account for each role', is: () => true },
];

/** The order in which the kinds move. */
const ORDER = ['pilot', 'single', 'shared', 'scheduled', 'hops', 'careful', 'fix-first'];

/**
 * Puts the workloads that are at irsa into waves by risk: each wave comes after the one before it in its environment. Waves at later stages stay as they are:
 * the workloads in them stand there already.
 *
 * @param inventory the sections of the inventory with the waves of discover
 * @param accounts the service accounts, each with the key of its workload
 * @param at the time of the survey
 */
export function waveOrder(
  inventory: Sections,
  accounts: readonly SurveyedAccount[],
  at: Date,
): { readonly inventory: Sections; readonly waves: readonly SurveyedWave[] } {
  const workloads = (inventory.workloads ?? {}) as Entries;
  const waves = (inventory.waves ?? {}) as Entries;
  const environments = Object.keys((inventory.environments ?? {}) as Entries);
  const moving = (key: string): boolean => {
    const wave = workloads[key]?.wave;
    return typeof wave === 'string' && waves[wave]?.stages === undefined;
  };
  const usersOf = new Map<string, SurveyedAccount[]>();
  for (const one of accounts) {
    if (one.workload === undefined) continue;
    usersOf.set(one.workload, [...(usersOf.get(one.workload) ?? []), one]);
  }
  const kept = Object.entries(waves).filter(([, { stages }]) => stages !== undefined);
  const taken = new Set(kept.map(([key]) => key));
  const proposed: SurveyedWave[] = [];
  for (const environment of environments) {
    const own = Object.keys(workloads).filter((key) => moving(key) && isIn(workloads[key], environment));
    const byKind = new Map<string, string[]>(ORDER.map((name) => [name, []]));
    for (const key of own) {
      const users = usersOf.get(key) ?? [];
      const kind = KINDS.find(({ is }) => is(users, at.getTime()))?.name ?? 'single';
      const isFull = kind === 'pilot' && (byKind.get('pilot')?.length ?? 0) >= MOST_IN_PILOT;
      byKind.get(isFull ? 'single' : kind)?.push(key);
    }
    let order = 0;
    for (const name of ORDER)
      for (const some of chunks(byKind.get(name) ?? [])) {
        order += 1;
        const key = freeKey(taken, environment, String(order), name);
        const because = KINDS.find((one) => one.name === name)?.because ?? '';
        proposed.push({ key, environment, order, because, workloads: some });
      }
  }
  if (proposed.length === 0) return { inventory, waves: [] };
  const waveOf = new Map(proposed.flatMap(({ key, workloads: some }) => some.map((one) => [one, key] as const)));
  return {
    waves: proposed,
    inventory: {
      ...inventory,
      waves: Object.fromEntries([
        ...kept,
        ...proposed.map((one, index): [string, Plain] => {
          const before = proposed[index - 1];
          const after = before?.environment === one.environment ? { after: before.key } : {};
          return [one.key, { description: one.because, ...after }];
        }),
      ]),
      workloads: Object.fromEntries(
        Object.entries(workloads).map(([key, entry]): [string, Plain] => {
          const wave = waveOf.get(key);
          return [key, wave === undefined ? entry : { ...entry, wave }];
        }),
      ),
    },
  };
}

function isIn(entry: Readonly<Record<string, Plain | undefined>> | undefined, environment: string): boolean {
  return Array.isArray(entry?.environments) && entry.environments.includes(environment);
}

function chunks(keys: readonly string[]): readonly (readonly string[])[] {
  const count = Math.ceil(keys.length / MOST_IN_WAVE);
  const size = Math.ceil(keys.length / count);
  return Array.from({ length: count }, (_, index) => keys.slice(index * size, (index + 1) * size));
}

function freeKey(taken: Set<string>, ...parts: readonly string[]): string {
  for (let count = 1; ; count++) {
    const key = labelOf(...parts, ...(count === 1 ? [] : [String(count)]));
    if (taken.has(key)) continue;
    taken.add(key);
    return key;
  }
}
