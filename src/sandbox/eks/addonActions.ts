import { randomUUID } from 'node:crypto';
import { parseArn } from '../../iam/Arn';
import type { Actions, Call, Output, Permission } from '../api/Action';
import { tagContext } from '../api/authorise';
import { type Input, optionalFlag, optionalText, requiredText, structureList } from '../api/Input';
import { eksPage } from '../api/pages';
import { annotateServiceAccount, removeAddonObjects } from '../kubernetes/addonObjects';
import { newAddon } from '../world/newEntities';
import type { AddonState, ClusterState, UpdateState } from '../world/World';
import { removeAssociations, setAssociations } from './addonAssociations';
import { defaultAddonVersion, readConfiguration, readVersion, requireAddon } from './addonVersions';
import { passRole, ROLE_ARN } from './associationActions';
import {
  clusterArn,
  findCluster,
  invalidParameter,
  onCluster,
  readTagMap,
  resourceInUse,
  resourceNotFound,
} from './eksRequest';

/**
 * The permission for an action on the add-on that a request names.
 * Source of the resource of each action: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelastickubernetesservice.html
 */
function onAddon(action: string) {
  return (input: Input, call: Call): readonly Permission[] => {
    const cluster = clusterArn(input, call);
    const name = requiredText(input, 'addonName');
    const addon = call.state.world.clusters[cluster]?.addons[name];
    const resource = addon?.arn ?? `${cluster.replace(':cluster/', ':addon/')}/${name}/*`;
    return [{ action, resource, context: tagContext('aws:ResourceTag', addon?.tags ?? {}) }];
  };
}

/** The permissions for the roles of a request: to pass them, and to create the associations. */
function passedRoles(action: string, input: Input, call: Call): readonly Permission[] {
  const wanted = structureList(input, 'podIdentityAssociations');
  const associations = `${clusterArn(input, call).replace(':cluster/', ':podidentityassociation/')}/*`;
  const irsaRole = optionalText(input, 'serviceAccountRoleArn');
  return [
    ...(wanted.length === 0 ? [] : [{ action, resource: associations }]),
    ...wanted.flatMap((association) => passRole(optionalText(association, 'roleArn', ROLE_ARN), input, call)),
    ...passRole(irsaRole, input, call, 'eks.amazonaws.com'),
  ];
}

function createPermissions(input: Input, call: Call): readonly Permission[] {
  return [...onCluster('eks:CreateAddon')(input, call), ...passedRoles('eks:CreateAddon', input, call)];
}

function updatePermissions(input: Input, call: Call): readonly Permission[] {
  return [...onAddon('eks:UpdateAddon')(input, call), ...passedRoles('eks:UpdateAddon', input, call)];
}

/** The permissions for DeleteAddon: on the add-on and on its associations. */
function deletePermissions(input: Input, call: Call): readonly Permission[] {
  const action = 'eks:DeleteAddon';
  const name = requiredText(input, 'addonName');
  const owned = call.state.world.clusters[clusterArn(input, call)]?.addons[name]?.associations ?? [];
  return [...onAddon(action)(input, call), ...owned.map((resource) => ({ action, resource }))];
}

type Status = 'CREATING' | 'ACTIVE' | 'UPDATING' | 'DELETING';

/**
 * An add-on as EKS shows it. The answer to a change has the status of the change, as in EKS. DescribeAddon answers `ACTIVE` after the
 * sandbox's `addonMs`, by default at once.
 */
function addonView(addon: AddonState, cluster: ClusterState, status: Status): Output {
  return {
    addonName: addon.name,
    clusterName: cluster.name,
    status,
    addonVersion: addon.version,
    health: { issues: [] },
    addonArn: addon.arn,
    publisher: 'eks',
    owner: 'aws',
    createdAt: new Date(addon.createdAt),
    modifiedAt: new Date(addon.modifiedAt),
    serviceAccountRoleArn: addon.serviceAccountRoleArn,
    configurationValues: addon.configurationValues,
    podIdentityAssociations: addon.associations.length === 0 ? undefined : addon.associations,
    tags: addon.tags,
  };
}

/** An update as EKS shows it. */
function updateView(update: UpdateState, status: 'InProgress' | 'Successful'): Output {
  return {
    id: update.id,
    status,
    type: 'AddonUpdate',
    params: update.params,
    createdAt: new Date(update.createdAt),
    errors: [],
  };
}

/** Keeps a record of an add-on's update. `params` are the changes by EKS's names. */
function recordUpdate(
  cluster: ClusterState,
  addon: string,
  params: Readonly<Record<string, string | undefined>>,
  call: Call,
): UpdateState {
  const given = Object.entries(params).flatMap(([type, value]) => (value === undefined ? [] : [{ type, value }]));
  const update = { id: randomUUID(), addon, createdAt: call.time.toISOString(), params: given };
  cluster.updates[update.id] = update;
  return update;
}

/** The time at which a change that is made now is complete. */
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

/** The IRSA role for the add-on's service account. Undefined for none. Throws `InvalidParameterException`. */
function readIrsaRole(input: Input, cluster: ClusterState): string | undefined {
  const arn = optionalText(input, 'serviceAccountRoleArn', { max: 255 });
  if (arn === undefined || arn === '') return undefined;
  const parts = parseArn(arn);
  if (parts?.service !== 'iam' || !parts.resource.startsWith('role/')) {
    throw invalidParameter(`Role ARN provided in the request is not valid: ${arn}`);
  }
  if (parts.account !== cluster.account) throw invalidParameter('Cross-account pass role is not allowed.');
  return arn;
}

function createAddon(input: Input, call: Call): Output {
  const cluster = findCluster(input, call);
  const known = requireAddon(requiredText(input, 'addonName'));
  const version = readVersion(input, known, cluster) ?? defaultAddonVersion(known.name, cluster);
  const configurationValues = readConfiguration(input, known, version);
  const serviceAccountRoleArn = readIrsaRole(input, cluster);
  const tags = readTagMap(input, call.quotas.tagsPerResource);
  if (cluster.addons[known.name] !== undefined) throw resourceInUse('Addon already exists.');
  const wanted = {
    name: known.name,
    version,
    ...(serviceAccountRoleArn === undefined ? {} : { serviceAccountRoleArn }),
    ...(configurationValues === undefined ? {} : { configurationValues }),
    tags,
  };
  const addon = newAddon(cluster, wanted, call.time.toISOString());
  addon.busyUntil = busyUntil(call);
  setAssociations(input, addon, version, cluster, call);
  cluster.addons[known.name] = addon;
  if (serviceAccountRoleArn !== undefined) annotateServiceAccount(cluster, addon, call.time);
  return { addon: addonView(addon, cluster, 'CREATING') };
}

/**
 * An update without an IRSA role removes the role and the annotation, as EKS was seen to do (hashicorp/terraform-provider-aws #19402,
 * #30645). Other properties that the update leaves out stay. Another role or other associations restart the add-on's pods.
 */
function updateAddon(input: Input, call: Call): Output {
  const cluster = findCluster(input, call);
  const addon = findAddon(input, cluster);
  const known = requireAddon(addon.name);
  const version = readVersion(input, known, cluster, addon.version);
  const nextVersion = version ?? addon.version;
  const configurationValues = readConfiguration(input, known, nextVersion);
  const serviceAccountRoleArn = readIrsaRole(input, cluster);
  const roleChanges = serviceAccountRoleArn !== addon.serviceAccountRoleArn;
  const associationsChange = setAssociations(input, addon, nextVersion, cluster, call);
  if (version !== undefined) addon.version = version;
  if (configurationValues !== undefined) addon.configurationValues = configurationValues;
  if (serviceAccountRoleArn === undefined) delete addon.serviceAccountRoleArn;
  else addon.serviceAccountRoleArn = serviceAccountRoleArn;
  addon.modifiedAt = call.time.toISOString();
  addon.busyUntil = busyUntil(call);
  if (roleChanges) annotateServiceAccount(cluster, addon, call.time);
  if (roleChanges || associationsChange) addon.restartedAt = addon.modifiedAt;
  const params = {
    AddonVersion: version,
    ServiceAccountRoleArn: serviceAccountRoleArn,
    ConfigurationValues: configurationValues,
    PodIdentityAssociations: associationsChange ? JSON.stringify(input.podIdentityAssociations) : undefined,
  };
  return { update: updateView(recordUpdate(cluster, addon.name, params, call), 'InProgress') };
}

/** With `preserve` EKS keeps the add-on's Kubernetes objects and its associations. */
function deleteAddon(input: Input, call: Call): Output {
  const cluster = findCluster(input, call);
  const addon = findAddon(input, cluster);
  const preserve = optionalFlag(input, 'preserve') ?? false;
  const view = addonView(addon, cluster, 'DELETING');
  if (!preserve) removeAssociations(addon, cluster, call);
  Reflect.deleteProperty(cluster.addons, addon.name);
  removeAddonObjects(call.state, cluster, addon, preserve);
  return { addon: view };
}

const ADDONS = '/clusters/{name}/addons';

/** The add-ons of clusters, their updates, and the versions that can be installed. */
export const addonActions: Actions = {
  CreateAddon: { route: `POST ${ADDONS}`, permissions: createPermissions, handle: createAddon },
  DescribeAddon: {
    route: `GET ${ADDONS}/{addonName}`,
    permissions: onAddon('eks:DescribeAddon'),
    handle: (input, call) => {
      const cluster = findCluster(input, call);
      const addon = findAddon(input, cluster);
      return { addon: addonView(addon, cluster, statusOf(addon, call.time)) };
    },
  },
  UpdateAddon: { route: `POST ${ADDONS}/{addonName}/update`, permissions: updatePermissions, handle: updateAddon },
  DescribeUpdate: {
    route: 'GET /clusters/{name}/updates/{updateId}',
    permissions: onCluster('eks:DescribeUpdate'),
    handle: (input, call) => {
      const id = requiredText(input, 'updateId');
      const update = findCluster(input, call).updates[id];
      if (update === undefined) throw resourceNotFound(`No update found for ID: ${id}`);
      return { update: updateView(update, 'Successful') };
    },
  },
  DeleteAddon: { route: `DELETE ${ADDONS}/{addonName}`, permissions: deletePermissions, handle: deleteAddon },
  ListAddons: {
    route: `GET ${ADDONS}`,
    permissions: onCluster('eks:ListAddons'),
    handle: (input, call) => {
      const { items, nextToken } = eksPage(input, Object.keys(findCluster(input, call).addons), (name) => name);
      return { addons: items, nextToken };
    },
  },
};
