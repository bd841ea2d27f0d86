import { timingSafeEqual } from 'node:crypto';
import type { SandboxState } from '../api/SandboxState';
import { effectOf } from '../faults';
import type { HttpAnswer, HttpRequest } from '../http/httpServer';
import type { BrokenLimit } from '../http/limits';
import { clusterByName, type ClusterState } from '../world/World';
import { badRequest, kubeAnswer, KubeError, kubeErrorAnswer, notFound, faultAnswer } from './KubeError';
import type { KubeObject } from './KubeObject';
import { answerWatch, deleteByRequest } from './deleteObject';
import { resourcesOf } from './customResources';
import { discoveryDocument } from './discovery';
import { listObjects, type ObjectList } from './listObjects';
import { findObject } from './objects';
import { logOf } from './podCommands';
import { objectAt, omit } from './json';
import { jsonPatch, mergePatch, strategicMerge } from './patches';
import { readBody, readWriteRequest } from './readRequest';
import { reconcileCluster } from './reconcileCluster';
import { authorizePath, authorizeTarget, isWatch, type Target, targetOf, verbOf } from './requestTarget';
import { apiVersionOf, type Resource } from './resources';
import { answerScale, isScaled } from './scale';
import { tableOf } from './table';
import { answerToken } from './tokenRequest';
import { applyObject, createObject, ownedBy, refuseUnknown, updateObject } from './writeObject';

/** kubectl reads the older OpenAPI for kinds that the newer one lacks. The document is empty: kubectl then validates nothing itself. */
const OPENAPI_V2 = '/openapi/v2';
const PROTOBUF = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';

/** The path of the document with the issuer of the cluster's tokens. Source: kubernetes/kubernetes pkg/routes/openidmetadata.go */
const ISSUER_DISCOVERY = '/.well-known/openid-configuration';

/** True when a client asks for a table to print. */
function wantsTable({ headers }: HttpRequest): boolean {
  return (headers.accept ?? '').includes(';as=Table;');
}

function objectAnswer(state: SandboxState, request: HttpRequest, resource: Resource, object: KubeObject, status = 200) {
  if (request.method !== 'GET' || !wantsTable(request)) return kubeAnswer(status, object);
  const list: ObjectList = { items: [object], resourceVersion: object.metadata.resourceVersion };
  return kubeAnswer(status, tableOf(resource.plural, list, request.query.get('includeObject'), state.clock()));
}

function listAnswer(state: SandboxState, request: HttpRequest, resource: Resource, list: ObjectList): HttpAnswer {
  if (wantsTable(request)) {
    return kubeAnswer(200, tableOf(resource.plural, list, request.query.get('includeObject'), state.clock()));
  }
  const { items, ...metadata } = list;
  return kubeAnswer(200, {
    kind: `${resource.kind}List`,
    apiVersion: apiVersionOf(resource),
    metadata,
    items: items.map((one) => inVersion(resource, one)),
  });
}

/** An object in the version that the client asks for: the content is the same in all versions of a custom resource without a conversion webhook. */
function inVersion(resource: Resource, object: KubeObject): KubeObject {
  return resource.schema === undefined ? object : { ...object, apiVersion: apiVersionOf(resource) };
}

/** The object after a patch of the request's type. Throws a `KubeError`. */
function patched(resource: Resource, before: KubeObject, request: HttpRequest): unknown {
  const type = (request.headers['content-type'] ?? '').split(';')[0];
  const patch = readBody(request);
  switch (type) {
    case 'application/merge-patch+json':
      return mergePatch(before, patch);
    case 'application/strategic-merge-patch+json':
      // Source: k8s.io/apiextensions-apiserver pkg/apiserver/customresource_handler.go (supportedTypes)
      if (resource.schema !== undefined) throw unsupportedPatch();
      return strategicMerge(before, patch);
    case 'application/json-patch+json':
      return jsonPatch(before, patch);
    default:
      throw new KubeError(
        415,
        'UnsupportedMediaType',
        `the body of the request was in an unknown format: ${type ?? ''}`,
      );
  }
}

function unsupportedPatch(): KubeError {
  const accepted = 'application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml';
  return new KubeError(
    415,
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${accepted}`,
  );
}

/** The types of a body that is an object. A web page can send others without asking first. Source: apiserver negotiation.go */
const MEDIA_TYPES: ReadonlySet<string> = new Set([
  'application/json',
  'application/yaml',
  'application/vnd.kubernetes.protobuf',
]);

/** Throws a `KubeError` for a body that is no object by its type. `patched` checks the types of patches. */
function requireMediaType({ method, headers, body }: HttpRequest): void {
  if (method === 'PATCH' || body.length === 0) return;
  const type = (headers['content-type'] ?? 'application/json').split(';')[0]?.trim().toLowerCase() ?? '';
  if (MEDIA_TYPES.has(type)) return;
  const accepted = [...MEDIA_TYPES].join(', ');
  throw new KubeError(
    415,
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${accepted}`,
  );
}

function methodNotAllowed(): KubeError {
  return new KubeError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource');
}

function answerCollection(
  state: SandboxState,
  cluster: ClusterState,
  target: Target,
  request: HttpRequest,
): HttpAnswer {
  const { resource, namespace } = target;
  switch (request.method) {
    case 'GET':
      return listAnswer(state, request, resource, listObjects(cluster, resource, namespace, request.query));
    case 'POST': {
      const { writer, dryRun, strict } = readWriteRequest(request, state.clock(), false);
      const sent = readBody(request);
      if (strict) refuseUnknown(resource, sent);
      const created = createObject(state, cluster, resource, namespace, sent, ownedBy(writer), dryRun);
      return kubeAnswer(201, created);
    }
    case 'DELETE': {
      const list = listObjects(cluster, resource, namespace, request.query);
      for (const object of list.items) deleteByRequest(state, cluster, resource, object, request);
      return listAnswer(state, request, resource, list);
    }
    default:
      throw methodNotAllowed();
  }
}

function answerObject(
  state: SandboxState,
  cluster: ClusterState,
  target: Target & { readonly name: string },
  request: HttpRequest,
): HttpAnswer {
  const { resource, namespace, name } = target;

  const stored = findObject(cluster, resource.stored, namespace, name);
  const object = stored && inVersion(resource, stored);
  if (
    request.method === 'PATCH' &&
    (request.headers['content-type'] ?? '').startsWith('application/apply-patch+yaml')
  ) {
    const write = readWriteRequest(request, state.clock(), true);
    const sent = readBody(request);
    if (write.strict) refuseUnknown(resource, sent);
    const applied = applyObject(state, cluster, target, object, sent, write);
    return kubeAnswer(object === undefined ? 201 : 200, applied);
  }
  if (object === undefined) throw notFound(resource.group, resource.plural, name);
  switch (request.method) {
    case 'GET':
      return objectAnswer(state, request, resource, object);
    case 'PUT':
    case 'PATCH': {
      const { writer, dryRun, strict } = readWriteRequest(request, state.clock(), false);
      const next = request.method === 'PUT' ? readBody(request) : patched(resource, object, request);
      if (resource.plural === 'nodes' && fixedPartsOf(next) !== fixedPartsOf(object)) throw nodesForbidden();
      if (strict) refuseUnknown(resource, next);
      return kubeAnswer(200, updateObject(cluster, resource, object, next, writer, dryRun));
    }
    case 'DELETE':
      return kubeAnswer(200, deleteByRequest(state, cluster, resource, object, request));
    default:
      throw methodNotAllowed();
  }
}

/** Source: kubernetes/kubernetes pkg/registry/core/pod/rest/log.go, pkg/registry/core/pod/strategy.go (LogLocation) */
function logAnswer(
  cluster: ClusterState,
  { resource, namespace, name }: Target & { readonly name: string },
  { query }: HttpRequest,
): HttpAnswer {
  const pod = findObject(cluster, resource.plural, namespace, name);
  if (pod === undefined) throw notFound(resource.group, resource.plural, name);
  const container = query.get('container') ?? undefined;
  const log = logOf(cluster, pod, container);
  if (log === undefined)
    throw badRequest(
      container === undefined
        ? `a container name must be specified for pod ${name}`
        : `container ${container} is not valid for pod ${name}`,
    );
  return { status: 200, headers: { 'content-type': 'text/plain' }, body: log };
}

function nodesForbidden(): KubeError {
  const message =
    "nodes is forbidden: only the sandbox's seed can change the nodes of a cluster, but for labels, annotations and taints";
  return new KubeError(403, 'Forbidden', message);
}

/** A node without what `kubectl label`, `annotate` and `taint` change. */
function fixedPartsOf(node: unknown): string {
  const metadata = omit(objectAt(node, 'metadata'), 'labels', 'annotations', 'managedFields', 'resourceVersion');
  return JSON.stringify([metadata, omit(objectAt(node, 'spec'), 'taints'), objectAt(node, 'status')]);
}

function answerTarget(state: SandboxState, cluster: ClusterState, target: Target, request: HttpRequest): HttpAnswer {
  if (isWatch(request)) return answerWatch(state, cluster, target, request);
  const { resource, name, subresource } = target;
  if (resource.plural === 'nodes' && !['GET', 'PUT', 'PATCH'].includes(request.method)) throw nodesForbidden();
  if (name === undefined) return answerCollection(state, cluster, target, request);
  if (resource.plural === 'pods' && subresource === 'log' && request.method === 'GET')
    return logAnswer(cluster, { ...target, name }, request);
  if (resource.plural === 'serviceaccounts' && subresource === 'token')
    return answerToken(cluster, { ...target, name }, request, state.clock());
  if (subresource === 'scale' && isScaled(resource))
    return answerScale(cluster, { ...target, name }, request, (before) => ({
      write: readWriteRequest(request, state.clock(), false),
      sent: request.method === 'PUT' ? readBody(request) : patched(resource, before, request),
    }));
  if (subresource !== undefined) {
    throw new KubeError(404, 'NotFound', `the podlift sandbox has no ${resource.plural}/${subresource}`);
  }
  return answerObject(state, cluster, { ...target, name }, request);
}

function documentAt(resources: readonly Resource[], path: string, cluster: ClusterState, root: string): unknown {
  return path === ISSUER_DISCOVERY
    ? { issuer: cluster.issuer }
    : discoveryDocument(resources, path, cluster.version, root);
}

/**
 * Answers one request to a cluster's API server. `path` is below the server's root; `root` is the root's path on the sandbox. The client has
 * shown the sandbox's token: it may do what the cluster's rules allow, or everything when it has no rules.
 * Source: https://kubernetes.io/docs/reference/using-api/api-concepts/
 */
export function answerKubernetes(
  state: SandboxState,
  cluster: ClusterState,
  path: string,
  root: string,
  request: HttpRequest,
): HttpAnswer {
  try {
    requireMediaType(request);
    const resources = resourcesOf(cluster);
    const document = request.method === 'GET' ? documentAt(resources, path, cluster, root) : undefined;
    const target = document === undefined ? targetOf(resources, path) : undefined;
    const verb = target === undefined ? 'get' : verbOf(target, request);
    const plural = target?.resource.plural ?? path;
    const faultTarget = {
      service: 'kubernetes',
      action: `${verb} ${plural}`,
      account: cluster.account,
      cluster: cluster.name,
    };
    const effect = effectOf(state.faults, faultTarget, state.clock());
    const failed = faultAnswer(effect, verb, plural);
    const hold = effect.holdMs === 0 ? {} : { holdMs: effect.holdMs };
    if (failed !== undefined) return { ...failed, ...hold };
    const rules = state.clusterRules.get(cluster.arn);
    if (rules !== undefined && target === undefined) authorizePath(rules, path);
    if (rules !== undefined && target !== undefined) authorizeTarget(rules, target, verb);
    if (path === OPENAPI_V2) return { status: 200, headers: { 'content-type': PROTOBUF }, body: '', ...hold };
    if (document !== undefined) return { ...kubeAnswer(200, document), ...hold };
    if (target === undefined) throw new KubeError(404, 'NotFound', 'the server could not find the requested resource');
    reconcileCluster(state, cluster);
    const answer = answerTarget(state, cluster, target, request);
    if (request.method !== 'GET') reconcileCluster(state, cluster);
    return { ...answer, holdMs: Math.max(answer.holdMs ?? 0, effect.holdMs) };
  } catch (error) {
    if (error instanceof KubeError) return kubeErrorAnswer(error);
    throw error;
  }
}

/** The API servers are below this path of the sandbox. */
export const API_SERVER_PATH = '/kubernetes';

/** Source: k8s.io/apimachinery pkg/api/errors/errors.go (NewRequestEntityTooLargeError) */
function limitError({ status, message }: BrokenLimit): KubeError {
  return status === 413
    ? new KubeError(413, 'RequestEntityTooLarge', `Request entity too large: ${message}`)
    : new KubeError(status, 'BadRequest', message);
}

/**
 * The URL of a cluster's API server, for a kubeconfig. It contains the token of the sandbox: kubectl and Terraform's provider do not send a
 * bearer token to a server without TLS.
 * Source: kubernetes/client-go tools/clientcmd/client_config.go (`ClientConfig`: "only try to read the auth information if we are secure")
 */
export function apiServerUrl(
  endpoint: string,
  { kubernetesToken }: Pick<SandboxState, 'kubernetesToken'>,
  { account, region, name }: ClusterState,
): string {
  return `${endpoint}${API_SERVER_PATH}/${kubernetesToken}/${account}/${region}/${name}`;
}

/** Compares a secret in constant time. */
function isToken(sent: string, token: string): boolean {
  const [one, other] = [Buffer.from(sent), Buffer.from(token)];
  return one.length === other.length && timingSafeEqual(one, other);
}

/**
 * Answers a Kubernetes client with the API server of the cluster in the path, or with an error when there is no such cluster. The client shows
 * the token of the sandbox: in the path, or as a bearer token.
 */
export function answerApiServer(state: SandboxState, request: HttpRequest): HttpAnswer {
  if (request.broken !== undefined) return kubeErrorAnswer(limitError(request.broken));
  const [, , ...parts] = request.path.split('/');
  const [first = ''] = parts;
  const inPath = isToken(first, state.kubernetesToken);
  const bearer = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
  if (!inPath && !isToken(bearer, state.kubernetesToken))
    return kubeErrorAnswer(new KubeError(401, 'Unauthorized', 'Unauthorized'));
  const [account = '', region = '', name = '', ...rest] = inPath ? parts.slice(1) : parts;
  const cluster = clusterByName(state.world, account, region, name);
  if (cluster === undefined) {
    const message = `the podlift sandbox has no cluster ${name} in ${region} of account ${account}; no cluster was touched`;
    return kubeErrorAnswer(new KubeError(404, 'NotFound', message));
  }
  const path = `/${rest.join('/')}`.replace(/(.)\/$/, '$1');
  const root = request.path.slice(0, request.path.length - rest.join('/').length).replace(/\/$/, '');
  return answerKubernetes(state, cluster, path, root, request);
}
