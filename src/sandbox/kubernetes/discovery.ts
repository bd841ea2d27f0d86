import { apiVersionOf, type Resource } from './resources';
import { isScaled, SCALE } from './scale';

const VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update'];
const OF_NODES = ['get', 'list', 'patch', 'update'];

/** The entry of a kind, and that of its subresource `scale`, by which `kubectl scale` knows what to send. */
function resourceEntries(resource: Resource): readonly unknown[] {
  const { plural, singular, namespaced, kind, shortNames } = resource;
  const own = {
    name: plural,
    singularName: singular,
    namespaced,
    kind,
    verbs: plural === 'nodes' ? OF_NODES : VERBS,
    ...(shortNames.length === 0 ? {} : { shortNames }),
  };
  if (!isScaled(resource)) return [own];
  return [own, { name: `${plural}/scale`, singularName: '', namespaced, ...SCALE, verbs: ['get', 'patch', 'update'] }];
}

function resourceList(resources: readonly Resource[], groupVersion: string): unknown {
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion,
    resources: resources.filter((resource) => apiVersionOf(resource) === groupVersion).flatMap(resourceEntries),
  };
}

/** The groups beside the core group, each with its versions; the first one is preferred. */
function groupsOf(resources: readonly Resource[]): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const { group, version } of resources) {
    if (group === '') continue;
    const versions = groups.get(group) ?? [];
    if (!versions.includes(version)) versions.push(version);
    groups.set(group, versions);
  }
  return groups;
}

function groupEntry(name: string, versions: readonly string[]) {
  const entries = versions.map((version) => ({ groupVersion: `${name}/${version}`, version }));
  return { name, versions: entries, preferredVersion: entries[0] };
}

/**
 * The part of a version's OpenAPI document that kubectl needs before it writes: it says that the server validates fields.
 * Source: k8s.io/cli-runtime pkg/resource/query_param_verifier_v3.go
 */
function openApi(resources: readonly Resource[], groupVersion: string): unknown {
  const parameters = ['fieldValidation', 'dryRun', 'fieldManager'].map((name) => ({
    name,
    in: 'query',
    schema: { type: 'string' },
  }));
  const paths = resources
    .filter((resource) => apiVersionOf(resource) === groupVersion)
    .map((resource) => {
      const { group, version, kind, plural, namespaced } = resource;
      const identity = { 'x-kubernetes-group-version-kind': { group, version, kind } };
      const prefix = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
      const path = `${prefix}/${namespaced ? 'namespaces/{namespace}/' : ''}${plural}/{name}`;
      return [path, { patch: { ...identity, parameters, responses: {} } }] as const;
    });
  return {
    openapi: '3.0.0',
    info: { title: 'podlift sandbox', version: groupVersion },
    paths: Object.fromEntries(paths),
    components: { schemas: {} },
  };
}

/** The discovery document of a cluster's resources at a path below the server's root. Undefined when there is none. */
export function discoveryDocument(
  resources: readonly Resource[],
  path: string,
  version: string,
  root: string,
): unknown {
  const groups = groupsOf(resources);
  switch (path) {
    case '/version': {
      const [major = '1', minor = '33'] = version.split('.');
      const gitVersion = `v${version}.0-eks-sandbox`;
      return { major, minor: `${minor}+`, gitVersion, gitTreeState: 'clean', platform: 'linux/amd64', compiler: 'gc' };
    }
    case '/api':
      return { kind: 'APIVersions', apiVersion: 'v1', versions: ['v1'], serverAddressByClientCIDRs: [] };
    case '/apis':
      return {
        kind: 'APIGroupList',
        apiVersion: 'v1',
        groups: [...groups].map(([name, versions]) => groupEntry(name, versions)),
      };
    case '/api/v1':
      return resourceList(resources, 'v1');
    case '/openapi/v3':
      return {
        paths: Object.fromEntries(
          ['api/v1', ...[...groups].flatMap(([name, all]) => all.map((one) => `apis/${name}/${one}`))].map((part) => [
            part,
            { serverRelativeURL: `${root}/openapi/v3/${part}` },
          ]),
        ),
      };
    case '/openapi/v3/api/v1':
      return openApi(resources, 'v1');
    default:
      return groupDocument(resources, groups, path);
  }
}

/** A document of a group beside the core group. */
function groupDocument(
  resources: readonly Resource[],
  groups: ReadonlyMap<string, readonly string[]>,
  path: string,
): unknown {
  const [, openapi, group = '', version] = /^(\/openapi\/v3)?\/apis\/([^/]+)(?:\/([^/]+))?$/.exec(path) ?? [];
  const versions = groups.get(group);
  if (versions === undefined) return undefined;
  if (version === undefined)
    return openapi === undefined ? { kind: 'APIGroup', apiVersion: 'v1', ...groupEntry(group, versions) } : undefined;
  if (!versions.includes(version)) return undefined;
  const groupVersion = `${group}/${version}`;
  return openapi === undefined ? resourceList(resources, groupVersion) : openApi(resources, groupVersion);
}
