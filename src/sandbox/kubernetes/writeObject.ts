import type { SandboxState } from '../api/SandboxState';
import type { ClusterState } from '../world/World';
import { newLowerId } from '../world/newEntities';
import { alreadyExists, badRequest, invalid, KubeError, notFound } from './KubeError';
import type { KubeObject } from './KubeObject';
import { admitPodObject } from './admitPod';
import { acceptedStatus, completeDefinition, DEFINITIONS } from './customResources';
import { conform, pruneUnknown } from './customSchema';
import { isTerminating } from './deleteObject';
import type { Writer } from './fields/fieldOwners';
import { applyConfig, trackUpdate } from './fields/managedFields';
import { addJob, checkJob, checkJobUpdate } from './jobs';
import { cleanObject, isJson, type Json, listAt, objectAt, omit, textAt, textsAt } from './json';
import { addObject, findObject, type NewObject, type RecordOwners, replaceObject } from './objects';
import type { WriteRequest } from './readRequest';
import type { Target } from './requestTarget';
import { apiVersionOf, POD_SPECS, podSpecOf, type Resource } from './resources';
import { addNamespace } from './serviceAccounts';

const NAME = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;

/** The metadata that only the server sets. */
const SERVER_FIELDS = [
  'name',
  'namespace',
  'uid',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'generation',
  'resourceVersion',
];

/** The sent object, with a name. Throws a `KubeError` for another kind. */
function readObject(sent: unknown, resource: Resource, namespace: string | undefined): NewObject {
  const meta = objectAt(sent, 'metadata');
  const prefix = textAt(meta, 'generateName');
  const name = textAt(meta, 'name') ?? (prefix === undefined ? '' : `${prefix}${newLowerId(5)}`);
  const { group, kind } = resource;
  const apiVersion = apiVersionOf(resource);
  if (
    !isJson(sent) ||
    (textAt(sent, 'kind') ?? kind) !== kind ||
    (textAt(sent, 'apiVersion') ?? apiVersion) !== apiVersion
  ) {
    throw badRequest(`the object provided is not a ${kind} of ${apiVersion}`);
  }
  if (name === '') throw invalid(group, kind, '', 'metadata.name: Required value: name or generateName is required');
  if (!NAME.test(name)) throw invalid(group, kind, name, `metadata.name: Invalid value: "${name}"`);
  const own = textAt(meta, 'namespace');
  if (namespace !== undefined && own !== undefined && own !== namespace) {
    throw badRequest(`the namespace of the provided object does not match the namespace sent on the request`);
  }
  const rest = omit(meta, ...SERVER_FIELDS, 'selfLink');
  const placed = namespace === undefined ? {} : { namespace };
  const content = resource.hasStatus ? omit(sent, 'status') : sent;
  return {
    ...decoded(resource, name, content),
    apiVersion,
    kind,
    metadata: { ...cleanObject(rest), name, ...placed },
  };
}

/**
 * The content of an object as the API server decodes it; of a custom object under its schema, of a definition with its defaults. Throws a `KubeError`
 * for what is invalid.
 */
function decoded({ group, kind, schema, stored }: Resource, name: string, content: Json): Json {
  if (stored === DEFINITIONS) return completeDefinition(name, cleanObject(content));
  if (group === '' && kind === 'Secret') return withStringData(cleanObject(content));
  if (schema === undefined) return withStrategy(group, kind, cleanObject(content));
  const { object, problems } = conform(content, schema);
  if (problems.length > 0) throw invalid(group, kind, name, ...problems);
  return object;
}

/**
 * A StatefulSet or a DaemonSet with the strategy of its updates: `kubectl rollout status` reads it.
 * Source: kubernetes/kubernetes pkg/apis/apps/v1/defaults.go (SetDefaults_StatefulSet, SetDefaults_DaemonSet)
 */
function withStrategy(group: string, kind: string, object: Json): Json {
  if (group !== 'apps' || (kind !== 'StatefulSet' && kind !== 'DaemonSet')) return object;
  const spec = objectAt(object, 'spec');
  const strategy = { type: 'RollingUpdate', ...objectAt(spec, 'updateStrategy') };
  const defaults: Json = kind === 'StatefulSet' ? { partition: 0 } : { maxSurge: 0, maxUnavailable: 1 };
  const rollingUpdate = { ...defaults, ...objectAt(strategy, 'rollingUpdate') };
  return {
    ...object,
    spec: { ...spec, updateStrategy: strategy.type === 'RollingUpdate' ? { ...strategy, rollingUpdate } : strategy },
  };
}

/** A Secret whose `stringData` is in its `data`. Source: https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/secret-v1/ */
function withStringData(secret: Json): Json {
  const added = Object.entries(textsAt(secret, 'stringData')).map(([key, value]) => [
    key,
    Buffer.from(value).toString('base64'),
  ]);
  const data: Json = { ...objectAt(secret, 'data'), ...(Object.fromEntries(added) as Json) };
  return { type: 'Opaque', ...omit(secret, 'stringData'), ...(Object.keys(data).length > 0 && { data }) };
}

/**
 * Refuses unknown fields of a custom object where the client asked for it (`fieldValidation=Strict`, as kubectl does). Throws a `KubeError`.
 * Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation
 */
export function refuseUnknown({ kind, version, schema }: Resource, sent: unknown): void {
  if (schema === undefined || !isJson(sent)) return;
  const { unknown } = pruneUnknown(sent, schema);
  if (unknown.length === 0) return;
  const fields = unknown.map((path) => `unknown field "${path}"`).join(', ');
  throw badRequest(`${kind} in version "${version}" cannot be handled as a ${kind}: strict decoding error: ${fields}`);
}

/** Refuses a pod or a pod template without containers. */
function checkContainers({ group, kind, schema }: Resource, name: string, object: Json): void {
  const path = schema === undefined ? POD_SPECS[kind] : undefined;
  if (path === undefined || listAt(podSpecOf(kind, object), 'containers').length > 0) return;
  throw invalid(group, kind, name, `${path.join('.')}.containers: Required value`);
}

/** Refuses an object in a namespace that does not exist or is being deleted. */
function checkNamespace(cluster: ClusterState, { group, plural }: Resource, namespace: string, name: string): void {
  const found = findObject(cluster, 'namespaces', undefined, namespace);
  if (found === undefined) throw notFound('', 'namespaces', namespace);
  if (!isTerminating(found)) return;
  const what = group === '' ? plural : `${plural}.${group}`;
  const message = `${what} "${name}" is forbidden: unable to create new content in namespace ${namespace} because it is being terminated`;
  throw new KubeError(403, 'Forbidden', message, { name, group, kind: plural });
}

/** The writer owns all fields of an object that it creates with a POST. */
export function ownedBy(writer: Writer): RecordOwners {
  return (object) => trackUpdate(undefined, object, writer);
}

/** Creates an object. Throws a `KubeError`. */
export function createObject(
  state: SandboxState,
  cluster: ClusterState,
  resource: Resource,
  namespace: string | undefined,
  sent: unknown,
  own: RecordOwners,
  dryRun: boolean,
): KubeObject {
  const object = readObject(sent, resource, namespace);
  const { name } = object.metadata;
  if (namespace !== undefined) checkNamespace(cluster, resource, namespace, name);
  const existing = findObject(cluster, resource.stored, namespace, name);
  if (existing !== undefined) throw alreadyExists(resource.group, resource.plural, name, isTerminating(existing));
  checkContainers(resource, name, object);
  if (resource.schema === undefined) checkJob(resource.kind, name, object);
  // A dry run changes only a copy of the cluster.
  const into = dryRun ? structuredClone(cluster) : cluster;
  const time = state.clock();
  switch (resource.stored) {
    case 'pods':
      return admitPodObject(state, into, object, own);
    case 'namespaces':
      return addNamespace(into, object, own, time);
    case 'jobs':
      return addJob(into, object, own, time);
    case DEFINITIONS: {
      const status = acceptedStatus(objectAt(object, 'spec'), time);
      return addObject(into, DEFINITIONS, { ...own(object), status }, time);
    }
    default:
      return addObject(into, resource.stored, own(object), time);
  }
}

/** The metadata that a client sent, with the server's own metadata. */
function metadataOf(sent: unknown, before: KubeObject): KubeObject['metadata'] {
  const kept = Object.entries(before.metadata).filter(([key]) => SERVER_FIELDS.includes(key));
  return {
    ...cleanObject(omit(objectAt(sent, 'metadata'), ...SERVER_FIELDS)),
    ...Object.fromEntries(kept),
  } as KubeObject['metadata'];
}

/** The fields of an admitted pod's spec that can change. Source: Kubernetes' ValidatePodUpdate */
const MUTABLE = [
  'activeDeadlineSeconds',
  'tolerations',
  'terminationGracePeriodSeconds',
  'containers',
  'initContainers',
];

function checkPodUpdate(before: KubeObject, after: Json): void {
  const fixed = (spec: Json): string => {
    const entries = Object.entries(spec).filter(([key]) => !MUTABLE.includes(key));
    const env = listAt(spec, 'containers').map((container) => listAt(container, 'env'));
    return JSON.stringify([entries.sort(), env]);
  };
  if (fixed(objectAt(before, 'spec')) === fixed(objectAt(after, 'spec'))) return;
  throw invalid(
    '',
    'Pod',
    before.metadata.name,
    'spec: Forbidden: pod updates may not change fields other than its image',
  );
}

/** Refuses a change that is meant for another version of the object or for another object. */
function checkPrecondition({ group, plural }: Resource, { metadata }: KubeObject, after: Json): void {
  const sent = objectAt(after, 'metadata');
  const { name, resourceVersion, uid } = metadata;
  const [sentVersion = '', sentUid = ''] = [textAt(sent, 'resourceVersion'), textAt(sent, 'uid')];
  const failed =
    sentUid !== '' && sentUid !== uid
      ? `Precondition failed: UID in precondition: ${sentUid}, UID in object meta: ${uid}`
      : 'the object has been modified; please apply your changes to the latest version and try again';
  if ([resourceVersion, ''].includes(sentVersion) && [uid, ''].includes(sentUid)) return;
  const what = group === '' ? plural : `${plural}.${group}`;
  const message = `Operation cannot be fulfilled on ${what} "${name}": ${failed}`;
  throw new KubeError(409, 'Conflict', message, { name, group, kind: plural });
}

/**
 * Stores a changed object with its owners. Throws a `KubeError`: a conflict when somebody else changed the object in the meantime.
 */
export function storeUpdate(
  cluster: ClusterState,
  resource: Resource,
  before: KubeObject,
  after: Json,
  dryRun: boolean,
): KubeObject {
  const { stored, kind } = resource;
  const { name } = before.metadata;
  checkPrecondition(resource, before, after);
  checkContainers(resource, name, after);
  if (stored === 'pods') checkPodUpdate(before, after);
  if (resource.schema === undefined) checkJob(kind, name, after);
  if (stored === 'jobs') checkJobUpdate(before, cleanObject(after));
  const { apiVersion } = before;
  const replaced: KubeObject = {
    ...decoded(resource, name, after),
    apiVersion,
    kind,
    metadata: metadataOf(after, before),
  };
  return dryRun ? replaced : replaceObject(cluster, stored, replaced);
}

/** Replaces an object, but not its status. Throws a `KubeError`. */
export function updateObject(
  cluster: ClusterState,
  resource: Resource,
  before: KubeObject,
  after: unknown,
  writer: Writer,
  dryRun: boolean,
): KubeObject {
  if (!isJson(after)) throw badRequest('an object is needed');
  const sentName = textAt(objectAt(after, 'metadata'), 'name') ?? before.metadata.name;
  if (sentName !== before.metadata.name) {
    throw badRequest(
      `the name of the object (${sentName}) does not match the name on the URL (${before.metadata.name})`,
    );
  }
  checkPrecondition(resource, before, after);
  const { apiVersion, kind } = before;
  const clean = decoded(resource, before.metadata.name, after);
  const status = before.status === undefined ? {} : { status: before.status };
  const next: Json = {
    ...(resource.hasStatus ? { ...omit(clean, 'status'), ...status } : clean),
    apiVersion,
    kind,
    metadata: metadataOf(clean, before),
  };
  return storeUpdate(cluster, resource, before, trackUpdate(before, next, writer), dryRun);
}

/** The applied config. Throws a `KubeError` for another kind or name. */
function readConfig(sent: unknown, resource: Resource, name: string): Json {
  if (!isJson(sent)) throw badRequest('an object is needed');
  const [apiVersion, kind] = [textAt(sent, 'apiVersion') ?? '', textAt(sent, 'kind') ?? ''];
  if (apiVersion !== apiVersionOf(resource) || kind !== resource.kind) {
    const [group = '', version = ''] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
    throw badRequest(`invalid object type: ${group}/${version}, Kind=${kind}`);
  }
  const own = textAt(objectAt(sent, 'metadata'), 'name') ?? name;
  if (own !== name) {
    throw badRequest(`the name of the object (${own}) does not match the name on the URL (${name})`);
  }
  return { ...sent, metadata: { ...objectAt(sent, 'metadata'), name } };
}

/**
 * Applies an object for a field manager. A missing object is created. Throws a `KubeError`.
 * Source: https://kubernetes.io/docs/reference/using-api/server-side-apply/
 */
export function applyObject(
  state: SandboxState,
  cluster: ClusterState,
  { resource, namespace, name }: Target & { readonly name: string },
  before: KubeObject | undefined,
  sent: unknown,
  { writer, force, dryRun }: WriteRequest,
): KubeObject {
  const read = readConfig(sent, resource, name);
  // Source: the GetResetFields of the registry's strategies
  const known = resource.schema === undefined ? read : pruneUnknown(read, resource.schema).object;
  const config = resource.hasStatus ? omit(known, 'status') : known;
  if (before !== undefined) {
    return storeUpdate(cluster, resource, before, applyConfig(before, config, writer, force), dryRun);
  }
  const uid = textAt(objectAt(config, 'metadata'), 'uid');
  if (uid !== undefined) {
    const message = `Operation cannot be fulfilled on ${resource.plural} "${name}": uid mismatch: the provided object specified uid ${uid}, and no existing object was found`;
    throw new KubeError(409, 'Conflict', message, { name, group: resource.group, kind: resource.plural });
  }
  const owned = applyConfig(undefined, config, writer, force);
  const own: RecordOwners = (object) => {
    const { managedFields } = objectAt(owned, 'metadata');
    return { ...object, metadata: { ...object.metadata, ...(managedFields === undefined ? {} : { managedFields }) } };
  };
  return createObject(state, cluster, resource, namespace, config, own, dryRun);
}
