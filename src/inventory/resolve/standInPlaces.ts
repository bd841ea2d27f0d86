import type { Segments } from '../Issue';
import type { Environment } from '../Inventory';
import type { Merged } from '../source/mergeSources';
import { knownNames } from './knownNames';
import { fieldPath, mergeOverrides } from './mergeOverrides';
import type { Defined, Placed } from './Model';
import { replacer, type Collector } from './replacer';
import type { Accounts } from './resolveAccounts';
import { resolveWorkload } from './resolveWorkload';

/** Any region of the partition `aws`: what depends on it is not judged. */
const REGION = 'us-west-2';

/**
 * Places for workloads that are in no environment that could be resolved, and for overrides of such environments, so that their permissions
 * are judged in the same run. All that is known of the environment is its name; nothing that depends on more is asked of these.
 */
export function standInPlaces(
  written: Merged['written'],
  defined: Defined,
  placed: readonly Placed[],
  accounts: Accounts,
  collector: Collector,
): readonly Placed[] {
  const values = new Set([...defined.values.values()].flatMap((keys) => [...keys]));
  const tags = Object.assign(
    {},
    ...Object.values(written.environments).map((environment) => environment.tags),
  ) as Record<string, string>;

  function place(name: string, environmentKey: string): Placed | undefined {
    const workload = written.workloads[name];
    if (!workload) return undefined;
    // The key of an account cannot be empty, so this one is no account's.
    const account = accounts.of('');
    const names = knownNames(environmentKey, { region: REGION }, account, accounts, { ...defined, values });
    const at = (...field: Segments): Segments => ['workloads', name, ...fieldPath(workload, environmentKey, field)];
    const environment: Environment = {
      key: environmentKey,
      account,
      region: REGION,
      partition: 'aws',
      tags,
      role: {},
      quotas: {},
      clusters: [],
      workloads: [],
    };
    const unknownEnvironments = defined.environments.size === 0 || !defined.environments.has(environmentKey);
    // Without its environment it cannot be told which values are missing.
    const own = unknownEnvironments ? { ...names, lookUp: (key: string) => names.lookUp(key) ?? null } : names;
    const resolved = resolveWorkload(name, mergeOverrides(workload, workload.overrides?.[environmentKey]), {
      environment,
      stage: 'irsa',
      clusters: [],
      accountOf: accounts.of,
      replace: replacer(own, collector),
      at,
    });
    return { workload: resolved, environment, clusters: [], at, isReal: false, isStageKnown: false };
  }

  const environmentsOf = new Map<string, Set<string>>();
  for (const { workload, environment } of placed) {
    const known = environmentsOf.get(workload.key);
    if (known) known.add(environment.key);
    else environmentsOf.set(workload.key, new Set([environment.key]));
  }
  const [anyEnvironment = ''] = defined.environments;
  return Object.entries(written.workloads).flatMap(([name, { environments, overrides = {} }]) => {
    const placedIn = environmentsOf.get(name) ?? new Set();
    const missing = Object.keys(overrides).filter((environment) => !placedIn.has(environment));
    const wanted = placedIn.size + missing.length > 0 ? missing : [environments?.[0] ?? anyEnvironment];
    return wanted.flatMap((environment) => place(name, environment) ?? []);
  });
}
