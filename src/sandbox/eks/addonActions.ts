import { randomUUID } from 'node:crypto';
import { parseArn } from '../../iam/Arn';
import type { Actions, Call, Output, Permission } from '../api/Action';
import { tagContext } from '../api/authorise';
import { type Input, optionalFlag, optionalText, requiredText, structureList } from '../api/Input';
import { eksPage } from '../api/pages';
import { annotateServiceAccount, namespaceOf, removeAddonObjects, takeWorkload } from '../kubernetes/addonObjects';
import { newAddon } from '../world/newEntities';
import type { AddonState, ClusterState, UpdateState } from '../world/World';
import { removeAssociations, setAssociations } from './addonAssociations';
import { defaultAddonVersion, readConfiguration, readVersion, requireAddon } from './addonVersions';
import { catalogueAddon } from './addonCatalogue';
import { passRole, ROLE_ARN } from './associationActions';
import { onceByToken } from './clientRequestToken';
import {
  clusterArn,
  crossAccountPassRole,
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

type Status = 'CREATING' | 'ACTIVE' | 'UPDATING' | 'DELETING' | 'CREATE_FAILED' | 'UPDATE_FAILED';

const CONFLICT = 'ConfigurationConflict';

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
    health: {
      issues: status.endsWith('_FAILED') ? [{ code: CONFLICT, message: addon.conflict, resourceIds: [] }] : [],
    },
    addonArn: addon.arn,
    publisher: catalogueAddon(addon.name)?.publisher ?? 'eks',
    owner: catalogueAddon(addon.name)?.owner ?? 'aws',
    createdAt: new Date(addon.createdAt),
    modifiedAt: new Date(addon.modifiedAt),
    serviceAccountRoleArn: addon.serviceAccountRoleArn,
    configurationValues: addon.configurationValues,
    // Also when the request named none: eksctl-io/eksctl #8479.
    namespaceConfig: { namespace: namespaceOf(addon) },
    podIdentityAssociations: addon.associations.length === 0 ? undefined : addon.associations,
    tags: addon.tags,
  };
}

/** An update as EKS shows it. */
function updateView({ id, params, createdAt, conflict }: UpdateState, isDone: boolean): Output {
  const failed = isDone && conflict !== undefined;
  return {
    id,
    status: !isDone ? 'InProgress' : failed ? 'Failed' : 'Successful',
    type: 'AddonUpdate',
    params,
    createdAt: new Date(createdAt),
    errors: failed ? [{ errorCode: CONFLICT, errorMessage: conflict, resourceIds: [] }] : [],
  };
}

/** Keeps a record of an add-on's update. `params` are the changes by EKS's names. */
function recordUpdate(
  cluster: ClusterState,
  addon: AddonState,
  params: Readonly<Record<string, string | undefined>>,
  call: Call,
): UpdateState {
  const given = Object.entries(params).flatMap(([type, value]) => (value === undefined ? [] : [{ type, value }]));
  const { name, busyUntil: until, conflict } = addon;
  const update = {
    id: randomUUID(),
    addon: name,
    createdAt: call.time.toISOString(),
    ...(until === undefined ? {} : { busyUntil: until }),
    ...(conflict === undefined ? {} : { conflict }),
    params: given,
  };
  cluster.updates[update.id] = update;
  return update;
}

/** The time at which a change that is made now is complete. */
function busyUntil({ state, time }: Call): string {
  return new Date(time.getTime() + state.timing.addonMs).toISOString();
}

function isDone({ busyUntil: until }: Pick<AddonState, 'busyUntil'>, time: Date): boolean {
  return until === undefined || time >= new Date(until);
}

function statusOf(addon: AddonState, time: Date): Status {
  const isNew = addon.createdAt === addon.modifiedAt;
  if (!isDone(addon, time)) return isNew ? 'CREATING' : 'UPDATING';
  if (addon.conflict === undefined) return 'ACTIVE';
  return isNew ? 'CREATE_FAILED' : 'UPDATE_FAILED';
}

/**
 * How a request resolves conflicts with the owners of the add-on's objects. Default: NONE. EKS's text for another value is not known.
 * Sources: https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateAddon.html, eksctl-io/eksctl #5830 (default), #5880 (PRESERVE)
 * Throws `InvalidParameterException`.
 */
function readResolveConflicts(input: Input, action: 'CreateAddon' | 'UpdateAddon'): string {
  const mode = optionalText(input, 'resolveConflicts', { pattern: /^(OVERWRITE|NONE|PRESERVE)$/ }) ?? 'NONE';
  if (action === 'CreateAddon' && mode === 'PRESERVE') {
    throw invalidParameter(`Resolve conflicts option preserve is not supported for operation ${action}`);
  }
  return mode;
}

/**
 * The namespace of a new add-on, if the request has one. UpdateAddon cannot change it. Which add-ons refuse another namespace is not known:
 * none does here. Source: https://docs.aws.amazon.com/eks/latest/APIReference/API_AddonNamespaceConfigRequest.html
 */
function readNamespace({ namespaceConfig }: Input): string | undefined {
  if (namespaceConfig === undefined || namespaceConfig === null) return undefined;
  if (typeof namespaceConfig !== 'object' || Array.isArray(namespaceConfig))
    throw invalidParameter('namespaceConfig must be a structure');
  return optionalText(namespaceConfig as Input, 'namespace', {
    min: 1,
    max: 63,
    pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
  });
}

/** Sets or removes the conflict that stops a change. */
function setConflict(addon: AddonState, conflict: string | undefined): void {
  if (conflict === undefined) delete addon.conflict;
  else addon.conflict = conflict;
}

function findAddon(input: Input, cluster: ClusterState): AddonState {
  const name = requiredText(input, 'addonName');
  const addon = cluster.addons[name];
  if (addon === undefined) throw resourceNotFound(`No addon: ${name} found in cluster: ${cluster.name}`);
  return addon;
}

/** The IRSA role for the add-on's service account. Undefined for none. Throws `InvalidParameterException`, also for another partition: EKS's text for that is not known. */
function readIrsaRole(input: Input, cluster: ClusterState): string | undefined {
  const arn = optionalText(input, 'serviceAccountRoleArn', { max: 255 });
  if (arn === undefined) return undefined;
  if (arn === '') throw crossAccountPassRole();
  const parts = parseArn(arn);
  const { partition } = parseArn(cluster.arn) ?? {};
  if (parts?.service !== 'iam' || parts.partition !== partition || !parts.resource.startsWith('role/')) {
    throw invalidParameter(`Role ARN provided in the request is not valid: ${arn}`);
  }
  if (parts.account !== cluster.account) throw crossAccountPassRole();
  return arn;
}

function createAddon(input: Input, call: Call): Output {
  const cluster = findCluster(input, call);
  const known = requireAddon(requiredText(input, 'addonName'));
  const version = readVersion(input, known, cluster) ?? defaultAddonVersion(known.name, cluster);
  const configurationValues = readConfiguration(input, known, version);
  const serviceAccountRoleArn = readIrsaRole(input, cluster);
  const tags = readTagMap(input, call.quotas.tagsPerResource);
  const mode = readResolveConflicts(input, 'CreateAddon');
  const namespace = readNamespace(input);
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
  if (namespace !== undefined) addon.namespace = namespace;
  setAssociations(input, addon, version, cluster, call);
  setConflict(addon, takeWorkload(cluster, addon, mode, call.time));
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
  const status = statusOf(addon, call.time);
  // eksctl-io/eksctl #8091 and #7269. A failed add-on can be updated.
  if (status === 'CREATING' || status === 'UPDATING') {
    throw resourceInUse(`Addon ${addon.name} cannot be updated as it is currently in ${status} state`);
  }
  const mode = readResolveConflicts(input, 'UpdateAddon');
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
  setConflict(addon, takeWorkload(cluster, addon, mode, call.time));
  const params = {
    AddonVersion: version,
    ServiceAccountRoleArn: serviceAccountRoleArn,
    ConfigurationValues: configurationValues,
    PodIdentityAssociations: associationsChange ? JSON.stringify(input.podIdentityAssociations) : undefined,
  };
  return { update: updateView(recordUpdate(cluster, addon, params, call), false) };
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
  CreateAddon: {
    route: `POST ${ADDONS}`,
    permissions: createPermissions,
    handle: onceByToken('CreateAddon', createAddon),
  },
  DescribeAddon: {
    route: `GET ${ADDONS}/{addonName}`,
    permissions: onAddon('eks:DescribeAddon'),
    handle: (input, call) => {
      const cluster = findCluster(input, call);
      const addon = findAddon(input, cluster);
      return { addon: addonView(addon, cluster, statusOf(addon, call.time)) };
    },
  },
  UpdateAddon: {
    route: `POST ${ADDONS}/{addonName}/update`,
    permissions: updatePermissions,
    handle: onceByToken('UpdateAddon', updateAddon),
  },
  DescribeUpdate: {
    route: 'GET /clusters/{name}/updates/{updateId}',
    permissions: onCluster('eks:DescribeUpdate'),
    handle: (input, call) => {
      const id = requiredText(input, 'updateId');
      const update = findCluster(input, call).updates[id];
      // "This parameter is required if the update is an add-on update": without it EKS finds none (aws/aws-cli #10252).
      if (update === undefined || update.addon !== optionalText(input, 'addonName'))
        throw resourceNotFound(`No update found for ID: ${id}`);
      return { update: updateView(update, isDone(update, call.time)) };
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
