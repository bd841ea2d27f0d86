import type { SandboxState } from '../api/SandboxState';
import { newLowerId } from '../world/newId';
import type { ClusterState } from '../world/World';
import { admitPodObject } from './admitPodObject';
import type { KubeObject } from './KubeObject';
import { isJson, type Json, listAt, objectAt, omit, textAt } from './json';
import { alreadyExists, badRequest, invalid, KubeFailure, notFound } from './KubeFailure';
import { addObject, findObject, type NewObject, replaceObject } from './objects';
import { apiVersionOf, type Resource } from './resources';
import { namespaceOf } from './serviceAccounts';

const NAME = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;

/** An object as it was sent: of the right kind, with a name. Throws a `KubeFailure`. */
function readObject(sent: unknown, resource: Resource, namespace: string | undefined): NewObject {
  const meta = objectAt(sent, 'metadata');
  const prefix = textAt(meta, 'generateName');
  const name = textAt(meta, 'name') ?? (prefix === undefined ? '' : `${prefix}${newLowerId(5)}`);
  const { kind } = resource;
  const apiVersion = apiVersionOf(resource);
  if (
    !isJson(sent) ||
    (textAt(sent, 'kind') ?? kind) !== kind ||
    (textAt(sent, 'apiVersion') ?? apiVersion) !== apiVersion
  ) {
    throw badRequest(`the object provided is not a ${kind} of ${apiVersion}`);
  }
  if (name === '') throw invalid(kind, '', 'metadata.name: Required value: name or generateName is required');
  if (!NAME.test(name)) throw invalid(kind, name, `metadata.name: Invalid value: "${name}"`);
  const own = textAt(meta, 'namespace');
  if (namespace !== undefined && own !== undefined && own !== namespace) {
    throw badRequest(`the namespace of the provided object does not match the namespace sent on the request`);
  }
  const rest = omit(meta, 'namespace', 'uid', 'resourceVersion');
  const placed = namespace === undefined ? {} : { namespace };
  return { ...sent, apiVersion, kind, metadata: { ...rest, name, ...placed } };
}

/** What a pod or a template of pods must have. */
function checkContainers(object: NewObject): void {
  const spec = objectAt(object, 'spec');
  const podSpec = object.kind === 'Pod' ? spec : objectAt(objectAt(spec, 'template'), 'spec');
  if (!['Pod', 'Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet'].includes(object.kind)) return;
  if (listAt(podSpec, 'containers').length > 0) return;
  const path = object.kind === 'Pod' ? 'spec.containers' : 'spec.template.spec.containers';
  throw invalid(object.kind, object.metadata.name, `${path}: Required value`);
}

/** Makes an object from what a client sent. Throws a `KubeFailure`. */
export function createObject(
  state: SandboxState,
  cluster: ClusterState,
  resource: Resource,
  namespace: string | undefined,
  sent: unknown,
  dryRun: boolean,
): KubeObject {
  const object = readObject(sent, resource, namespace);
  const { name } = object.metadata;
  if (namespace !== undefined && findObject(cluster, 'namespaces', undefined, namespace) === undefined) {
    throw notFound('', 'namespaces', namespace);
  }
  if (findObject(cluster, resource.plural, namespace, name) !== undefined) {
    throw alreadyExists(resource.group, resource.plural, name);
  }
  checkContainers(object);
  // A cluster of its own takes what is only tried.
  const into = dryRun ? structuredClone(cluster) : cluster;
  if (resource.plural === 'pods') return admitPodObject(state, into, object);
  if (resource.plural === 'namespaces') {
    const made = namespaceOf(into, name, state.clock());
    return replaceObject(into, 'namespaces', { ...made, metadata: { ...made.metadata, ...metadataOf(object, made) } });
  }
  return addObject(into, resource.plural, object, state.clock());
}

/** Metadata that a client may change; the rest is the server's. */
function metadataOf(sent: unknown, before: KubeObject): KubeObject['metadata'] {
  const { name, namespace, uid, creationTimestamp, resourceVersion, generation } = before.metadata;
  return {
    ...objectAt(sent, 'metadata'),
    name,
    ...(namespace === undefined ? {} : { namespace }),
    uid,
    creationTimestamp,
    resourceVersion,
    ...(generation === undefined ? {} : { generation }),
  };
}

/** Fields of a pod's spec that may change once it is admitted. Source: Kubernetes' ValidatePodUpdate */
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
  throw invalid('Pod', before.metadata.name, 'spec: Forbidden: pod updates may not change fields other than its image');
}

/** Puts what a client wants in the place of an object. Throws a `KubeFailure`: a conflict where the object moved on meanwhile. */
export function updateObject(
  cluster: ClusterState,
  resource: Resource,
  before: KubeObject,
  after: unknown,
  dryRun: boolean,
): KubeObject {
  const { group, plural, kind } = resource;
  const { name, resourceVersion } = before.metadata;
  const sentVersion = textAt(objectAt(after, 'metadata'), 'resourceVersion');
  if (sentVersion !== undefined && sentVersion !== '' && sentVersion !== resourceVersion) {
    const message = `Operation cannot be fulfilled on ${plural} "${name}": the object has been modified; please apply your changes to the latest version and try again`;
    throw new KubeFailure(409, 'Conflict', message, { name, group, kind: plural });
  }
  if (!isJson(after)) throw badRequest('an object is needed');
  if (kind === 'Pod') checkPodUpdate(before, after);
  const { apiVersion } = before;
  const replaced: KubeObject = { ...after, apiVersion, kind, metadata: metadataOf(after, before) };
  return dryRun ? replaced : replaceObject(cluster, plural, replaced);
}
