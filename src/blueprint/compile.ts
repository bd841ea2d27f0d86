import type { Environment, Inventory } from '../inventory/Inventory';
import { addons } from './addons';
import { agents } from './agents';
import type { Addon, Agent, Association, Blueprint, Resources } from './Blueprint';
import { compileWorkload } from './compileWorkload';
import { managedOidcProviders } from './managedOidcProviders';
import { WIDEST_STAGE } from './stageTable';

/**
 * Compiles one environment of a loaded inventory. The order is that of the inventory. It throws for an unknown environment.
 */
export function compile(inventory: Inventory, environmentKey: string): Blueprint {
  const environment = inventory.environments.find(({ key }) => key === environmentKey);
  if (environment === undefined) {
    const known = inventory.environments.map(({ key }) => key).join(', ');
    throw new Error(`The inventory has no environment "${environmentKey}". It has: ${known}. Name one of these.`);
  }
  const kept = resourcesOf(environment);
  const gone = (environment.released ?? []).map((workload) => ({ ...workload, stage: WIDEST_STAGE }));
  const released = releasedOf(environment, resourcesOf({ ...environment, workloads: gone }), kept);
  return {
    ...(inventory.name === undefined ? {} : { inventory: inventory.name }),
    environment: environment.key,
    account: environment.account,
    region: environment.region,
    otherRegions: otherRegions(environment),
    partition: environment.partition,
    tags: environment.tags,
    ...(environment.state === undefined ? {} : { state: environment.state }),
    ...(inventory.folder === undefined ? {} : { folder: inventory.folder }),
    ...kept,
    addons: without(kept.addons, released.addons),
    released: { ...released, associations: [...released.associations, ...ofOtherTools(environment)] },
  };
}

/** Every association that another tool owns at any stage: the state has it if podlift managed it before, and forgets it. */
function ofOtherTools(environment: Environment): readonly Association[] {
  return environment.workloads
    .filter(({ associationOwner }) => associationOwner !== undefined)
    .flatMap((workload) => compileWorkload(environment, { ...workload, stage: WIDEST_STAGE }).associations);
}

function otherRegions({ region, regions, clusters }: Environment): readonly string[] {
  const all = [...clusters.map((cluster) => cluster.region), ...regions];
  return [...new Set(all)].filter((one) => one !== region).toSorted();
}

function resourcesOf(environment: Environment): Resources {
  const parts = environment.workloads.map((workload) => compileWorkload(environment, workload));
  const roles = parts.map(({ role }) => role);
  const associations = parts.flatMap((part) => part.associations);
  return {
    agents: agents(environment),
    addons: addons(environment, roles, associations),
    oidcProviders: managedOidcProviders(environment),
    roles,
    targetRoles: parts.flatMap(({ targetRoles }) => targetRoles),
    associations,
    serviceAccounts: parts.flatMap((part) => part.serviceAccounts),
  };
}

/**
 * The resources that Terraform forgets: those of released workloads with their add-ons, the agent of a cluster where no other workload needs
 * it, the agent of a cluster without `agent` in the inventory (for example with `autoMode`), and an OIDC provider that is no longer `managed`.
 * Other pods can use these, so they must not be destroyed.
 */
function releasedOf({ clusters }: Environment, resources: Resources, kept: Resources): Resources {
  const unnamed = clusters
    .filter(({ agent }) => agent === undefined)
    .map(({ key, name, region }) => ({ cluster: key, clusterName: name, region, version: '', adopt: false, tags: {} }));
  const unmanaged = clusters.flatMap(({ key, oidc }) =>
    oidc?.provider === 'managed' ? [] : [{ cluster: key, issuer: oidc?.issuer ?? '', arn: '', adopt: false, tags: {} }],
  );
  return {
    ...resources,
    agents: [...without(resources.agents, kept.agents), ...unnamed],
    addons: resources.addons.filter(({ workloads }) => workloads.length > 0),
    oidcProviders: unmanaged,
  };
}

/** The agents or add-ons that are not in `others`, compared by cluster and name. */
function without<T extends Agent & Partial<Pick<Addon, 'name'>>>(
  all: readonly T[],
  others: readonly T[],
): readonly T[] {
  return all.filter((one) => !others.some(({ cluster, name }) => cluster === one.cluster && name === one.name));
}
