import { apiVersionOf, type Resource, RESOURCES } from './resources';

const VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update'];
const READ = ['get', 'list'];

function resourceEntry({ plural, singular, namespaced, kind, shortNames }: Resource) {
  return {
    name: plural,
    singularName: singular,
    namespaced,
    kind,
    verbs: plural === 'nodes' ? READ : VERBS,
    ...(shortNames.length === 0 ? {} : { shortNames }),
  };
}

function resourceList(group: string): unknown {
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: group === '' ? 'v1' : `${group}/v1`,
    resources: RESOURCES.filter((resource) => resource.group === group).map(resourceEntry),
  };
}

/** The groups beside the core group. Each has only the version `v1`. */
const GROUPS = [...new Set(RESOURCES.map(({ group }) => group))].filter((group) => group !== '');

function groupEntry(name: string) {
  const version = { groupVersion: `${name}/v1`, version: 'v1' };
  return { name, versions: [version], preferredVersion: version };
}

/**
 * The part of a group's OpenAPI document that kubectl needs before it writes: it says that the server validates fields.
 * Source: k8s.io/cli-runtime pkg/resource/query_param_verifier_v3.go
 */
function openApi(group: string): unknown {
  const prefix = group === '' ? '/api/v1' : `/apis/${group}/v1`;
  const parameters = ['fieldValidation', 'dryRun', 'fieldManager'].map((name) => ({
    name,
    in: 'query',
    schema: { type: 'string' },
  }));
  const paths = RESOURCES.filter((resource) => resource.group === group).map((resource) => {
    const { version, kind, plural, namespaced } = resource;
    const identity = { 'x-kubernetes-group-version-kind': { group, version, kind } };
    const path = `${prefix}/${namespaced ? 'namespaces/{namespace}/' : ''}${plural}/{name}`;
    return [path, { patch: { ...identity, parameters, responses: {} } }] as const;
  });
  return {
    openapi: '3.0.0',
    info: { title: 'podlift sandbox', version: apiVersionOf({ ...RESOURCES[0], group, version: 'v1' } as Resource) },
    paths: Object.fromEntries(paths),
    components: { schemas: {} },
  };
}

/** The discovery document at a path below the server's root. Undefined when there is none. */
export function discoveryDocument(path: string, version: string, root: string): unknown {
  switch (path) {
    case '/version': {
      const [major = '1', minor = '33'] = version.split('.');
      const gitVersion = `v${version}.0-eks-sandbox`;
      return { major, minor: `${minor}+`, gitVersion, gitTreeState: 'clean', platform: 'linux/amd64', compiler: 'gc' };
    }
    case '/api':
      return { kind: 'APIVersions', apiVersion: 'v1', versions: ['v1'], serverAddressByClientCIDRs: [] };
    case '/apis':
      return { kind: 'APIGroupList', apiVersion: 'v1', groups: GROUPS.map(groupEntry) };
    case '/api/v1':
      return resourceList('');
    case '/openapi/v3':
      return {
        paths: Object.fromEntries(
          ['api/v1', ...GROUPS.map((group) => `apis/${group}/v1`)].map((part) => [
            part,
            { serverRelativeURL: `${root}/openapi/v3/${part}` },
          ]),
        ),
      };
    case '/openapi/v3/api/v1':
      return openApi('');
    default:
      return groupDocument(path);
  }
}

/** A document of a group beside the core group. */
function groupDocument(path: string): unknown {
  const [, openapi, group = '', version] = /^(\/openapi\/v3)?\/apis\/([^/]+)(\/v1)?$/.exec(path) ?? [];
  if (!GROUPS.includes(group)) return undefined;
  if (version === undefined)
    return openapi === undefined ? { kind: 'APIGroup', apiVersion: 'v1', ...groupEntry(group) } : undefined;
  return openapi === undefined ? resourceList(group) : openApi(group);
}
