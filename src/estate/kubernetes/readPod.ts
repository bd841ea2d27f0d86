import { CREDENTIAL_VARIABLES, EARLIER_VARIABLES, REGION_VARIABLES } from '../schema/kubernetesFacts';
import type { ContainerFacts, OwnerFacts, PodFacts } from './KubernetesPort';

/** The parts of a pod's JSON that podlift reads. Source: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/ */
interface PodJson {
  readonly metadata?: {
    readonly namespace?: string;
    readonly name?: string;
    readonly deletionTimestamp?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly {
      readonly kind: string;
      readonly name: string;
      readonly controller?: boolean;
    }[];
  };
  readonly spec?: {
    readonly serviceAccountName?: string;
    readonly nodeName?: string;
    readonly hostNetwork?: boolean;
    readonly containers?: readonly ContainerJson[];
    readonly initContainers?: readonly ContainerJson[];
    readonly volumes?: readonly VolumeJson[];
  };
  readonly status?: {
    readonly phase?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

interface VolumeJson {
  readonly name: string;
  readonly projected?: {
    readonly sources?: readonly { readonly serviceAccountToken?: { readonly audience?: string } }[];
  };
}

/** The parts of a container's JSON that podlift reads. Source: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#Container */
export interface ContainerJson {
  readonly name: string;
  readonly image?: string;
  readonly env?: readonly VariableJson[];
  readonly envFrom?: readonly { readonly configMapRef?: Named; readonly secretRef?: Named }[];
  readonly ports?: readonly { readonly containerPort?: number; readonly hostPort?: number }[];
}

interface VariableJson {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: Readonly<Record<string, Named>>;
}

interface Named {
  readonly name?: string;
  readonly key?: string;
  readonly fieldPath?: string;
}

/** A pod as `kubectl get pods -o json` lists it, cut down to what podlift reads. */
export function readPod({ metadata = {}, spec = {}, status = {} }: PodJson): PodFacts {
  const labels = metadata.labels ?? {};
  const owner = ownerOf(metadata.ownerReferences ?? [], labels['pod-template-hash']);
  const hostNetwork = spec.hostNetwork ?? false;
  const app = labels['app.kubernetes.io/name'];
  return {
    namespace: metadata.namespace ?? '',
    name: metadata.name ?? '',
    serviceAccount: spec.serviceAccountName ?? 'default',
    ...(spec.nodeName === undefined ? {} : { node: spec.nodeName }),
    phase: status.phase ?? 'Unknown',
    ready: (status.conditions ?? []).some((condition) => condition.type === 'Ready' && condition.status === 'True'),
    ending: metadata.deletionTimestamp !== undefined,
    ...(owner === undefined ? {} : { owner }),
    ...(app === undefined ? {} : { app }),
    labels,
    hostNetwork,
    containers: [...(spec.initContainers ?? []), ...(spec.containers ?? [])].map((container) =>
      readContainer(container, hostNetwork),
    ),
    tokenVolumes: Object.fromEntries((spec.volumes ?? []).flatMap(tokenVolume)),
  };
}

/**
 * A Deployment's ReplicaSet is named `<deployment>-<pod-template-hash>`, and its pods carry that hash as a label; a ReplicaSet
 * without the label stands for itself. Source: https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#pod-template-hash-label
 */
function ownerOf(
  references: NonNullable<NonNullable<PodJson['metadata']>['ownerReferences']>,
  hash: string | undefined,
): OwnerFacts | undefined {
  const reference = references.find(({ controller }) => controller === true) ?? references[0];
  if (reference === undefined) return undefined;
  const { kind, name } = reference;
  // The API server takes any text here, and an object of that name cannot exist. podlift prints commands with the name.
  if (!KIND.test(kind) || !OBJECT_NAME.test(name)) return undefined;
  if (kind === 'ReplicaSet' && hash !== undefined && name.endsWith(`-${hash}`))
    return { kind: 'Deployment', name: name.slice(0, -hash.length - 1) };
  return { kind, name };
}

const KIND = /^[A-Za-z][A-Za-z0-9]*$/;
/** Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-subdomain-names */
const OBJECT_NAME = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/;

function tokenVolume({ name, projected }: VolumeJson): [string, string][] {
  const tokens = (projected?.sources ?? []).flatMap(({ serviceAccountToken }) => serviceAccountToken ?? []);
  return tokens.slice(0, 1).map(({ audience = '' }) => [name, audience]);
}

const PROXIES = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY'];
const ADDRESSES: ReadonlySet<string> = new Set([...PROXIES, 'AWS_CONTAINER_CREDENTIALS_FULL_URI']);

/** A container, cut down to what podlift reads. In the network of its node (`hostNetwork`) its ports are the node's. */
export function readContainer(container: ContainerJson, hostNetwork: boolean): ContainerFacts {
  const { name, image = '', env = [], envFrom = [], ports = [] } = container;
  const known = new Set<string>(CREDENTIAL_VARIABLES);
  const set = new Set(env.filter(isSet).map((variable) => variable.name));
  const regions = regionsOf(env);
  return {
    name,
    env: Object.fromEntries(
      env.filter((variable) => known.has(variable.name)).map((variable) => [variable.name, statedBy(variable)]),
    ),
    earlier: EARLIER_VARIABLES.filter((variable) => set.has(variable)),
    proxy: proxyOf(env),
    envFrom: envFrom.flatMap(({ configMapRef, secretRef }) => [
      ...(configMapRef === undefined ? [] : [`configmap ${configMapRef.name ?? ''}`]),
      ...(secretRef === undefined ? [] : [`secret ${secretRef.name ?? ''}`]),
    ]),
    ...(Object.keys(regions).length > 0 && { regions }),
    image,
    hostPorts: ports.flatMap(({ containerPort, hostPort }) => hostPort ?? (hostNetwork ? (containerPort ?? []) : [])),
  };
}

/** SDKs take an empty variable for none. */
function isSet({ value = '', valueFrom }: VariableJson): boolean {
  return value !== '' || valueFrom !== undefined;
}

function statedBy({ name, value, valueFrom }: VariableJson): string {
  if (value === undefined) return sourceOf(valueFrom ?? {});
  return ADDRESSES.has(name.toUpperCase()) ? withoutSecrets(value) : value;
}

/** An address without what can be a secret: user and password, and the query. */
function withoutSecrets(address: string): string {
  return address.replace(/^([\w+.-]+:\/\/)?.*@/s, '$1').replace(/[?#].*$/s, '');
}

/** `secretKeyRef: { name: orders, key: arn }` as `secret orders/arn`. */
function sourceOf(valueFrom: Readonly<Record<string, Named>>): string {
  const [kind, { name, key, fieldPath }] = Object.entries(valueFrom)[0] ?? ['nothing', {}];
  const what = kind.replace(/(Key)?Ref$/, '').toLowerCase();
  return `${what} ${fieldPath ?? [name, key].filter((part) => part !== undefined).join('/')}`.trim();
}

/** Proxies by their upper-case names; one that is written both ways is taken as written in upper case. */
function proxyOf(env: readonly VariableJson[]): Record<string, string> {
  const lowerFirst = [...env].filter(isSet).sort((one, other) => Number(isUpper(one)) - Number(isUpper(other)));
  return Object.fromEntries(
    lowerFirst
      .map((variable) => [variable.name.toUpperCase(), variable] as const)
      .filter(([upper]) => PROXIES.includes(upper))
      .map(([upper, variable]) => [upper, statedBy(variable)]),
  );
}

function regionsOf(env: readonly VariableJson[]): NonNullable<ContainerFacts['regions']> {
  return Object.fromEntries(
    REGION_VARIABLES.flatMap((name) => {
      const variable = env.findLast((one) => one.name === name && isSet(one));
      return variable === undefined ? [] : [[name, statedBy(variable)] as const];
    }),
  );
}

function isUpper({ name }: VariableJson): boolean {
  return name === name.toUpperCase();
}
