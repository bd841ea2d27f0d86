/**
 * The type of a list: one field (`atomic`), a set of values that have their own owners, or items that are identified by these members.
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
 * Lists that are not atomic, by the parent's name and their own. A list at the top of an object has an empty parent.
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

/** Lists with keys whose items are one field each. */
const ATOMIC_ITEMS = new Set(['metadata.ownerReferences', '.secrets', 'spec.imagePullSecrets']);

/** Objects that are one field, by their name, or by the parent's name and their own. */
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
 * Members that every object of their kind has, maybe empty, because in Go they are structures and not pointers: no write adds or removes them.
 * Source: k8s.io/api core/v1, apps/v1, batch/v1, networking/v1
 */
const ALWAYS_PRESENT: Readonly<Record<string, RegExp>> = {
  ServiceAccount: /^metadata$/,
  Namespace: /^(metadata|spec|status)$/,
  Node: /^(metadata|spec|status)$/,
  Pod: /^(metadata|spec|status)$/,
  NetworkPolicy: /^(metadata|spec(\.podSelector)?)$/,
  CronJob: /^(metadata|status|spec(\.jobTemplate(\.metadata|\.spec(\.template(\.metadata|\.spec)?)?)?)?)$/,
};
const ALWAYS_PRESENT_IN_CONTROLLERS =
  /^(metadata|status|spec(\.strategy|\.updateStrategy|\.template(\.metadata|\.spec)?)?)$/;

/** Kinds with the types above. All other kinds are custom resources: only their metadata has lists with owners of their own. */
const BUILT_IN: ReadonlySet<string> = new Set([
  ...Object.keys(ALWAYS_PRESENT),
  ...['DaemonSet', 'Deployment', 'Job', 'ReplicaSet', 'StatefulSet'],
]);

/** The list of containers always exists: no write adds or removes the list itself. */
const ALWAYS_PRESENT_LIST = /(^|\.)spec\.containers$/;

/** The position of a value in an object. */
export interface FieldPosition {
  readonly kind: string;
  /** The names of the members on the path to the value, without the items of lists. */
  readonly names: readonly string[];
  /** The value is an item of the list at `names`. */
  readonly isItem: boolean;
}

/** A field of a custom resource, outside of its metadata. */
function isCustom(kind: string, names: readonly string[]): boolean {
  return !BUILT_IN.has(kind) && names[0] !== 'metadata';
}

function lastTwo(names: readonly string[]): string {
  return `${names.at(-2) ?? ''}.${names.at(-1) ?? ''}`;
}

/** The type of the list at a position. */
export function listType({ kind, names }: FieldPosition): ListType {
  const key = lastTwo(names);
  if (isCustom(kind, names)) return 'atomic';
  return kind === 'Job' && key === 'status.conditions' ? 'atomic' : (LISTS[key] ?? 'atomic');
}

/** True when the object at a position is one field. */
export function isAtomicObject({ kind, names, isItem }: FieldPosition): boolean {
  if (isCustom(kind, names)) return false;
  if (isItem) return ATOMIC_ITEMS.has(lastTwo(names));
  return ATOMIC_OBJECTS.has(lastTwo(names)) || ATOMIC_OBJECTS.has(names.at(-1) ?? '');
}

/** The value that every object of the kind has at a position, whatever a client sends. Undefined when the value is optional. */
export function alwaysPresentValue({ kind, names, isItem }: FieldPosition): object | null | undefined {
  if (isItem) return undefined;
  const path = names.join('.');
  if (!BUILT_IN.has(kind)) return path === 'metadata' ? {} : undefined;
  if ((ALWAYS_PRESENT[kind] ?? ALWAYS_PRESENT_IN_CONTROLLERS).test(path)) return {};
  return ALWAYS_PRESENT_LIST.test(path) ? null : undefined;
}

/** The default values of members that identify an item of a list. */
export const KEY_DEFAULTS: Readonly<Record<string, string>> = { protocol: 'TCP' };
