import type { Issue, Segments } from '../Issue';
import type { Account, Environment, Wave } from '../Inventory';
import type { WrittenEnvironment, WrittenWave } from '../schema/inventorySchema';
import type { Merged } from '../source/mergeSources';
import { definedKeys } from './definedKeys';
import { knownNames } from './knownNames';
import { fieldPath, mergeOverrides } from './mergeOverrides';
import type { HeldStatement, Holder, Model, Placed } from './Model';
import { replacer, type Collector } from './replacer';
import { resolveEnvironment } from './resolveEnvironment';
import { resolveStage, waveStage } from './resolveStage';
import { resolveWorkload } from './resolveWorkload';

/** An inventory with what rules look at, and what was found on the way. */
export interface Resolved {
  readonly model: Model;
  readonly issues: readonly Issue[];
}

/**
 * Resolves references, overrides, defaults and `{name}`. Never fails: an entry whose references lead nowhere is left out, and a rule
 * says so.
 */
export function resolveInventory({ written, raw }: Pick<Merged, 'written' | 'raw'>): Resolved {
  const defined = definedKeys(raw);
  const collector: Collector = { unknownNames: [], issues: [] };
  const accounts = new Map(Object.entries(written.accounts).map(([key, account]) => [key, { key, ...account }]));
  const placed: Placed[] = [];
  const environments = Object.entries(written.environments).flatMap(([key, environment]) => {
    const account = accounts.get(environment.account);
    return account ? [placeWorkloads(key, environment, account)] : [];
  });

  function placeWorkloads(key: string, writtenEnvironment: WrittenEnvironment, account: Account): Environment {
    const replace = replacer(knownNames(key, writtenEnvironment, account, accounts, defined), collector);
    const bare = resolveEnvironment(key, writtenEnvironment, account, replace);
    const here: Omit<Placed, 'environment'>[] = [];
    for (const [name, workload] of Object.entries(written.workloads)) {
      if (!(workload.environments?.includes(key) ?? true)) continue;
      const merged = mergeOverrides(workload, workload.overrides?.[key]);
      const wave = merged.wave === undefined ? undefined : written.waves[merged.wave];
      if (merged.wave !== undefined && wave === undefined) continue;
      const clusters = bare.clusters.filter((cluster) => merged.clusters?.includes(cluster.key) ?? true);
      if (clusters.length === 0) continue;
      const at = (...field: Segments): Segments => ['workloads', name, ...fieldPath(workload, key, field)];
      const resolved = resolveWorkload(name, merged, {
        environment: bare,
        stage: resolveStage(merged.stage, wave, key),
        clusters: clusters.map((cluster) => cluster.key),
        accountOf: (target) => accounts.get(target),
        replace,
        at,
      });
      here.push({ workload: resolved, clusters, at });
    }
    const environment: Environment = { ...bare, workloads: here.map(({ workload }) => workload) };
    for (const place of here) placed.push({ ...place, environment });
    return environment;
  }

  const waves = Object.entries(written.waves).map(([key, wave]) => resolveWave(key, wave));
  const inventory = { accounts: [...accounts.values()], waves, environments };
  const holders = placed.flatMap(holdersOf);
  const model = {
    written,
    defined,
    inventory,
    placed,
    holders,
    statements: holders.flatMap(statementsOf),
    unknownNames: collector.unknownNames,
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
