import { apiVersionOf, RESOURCES, type Resource } from './resources';

const VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update'];
const READ = ['get', 'list'];

function resourceEntry(resource: Resource) {
  const { plural, singular, namespaced, kind, shortNames, inAll } = resource;
  return {
    name: plural,
    singularName: singular,
    namespaced,
    kind,
    verbs: plural === 'nodes' || plural === 'events' ? READ : VERBS,
    ...(shortNames.length === 0 ? {} : { shortNames }),
    ...(inAll ? { categories: ['all'] } : {}),
  };
}

const TOKEN = {
  name: 'serviceaccounts/token',
  singularName: '',
  namespaced: true,
  group: 'authentication.k8s.io',
  version: 'v1',
  kind: 'TokenRequest',
  verbs: ['create'],
};

function resourceList(group: string): unknown {
  const resources = RESOURCES.filter((resource) => resource.group === group);
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: group === '' ? 'v1' : `${group}/v1`,
    resources: [...resources.map(resourceEntry), ...(group === '' ? [TOKEN] : [])],
  };
}

const APPS_VERSION = { groupVersion: 'apps/v1', version: 'v1' };
const APPS = { name: 'apps', versions: [APPS_VERSION], preferredVersion: APPS_VERSION };

/**
 * An OpenAPI document of a group that says as much as kubectl asks for before it writes: that the server checks fields itself.
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

/** What the API says about itself, by path below the server's root. Undefined for a path that is no such document. */
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
      return { kind: 'APIGroupList', apiVersion: 'v1', groups: [APPS] };
    case '/apis/apps':
      return { kind: 'APIGroup', apiVersion: 'v1', ...APPS };
    case '/api/v1':
      return resourceList('');
    case '/apis/apps/v1':
      return resourceList('apps');
    case '/openapi/v3':
      return {
        paths: Object.fromEntries(
          ['api/v1', 'apis/apps/v1'].map((group) => [group, { serverRelativeURL: `${root}/openapi/v3/${group}` }]),
        ),
      };
    case '/openapi/v3/api/v1':
      return openApi('');
    case '/openapi/v3/apis/apps/v1':
      return openApi('apps');
    default:
      return undefined;
  }
}
