import type { SandboxState } from '../api/SandboxState';
import type { ClusterState } from '../world/World';
import { createObject, type Own, storeUpdate } from './changeObject';
import { applied } from './fields/managedFields';
import type { KubeObject } from './KubeObject';
import { isJson, type Json, objectAt, omit, textAt } from './json';
import { badRequest, KubeFailure } from './KubeFailure';
import { apiVersionOf, type Resource } from './resources';
import type { Target } from './target';
import type { WriteRequest } from './writeRequest';

/** What a client applies, of the right kind and name. Throws a `KubeFailure`. */
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

/** The part of an applied object that a resource or its status takes. Source: the GetResetFields of the registry's strategies */
function partOf(config: Json, resource: Resource, subresource: 'status' | undefined): Json {
  if (subresource === undefined) return resource.hasStatus ? omit(config, 'status') : config;
  const { apiVersion, kind, metadata, status } = config;
  return { apiVersion, kind, metadata: { name: objectAt({ metadata }, 'metadata').name }, status };
}

/**
 * Applies an object for a field manager; one that is not there is made. Throws a `KubeFailure`.
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
  const config = partOf(readConfig(sent, resource, name), resource, writer.subresource);
  if (before !== undefined) {
    return storeUpdate(cluster, resource, before, applied(before, config, writer, force), dryRun);
  }
  const uid = textAt(objectAt(config, 'metadata'), 'uid');
  if (uid !== undefined) {
    const message = `Operation cannot be fulfilled on ${resource.plural} "${name}": uid mismatch: the provided object specified uid ${uid}, and no existing object was found`;
    throw new KubeFailure(409, 'Conflict', message, { name, group: resource.group, kind: resource.plural });
  }
  const owned = applied(undefined, config, writer, force);
  const own: Own = (object) => {
    const { managedFields } = objectAt(owned, 'metadata');
    return { ...object, metadata: { ...object.metadata, ...(managedFields === undefined ? {} : { managedFields }) } };
  };
  return createObject(state, cluster, resource, namespace, config, own, dryRun);
}
