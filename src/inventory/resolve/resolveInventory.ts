import type { Issue } from '../Finding';
import type { Environment, Wave, Workload } from '../Inventory';
import type { WrittenEnvironment, WrittenWave } from '../schema/inventorySchema';
import type { Merged } from '../source/mergeSources';
import { type Accounts, definedKeys, knownNames, resolveAccounts } from './definedNames';
import { fieldPaths, mergeOverrides, resolveStage, waveStage } from './mergeOverrides';
import { policyKey } from '../reading/readPolicies';
import type { ReadSources } from '../reading/readSources';
import type { Defined, HeldStatement, Holder, ListedPolicy, Model, PlacedWorkload } from './Model';
import { statementPath } from '../permissionPath';
import { type Collector, replacer } from './replacer';
import { resolveExpanded } from './resolveExpanded';
import { resolveEnvironment } from './resolveEnvironment';
import { resolveWorkload } from './resolveWorkload';

/**
 * Resolves references, overrides, defaults and `{name}`, and collects what it finds on the way. It never fails: a stand-in replaces each
 * unknown reference, so that the rest can be checked, and a rule reports the reference.
 */
export function resolveInventory({
  written,
  settings,
  policies,
  ...merged
}: Pick<Merged, 'written' | 'settings' | 'raw' | 'unreadable' | 'sourceOf'> & Pick<ReadSources, 'policies'>): {
  readonly model: Model;
  readonly issues: readonly Issue[];
} {
  const defined = definedKeys(merged);
  const { sourceOf } = merged;
  const collector: Collector = { unknownNames: [], repeatedKeys: [], issues: [] };
  const accounts = resolveAccounts(written.accounts);
  const placed: PlacedWorkload[] = [];
  const environments = Object.entries(written.environments).map(([key, environment]) =>
    placeWorkloads(key, environment),
  );

  function placeWorkloads(key: string, writtenEnvironment: WrittenEnvironment): Environment {
    const account = accounts.of(writtenEnvironment.account);
    const values = defined.values.get(key) ?? [];
    const names = knownNames(key, writtenEnvironment, account, accounts, { ...defined, values });
    const replace = replacer(names, collector);
    const bare = resolveEnvironment(key, writtenEnvironment, account, replace);
    const here: Omit<PlacedWorkload, 'environment'>[] = [];
    const workloads: Workload[] = [];
    const released: Workload[] = [];
    for (const [name, workload] of Object.entries(written.workloads)) {
      if (!(workload.environments?.includes(key) ?? true)) continue;
      const merged = mergeOverrides(workload, workload.overrides?.[key]);
      const clusters = bare.clusters.filter((cluster) => merged.clusters?.includes(cluster.key) ?? true);
      if (clusters.length === 0) continue;
      const wave = merged.wave === undefined ? undefined : written.waves[merged.wave];
      const stage = resolveStage(merged.stage, wave, key);
      const isStageKnown = stage !== undefined && (merged.wave === undefined || wave !== undefined);
      const at = fieldPaths(name, workload, key);
      const listedPolicies = (merged.resourcePolicies ?? []).flatMap((file, index): readonly ListedPolicy[] => {
        const policy = policies?.get(policyKey(sourceOf(['workloads', name])?.file ?? '', file));
        return policy === undefined ? [] : [{ ...policy, index }];
      });
      const expanded = resolveExpanded(written, name, key);
      const resolved = resolveWorkload(name, merged, {
        expanded,
        policies: listedPolicies.map(({ document, source }) => ({ file: source.file, document })),
        environment: bare,
        stage: isStageKnown ? stage : 'irsa',
        clusters: clusters.map((cluster) => cluster.key),
        accountOf: accounts.of,
        replace,
        at,
      });
      here.push({
        ...{ workload: resolved, clusters, at, isStageKnown },
        ...(expanded.length > 0 && { expanded }),
        ...(listedPolicies.length > 0 && { policies: listedPolicies }),
      });
      (merged.released === true ? released : workloads).push(resolved);
    }
    const environment: Environment = { ...bare, workloads, ...(released.length > 0 && { released }) };
    for (const workload of here) placed.push({ ...workload, environment });
    return environment;
  }

  const waves = Object.entries(written.waves).map(([key, wave]) => resolveWave(key, wave));
  const standIns = standInWorkloads(written, defined, placed, accounts, collector);
  const holders = [
    ...placed.flatMap((workload) => holdersOf(workload, true)),
    ...standIns.flatMap((workload) => holdersOf(workload, false)),
  ];
  const model: Model = {
    written,
    defined,
    inventory: { ...settings, accounts: accounts.known, waves, environments },
    placed,
    staged: placed.filter(({ isStageKnown }) => isStageKnown),
    holders,
    statements: holders.flatMap(statementsOf),
    unknownNames: collector.unknownNames,
    repeatedKeys: collector.repeatedKeys,
    standIns: accounts.standIns,
  };
  return { model, issues: collector.issues };
}

function resolveWave(key: string, { stages = {}, ...rest }: WrittenWave): Wave {
  const resolved = Object.entries(stages).map(([environment, stage]) => [environment, waveStage(stage)]);
  return { key, ...rest, stages: Object.fromEntries(resolved) as Wave['stages'] };
}

function holdersOf(placed: PlacedWorkload, isReal: boolean): readonly Holder[] {
  const { workload, environment } = placed;
  const { permissions } = workload;
  return [
    { placed, isReal, permissions, field: ['permissions'], accountId: environment.account.id },
    ...workload.targets.map((target) => ({
      placed,
      isReal,
      target,
      permissions: target.permissions,
      field: ['targets', target.key, 'permissions'],
      accountId: target.account.id,
    })),
  ];
}

function statementsOf(holder: Holder): readonly HeldStatement[] {
  return holder.permissions.statements.map((statement, index) => ({
    holder,
    statement,
    // A statement of the catalogue has no fields in the file.
    at: (...field) =>
      holder.placed.at(
        ...[...holder.field, ...statementPath(holder.permissions, index)],
        ...(statement.use === undefined ? field : []),
      ),
  }));
}

/** A region of the partition `aws`. Nothing that depends on it is checked. */
const STAND_IN_REGION = 'us-west-2';

/**
 * Workloads in environments that could not be resolved, and in the overrides of such environments, so that their permissions are checked
 * in the same run. Only the name of the environment is known.
 */
function standInWorkloads(
  written: Merged['written'],
  defined: Defined,
  placed: readonly PlacedWorkload[],
  accounts: Accounts,
  collector: Collector,
): readonly PlacedWorkload[] {
  const values = new Set([...defined.values.values()].flatMap((keys) => [...keys]));
  const tags = Object.assign(
    {},
    ...Object.values(written.environments).map((environment) => environment.tags),
  ) as Record<string, string>;

  function place(name: string, environmentKey: string): PlacedWorkload | undefined {
    const workload = written.workloads[name];
    if (!workload) return undefined;
    // No account has an empty key.
    const account = accounts.of('');
    const names = knownNames(environmentKey, { region: STAND_IN_REGION }, account, accounts, { ...defined, values });
    // In an unknown environment a missing value cannot be found.
    const known = defined.environments.has(environmentKey)
      ? names
      : { ...names, lookUp: (key: string) => names.lookUp(key) ?? null };
    const replace = replacer(known, collector);
    const bare = resolveEnvironment(environmentKey, { account: '', region: STAND_IN_REGION }, account, replace);
    const environment: Environment = { ...bare, tags, workloads: [] };
    const at = fieldPaths(name, workload, environmentKey);
    const context = { environment, stage: 'irsa', clusters: [], accountOf: accounts.of, replace, at } as const;
    const merged = mergeOverrides(workload, workload.overrides?.[environmentKey]);
    return { workload: resolveWorkload(name, merged, context), environment, clusters: [], at, isStageKnown: false };
  }

  const environmentsOf = new Map<string, Set<string>>();
  for (const { workload, environment } of placed)
    environmentsOf.set(workload.key, (environmentsOf.get(workload.key) ?? new Set()).add(environment.key));
  const [anyEnvironment = ''] = defined.environments;
  return Object.entries(written.workloads).flatMap(([name, { environments, overrides = {} }]) => {
    const placedIn = environmentsOf.get(name) ?? new Set();
    const missing = Object.keys(overrides).filter((environment) => !placedIn.has(environment));
    const wanted = placedIn.size + missing.length > 0 ? missing : [environments?.[0] ?? anyEnvironment];
    return wanted.flatMap((environment) => place(name, environment) ?? []);
  });
}
