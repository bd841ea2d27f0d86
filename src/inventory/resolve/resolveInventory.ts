import type { Issue, Segments } from '../Issue';
import type { Environment, Wave, Workload } from '../Inventory';
import type { WrittenEnvironment, WrittenWave } from '../schema/inventorySchema';
import type { Merged } from '../source/mergeSources';
import { definedKeys } from './definedKeys';
import { knownNames } from './knownNames';
import { fieldPath, mergeOverrides } from './mergeOverrides';
import type { HeldStatement, Holder, Model, Placed } from './Model';
import { replacer, type Collector } from './replacer';
import { resolveAccounts } from './resolveAccounts';
import { resolveEnvironment } from './resolveEnvironment';
import { resolveStage, waveStage } from './resolveStage';
import { resolveWorkload } from './resolveWorkload';
import { standInPlaces } from './standInPlaces';

/** An inventory with what rules look at, and what was found on the way. */
export interface Resolved {
  readonly model: Model;
  readonly issues: readonly Issue[];
}

/**
 * Resolves references, overrides, defaults and `{name}`. Never fails: what a reference that leads nowhere leaves open has a stand-in, so that
 * the rest is judged too, and a rule says so.
 */
export function resolveInventory({
  written,
  ...merged
}: Pick<Merged, 'written' | 'raw' | 'unreadable' | 'sourceOf'>): Resolved {
  const defined = definedKeys(merged);
  const collector: Collector = { unknownNames: [], issues: [] };
  const accounts = resolveAccounts(written.accounts);
  const placed: Placed[] = [];
  const environments = Object.entries(written.environments).map(([key, environment]) =>
    placeWorkloads(key, environment),
  );

  function placeWorkloads(key: string, writtenEnvironment: WrittenEnvironment): Environment {
    const account = accounts.of(writtenEnvironment.account);
    const values = defined.values.get(key) ?? [];
    const names = knownNames(key, writtenEnvironment, account, accounts, { ...defined, values });
    const replace = replacer(names, collector);
    const bare = resolveEnvironment(key, writtenEnvironment, account, replace);
    const here: Omit<Placed, 'environment'>[] = [];
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
      const at = (...field: Segments): Segments => ['workloads', name, ...fieldPath(workload, key, field)];
      const resolved = resolveWorkload(name, merged, {
        environment: bare,
        stage: isStageKnown ? stage : 'irsa',
        clusters: clusters.map((cluster) => cluster.key),
        accountOf: accounts.of,
        replace,
        at,
      });
      here.push({ workload: resolved, clusters, at, isReal: true, isStageKnown });
      (merged.released === true ? released : workloads).push(resolved);
    }
    const environment: Environment = { ...bare, workloads, ...(released.length > 0 && { released }) };
    for (const place of here) placed.push({ ...place, environment });
    return environment;
  }

  const waves = Object.entries(written.waves).map(([key, wave]) => resolveWave(key, wave));
  const inventory = { accounts: accounts.known, waves, environments };
  const holders = [...placed, ...standInPlaces(written, defined, placed, accounts, collector)].flatMap(holdersOf);
  const model: Model = {
    written,
    defined,
    inventory,
    placed,
    staged: placed.filter(({ isStageKnown }) => isStageKnown),
    holders,
    statements: holders.flatMap(statementsOf),
    unknownNames: collector.unknownNames,
    standIns: accounts.standIns,
  };
  return { model, issues: collector.issues };
}

function resolveWave(key: string, { stages = {}, ...rest }: WrittenWave): Wave {
  return {
    key,
    ...rest,
    stages: Object.fromEntries(Object.entries(stages).map(([environment, stage]) => [environment, waveStage(stage)])),
  };
}

function holdersOf(placed: Placed): readonly Holder[] {
  const { workload, environment } = placed;
  return [
    { placed, permissions: workload.permissions, field: ['permissions'], accountId: environment.account.id },
    ...workload.targets.map((target) => ({
      placed,
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
    at: (...field) => holder.placed.at(...holder.field, 'statements', index, ...field),
  }));
}
