import { type Json, objectAt } from './json';

/** A kind of object that the API has. */
export interface Resource {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  /** The first part of the keys of its objects: the plural; of a custom resource with its group, since two groups can have a plural. */
  readonly stored: string;
  readonly singular: string;
  readonly kind: string;
  readonly shortNames: readonly string[];
  readonly namespaced: boolean;
  /** The object has a status, which only controllers write. */
  readonly hasStatus: boolean;
  /** The schema of a custom resource: `openAPIV3Schema` of its version. */
  readonly schema?: Json;
}

function core(kind: string, plural: string, shortNames: readonly string[], namespaced = true): Resource {
  const singular = kind.toLowerCase();
  const hasStatus = !['ConfigMap', 'Secret', 'ServiceAccount'].includes(kind);
  return { group: '', version: 'v1', plural, stored: plural, singular, kind, shortNames, namespaced, hasStatus };
}

function controller(group: string, kind: string, ...shortNames: readonly string[]): Resource {
  const singular = kind.toLowerCase();
  const [version, plural] = ['v1', `${singular}s`];
  return { group, version, plural, stored: plural, singular, kind, shortNames, namespaced: true, hasStatus: true };
}

const NETWORK_POLICY: Resource = {
  group: 'networking.k8s.io',
  version: 'v1',
  plural: 'networkpolicies',
  stored: 'networkpolicies',
  singular: 'networkpolicy',
  kind: 'NetworkPolicy',
  shortNames: ['netpol'],
  namespaced: true,
  hasStatus: false,
};

const DEFINITION: Resource = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  plural: 'customresourcedefinitions',
  stored: 'customresourcedefinitions',
  singular: 'customresourcedefinition',
  kind: 'CustomResourceDefinition',
  shortNames: ['crd', 'crds'],
  namespaced: false,
  hasStatus: true,
};

/**
 * The built-in kinds of the sandbox's Kubernetes API: those that decide about AWS credentials, create pods, send requests to them or block the network to
 * AWS, and those that define further kinds. A PersistentVolume says whose credentials a CSI driver uses; nothing binds or mounts one.
 */
export const RESOURCES: readonly Resource[] = [
  core('Namespace', 'namespaces', ['ns'], false),
  core('Node', 'nodes', ['no'], false),
  core('PersistentVolume', 'persistentvolumes', ['pv'], false),
  core('Pod', 'pods', ['po']),
  core('ConfigMap', 'configmaps', ['cm']),
  core('Secret', 'secrets', []),
  core('Service', 'services', ['svc']),
  core('ServiceAccount', 'serviceaccounts', ['sa']),

  controller('apps', 'DaemonSet', 'ds'),
  controller('apps', 'Deployment', 'deploy'),
  controller('apps', 'ReplicaSet', 'rs'),
  controller('apps', 'StatefulSet', 'sts'),
  controller('batch', 'CronJob', 'cj'),
  controller('batch', 'Job'),
  NETWORK_POLICY,
  DEFINITION,
];

/** `v1`, `apps/v1`. */
export function apiVersionOf({ group, version }: Resource): string {
  return group === '' ? version : `${group}/${version}`;
}

/** The path to the pod spec in an object of a kind. */
export const POD_SPECS: Readonly<Record<string, readonly string[]>> = {
  Pod: ['spec'],
  Deployment: ['spec', 'template', 'spec'],
  ReplicaSet: ['spec', 'template', 'spec'],
  StatefulSet: ['spec', 'template', 'spec'],
  DaemonSet: ['spec', 'template', 'spec'],
  Job: ['spec', 'template', 'spec'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
};

/** The pod spec of an object. Empty for a kind without pods. */
export function podSpecOf(kind: string, object: unknown): Json {
  return (POD_SPECS[kind] ?? []).reduce<unknown>(
    (parent, key) => objectAt(parent, key),
    kind in POD_SPECS ? object : {},
  ) as Json;
}
