import { randomUUID } from 'node:crypto';
import { parse } from 'yaml';
import type { Actions, Call, Output } from '../api/Action';
import { notImplemented } from '../api/Fault';
import { optionalText, requiredText, structureList, type Input } from '../api/Input';
import { recordOf } from '../world/recordOf';
import { keepSeenAssociation } from '../world/seenState';
import type { AddonState, ClusterState } from '../world/World';
import { ADDON_CATALOGUE, ADDON_VERSION, type CatalogueAddon } from './addonCatalogue';
import { createAssociation } from './associationActions';
import { invalidParameter, resourceInUse, resourceNotFound } from './faults';
import { findCluster, onCluster } from './findCluster';
import { eksPage } from './listing';
import { readTagMap } from './tagMap';
import { recordUpdate, updateView } from './updateActions';

type Status = 'CREATING' | 'ACTIVE' | 'UPDATING' | 'DELETING';

/**
 * An add-on as EKS shows it. The answer to a change tells of the change under way, as EKS does; DescribeAddon finds it done
 * as soon as the sandbox's `addonMs` is over, which is at once unless it was set.
 */
function addonView(addon: AddonState, cluster: ClusterState, status: Status): Output {
  return {
    addonName: addon.name,
    clusterName: cluster.name,
    status,
    addonVersion: addon.version,
    health: { issues: [] },
    addonArn: addon.arn,
    createdAt: new Date(addon.createdAt),
    modifiedAt: new Date(addon.modifiedAt),
    serviceAccountRoleArn: addon.serviceAccountRoleArn,
    configurationValues: addon.configurationValues,
    podIdentityAssociations: addon.associations.length === 0 ? undefined : addon.associations,
    tags: addon.tags,
  };
}

/** The add-on of that name in the catalogue. Throws `InvalidParameterException`. */
export function catalogueAddon(name: string): CatalogueAddon {
  const addon = ADDON_CATALOGUE.find((candidate) => candidate.name === name);
  if (addon === undefined) throw invalidParameter(`Addon ${name} specified is not supported`);
  return addon;
}

/** The version that a request wants of an add-on, if it says one. Throws `InvalidParameterException` for one of another form. */
export function readVersion(input: Input, addon: CatalogueAddon): string | undefined {
  const version = optionalText(input, 'addonVersion');
  if (version !== undefined && !ADDON_VERSION.test(version)) {
    throw invalidParameter(`Addon version specified is not supported: ${version} of ${addon.name}`);
  }
  return version;
}

/** The configuration as it was sent: JSON or YAML, a map at the top. */
function readConfiguration(input: Input): string | undefined {
  const text = optionalText(input, 'configurationValues');
  if (text === undefined || text.trim() === '') return text;
  let value: unknown;
  try {
    value = parse(text);
  } catch {
    value = undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalidParameter(
      'ConfigurationValue provided in request is not supported: it is neither a JSON nor a YAML object',
    );
  }
  return text;
}

/** Until when a change that is made now is under way. */
function busyUntil({ state, time }: Call): string {
  return new Date(time.getTime() + state.timing.addonMs).toISOString();
}

function statusOf({ createdAt, modifiedAt, busyUntil: until }: AddonState, time: Date): Status {
  if (until === undefined || time >= new Date(until)) return 'ACTIVE';
  return createdAt === modifiedAt ? 'CREATING' : 'UPDATING';
}

function findAddon(input: Input, cluster: ClusterState): AddonState {
  const name = requiredText(input, 'addonName');
  const addon = cluster.addons[name];
  if (addon === undefined) throw resourceNotFound(`No addon: ${name} found in cluster: ${cluster.name}`);
  return addon;
}

function createAddon(input: Input, call: Call): Output {
  const cluster = findCluster(input, call);
  const known = catalogueAddon(requiredText(input, 'addonName'));
  const version = readVersion(input, known) ?? known.versions.at(-1) ?? '';
  const configurationValues = readConfiguration(input);
  const serviceAccountRoleArn = optionalText(input, 'serviceAccountRoleArn');
  const tags = readTagMap(input, call.quotas.tagsPerResource);
  if (cluster.addons[known.name] !== undefined) throw resourceInUse('Addon already exists.');
  const arn = `${cluster.arn.replace(':cluster/', ':addon/')}/${known.name}/${randomUUID()}`;
  const wanted = structureList(input, 'podIdentityAssociations');
  // An association that cannot be made leaves none of the others behind.
  const before = Object.entries(cluster.associations);
  let associations: string[];
  try {
    const namespace = 'kube-system';
    associations = wanted.map(
      (association) => createAssociation({ ...association, namespace }, cluster, call, arn).arn,
    );
  } catch (error) {
    cluster.associations = recordOf(before);
    throw error;
  }
  const now = call.time.toISOString();
  const addon: AddonState = {
    name: known.name,
    arn,
    createdAt: now,
    modifiedAt: now,
    busyUntil: busyUntil(call),
    version,
    ...(serviceAccountRoleArn === undefined ? {} : { serviceAccountRoleArn }),
    ...(configurationValues === undefined ? {} : { configurationValues }),
    associations,
    tags,
  };
  cluster.addons[known.name] = addon;
  return { addon: addonView(addon, cluster, 'CREATING') };
}

function updateAddon(input: Input, call: Call): Output {
  const cluster = findCluster(input, call);
  const addon = findAddon(input, cluster);
  const version = readVersion(input, catalogueAddon(addon.name));
  const configurationValues = readConfiguration(input);
  const serviceAccountRoleArn = optionalText(input, 'serviceAccountRoleArn');
  if (structureList(input, 'podIdentityAssociations').length > 0) {
    throw notImplemented('eks:UpdateAddon with podIdentityAssociations');
  }
  if (version !== undefined) addon.version = version;
  if (configurationValues !== undefined) addon.configurationValues = configurationValues;
  if (serviceAccountRoleArn !== undefined) addon.serviceAccountRoleArn = serviceAccountRoleArn;
  addon.modifiedAt = call.time.toISOString();
  addon.busyUntil = busyUntil(call);
  const params = {
    AddonVersion: version,
    ServiceAccountRoleArn: serviceAccountRoleArn,
    ConfigurationValues: configurationValues,
  };
  return { update: updateView(recordUpdate(cluster, addon.name, params, call), 'InProgress') };
}

function deleteAddon(input: Input, call: Call): Output {
  const cluster = findCluster(input, call);
  const addon = findAddon(input, cluster);
  Reflect.deleteProperty(cluster.addons, addon.name);
  for (const { ownerArn, namespace, serviceAccount } of Object.values(cluster.associations)) {
    if (ownerArn === addon.arn) keepSeenAssociation(call.state, cluster, namespace, serviceAccount, call.lateMs);
  }
  const others = Object.entries(cluster.associations).filter(([, association]) => association.ownerArn !== addon.arn);
  cluster.associations = recordOf(others);
  return { addon: addonView(addon, cluster, 'DELETING') };
}

/** The add-ons of clusters. What can be installed is in addonVersionActions.ts. */
export const addonActions: Actions = {
  CreateAddon: { permissions: onCluster('eks:CreateAddon'), handle: createAddon },
  DescribeAddon: {
    permissions: onCluster('eks:DescribeAddon'),
    handle: (input, call) => {
      const cluster = findCluster(input, call);
      const addon = findAddon(input, cluster);
      return { addon: addonView(addon, cluster, statusOf(addon, call.time)) };
    },
  },
  UpdateAddon: { permissions: onCluster('eks:UpdateAddon'), handle: updateAddon },
  DeleteAddon: { permissions: onCluster('eks:DeleteAddon'), handle: deleteAddon },
  ListAddons: {
    permissions: onCluster('eks:ListAddons'),
    handle: (input, call) => {
      const { items, nextToken } = eksPage(input, Object.keys(findCluster(input, call).addons), (name) => name);
      return { addons: items, nextToken };
    },
  },
};
