/**
 * What a list is for its owners: one field (`atomic`), a set of values each of which has owners, or things known by these of their
 * own members.
 */
export type ListType = 'atomic' | 'set' | readonly string[];

const PARENTS_OF_CONTAINERS = ['containers', 'initContainers', 'ephemeralContainers'];

function ofContainers<T>(fields: Readonly<Record<string, T>>): Record<string, T> {
  const entries = PARENTS_OF_CONTAINERS.flatMap((parent) =>
    Object.entries(fields).map(([field, type]) => [`${parent}.${field}`, type] as const),
  );
  return Object.fromEntries(entries);
}

/**
 * Lists that are not atomic, by the names of their parent and their own; a list at the top of an object has an empty parent.
 * Source: the schema of k8s.io/client-go v0.33 applyconfigurations/internal, of the kinds in resources.ts
 */
const LISTS: Readonly<Record<string, ListType>> = {
  'metadata.finalizers': 'set',
  'metadata.ownerReferences': ['uid'],
  '.secrets': ['name'],
  'spec.containers': ['name'],
  'spec.initContainers': ['name'],
  'spec.ephemeralContainers': ['name'],
  'spec.hostAliases': ['ip'],
  'spec.imagePullSecrets': ['name'],
  'spec.podCIDRs': 'set',
  'spec.resourceClaims': ['name'],
  'spec.schedulingGates': ['name'],
  'spec.topologySpreadConstraints': ['topologyKey', 'whenUnsatisfiable'],
  'spec.volumes': ['name'],
  ...ofContainers<ListType>({
    env: ['name'],
    ports: ['containerPort', 'protocol'],
    volumeDevices: ['devicePath'],
    volumeMounts: ['mountPath'],
  }),
  'resources.claims': ['name'],
  'status.addresses': ['type'],
  'status.conditions': ['type'],
  'status.podIPs': ['ip'],
  'status.resourceClaimStatuses': ['name'],
  'uncountedTerminatedPods.failed': 'set',
  'uncountedTerminatedPods.succeeded': 'set',
};

/** Lists of named things whose items are each one field. */
const ATOMIC_ITEMS = new Set(['metadata.ownerReferences', '.secrets', 'spec.imagePullSecrets']);

/** Objects that are one field, by their name alone or with their parent's. */
const ATOMIC_OBJECTS = new Set([
  'spec.nodeSelector',
  'spec.selector',
  'spec.podSelector',
  'labelSelector',
  'namespaceSelector',
  'nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution',
  'configMapKeyRef',
  'fieldRef',
  'resourceFieldRef',
  'secretKeyRef',
  'secretRef',
  'nodePublishSecretRef',
  'dataSource',
]);

/**
 * Objects that are in every object of their kind, if only empty, because the API has them as structures and not as pointers: nobody
 * adds or removes one. Source: k8s.io/api core/v1, apps/v1, batch/v1, networking/v1
 */
const ALWAYS: Readonly<Record<string, RegExp>> = {
  ServiceAccount: /^metadata$/,
  Namespace: /^(metadata|spec|status)$/,
  Node: /^(metadata|spec|status)$/,
  Pod: /^(metadata|spec|status)$/,
  NetworkPolicy: /^(metadata|spec(\.podSelector)?)$/,
  CronJob: /^(metadata|status|spec(\.jobTemplate(\.metadata|\.spec(\.template(\.metadata|\.spec)?)?)?)?)$/,
};
const ALWAYS_IN_CONTROLLERS = /^(metadata|status|spec(\.strategy|\.updateStrategy|\.template(\.metadata|\.spec)?)?)$/;

/** The list of containers is never left out: nobody adds or removes the list itself. */
const ALWAYS_A_LIST = /(^|\.)spec\.containers$/;

/** Where a value stands in an object. */
export interface Place {
  readonly kind: string;
  /** The names of the members that lead to it, without the items of lists. */
  readonly names: readonly string[];
  /** It is an item of the list that `names` leads to. */
  readonly isItem: boolean;
}

function lastTwo(names: readonly string[]): string {
  return `${names.at(-2) ?? ''}.${names.at(-1) ?? ''}`;
}

/** What the list at a place is for its owners. */
export function listType({ kind, names }: Place): ListType {
  const key = lastTwo(names);
  return kind === 'Job' && key === 'status.conditions' ? 'atomic' : (LISTS[key] ?? 'atomic');
}

/** Whether the object at a place is one field. */
export function isAtomicObject({ names, isItem }: Place): boolean {
  if (isItem) return ATOMIC_ITEMS.has(lastTwo(names));
  return ATOMIC_OBJECTS.has(lastTwo(names)) || ATOMIC_OBJECTS.has(names.at(-1) ?? '');
}

/** What stands at a place in every object of its kind, whatever a client sends; undefined where a client may leave it out. */
export function standingValue({ kind, names, isItem }: Place): object | null | undefined {
  if (isItem) return undefined;
  const path = names.join('.');
  if ((ALWAYS[kind] ?? ALWAYS_IN_CONTROLLERS).test(path)) return {};
  return ALWAYS_A_LIST.test(path) ? null : undefined;
}

/** Values of members that name an item of a list, where the item leaves them out. */
export const KEY_DEFAULTS: Readonly<Record<string, string>> = { protocol: 'TCP' };
