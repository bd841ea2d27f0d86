import {
  CREDENTIAL_VARIABLES,
  EARLIER_VARIABLES,
  PROXY_VARIABLES,
  REGION_VARIABLES,
  SESSION_NAME_VARIABLE,
  VARIABLES,
} from '../schema/kubernetesFacts';
import type { ContainerFacts, OwnerFacts, PodFacts } from './KubernetesPort';
import type { ContainerJson, Named, VariableJson, VolumeJson } from './podJson';
import { awsFilesOf } from './readAwsFiles';

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
  readonly spec?: PodSpecJson & { readonly nodeName?: string };
  readonly status?: {
    readonly phase?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

/** The parts of a pod spec that podlift reads, of a pod and of a pod template. */
export interface PodSpecJson {
  readonly serviceAccountName?: string;
  readonly hostNetwork?: boolean;
  readonly containers?: readonly ContainerJson[];
  readonly initContainers?: readonly ContainerJson[];
  readonly volumes?: readonly VolumeJson[];
}

/** A pod as `kubectl get pods -o json` lists it, cut down to what podlift reads. */
export function readPod({ metadata = {}, spec = {}, status = {} }: PodJson): PodFacts {
  const labels = metadata.labels ?? {};
  const owner = ownerOf(metadata.ownerReferences ?? [], labels['pod-template-hash']);
  return {
    namespace: metadata.namespace ?? '',
    name: metadata.name ?? '',
    ...(spec.nodeName === undefined ? {} : { node: spec.nodeName }),
    phase: status.phase ?? 'Unknown',
    ready: (status.conditions ?? []).some((condition) => condition.type === 'Ready' && condition.status === 'True'),
    ending: metadata.deletionTimestamp !== undefined,
    ...(owner === undefined ? {} : { owner }),
    ...readPodParts(labels, spec),
  };
}

/** What a pod and a pod template have in common. */
type PodParts = Pick<
  PodFacts,
  | 'serviceAccount'
  | 'app'
  | 'labels'
  | 'hostNetwork'
  | 'containers'
  | 'tokenVolumes'
  | 'secretProviderClasses'
  | 'volumeClaims'
>;

/** The parts of a pod, or of a template, that its labels and its spec have. */
export function readPodParts(labels: Readonly<Record<string, string>>, spec: PodSpecJson): PodParts {
  const { hostNetwork = false, volumes = [] } = spec;
  const app = labels['app.kubernetes.io/name'];
  const classes = volumes.flatMap(secretProviderClass);
  const claims = volumes.flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []);
  return {
    serviceAccount: spec.serviceAccountName ?? 'default',
    ...(app === undefined ? {} : { app }),
    labels,
    hostNetwork,
    containers: [...(spec.initContainers ?? []), ...(spec.containers ?? [])].map((container) =>
      readContainer(container, hostNetwork, volumes),
    ),
    tokenVolumes: Object.fromEntries(volumes.flatMap(tokenVolume)),
    ...(classes.length > 0 && { secretProviderClasses: classes }),
    ...(claims.length > 0 && { volumeClaims: claims }),
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

/** Source: https://secrets-store-csi-driver.sigs.k8s.io/getting-started/usage */
function secretProviderClass({ csi }: VolumeJson): readonly string[] {
  const { secretProviderClass: name } = csi?.volumeAttributes ?? {};
  return csi?.driver !== 'secrets-store.csi.k8s.io' || name === undefined ? [] : [name];
}

const CREDENTIAL_NAMES: ReadonlySet<string> = new Set(CREDENTIAL_VARIABLES);
const PROXIES: readonly string[] = PROXY_VARIABLES;
/** Where an empty variable hides one of envFrom. The variables of IRSA and Pod Identity are in `env`, empty ones too. */
const CLEARABLE = VARIABLES.filter((name) => !CREDENTIAL_NAMES.has(name));
const ADDRESSES: ReadonlySet<string> = new Set([...PROXIES, 'AWS_CONTAINER_CREDENTIALS_FULL_URI']);

/** A container, cut down to what podlift reads. In the network of its node (`hostNetwork`) its ports are the node's. */
export function readContainer(
  container: ContainerJson,
  hostNetwork: boolean,
  volumes: readonly VolumeJson[] = [],
): ContainerFacts {
  const { name, image = '', env = [], envFrom = [], ports = [] } = container;
  const sources = envFrom.flatMap(sourcesOf);
  const empty = new Set(env.filter((variable) => !isSet(variable)).map((variable) => variable.name));
  const cleared = CLEARABLE.filter((variable) => empty.has(variable));
  const awsFiles = awsFilesOf(container, volumes);
  const set = new Set(env.filter(isSet).map((variable) => variable.name));
  const regions = regionsOf(env);
  return {
    name,
    env: Object.fromEntries(
      env
        .filter((variable) => CREDENTIAL_NAMES.has(variable.name))
        .map((variable) => [variable.name, statedBy(variable)]),
    ),
    earlier: EARLIER_VARIABLES.filter((variable) => set.has(variable)),
    proxy: proxyOf(env),
    envFrom: envFrom.flatMap(({ configMapRef, secretRef }) => [
      ...(configMapRef === undefined ? [] : [`configmap ${configMapRef.name ?? ''}`]),
      ...(secretRef === undefined ? [] : [`secret ${secretRef.name ?? ''}`]),
    ]),
    ...(Object.keys(regions).length > 0 && { regions }),
    ...(set.has(SESSION_NAME_VARIABLE) && { namesSession: true }),
    image,
    // The ports of TCP: the agent listens there alone, and a port of UDP beside is no conflict.
    hostPorts: ports
      .filter(({ protocol = 'TCP' }) => protocol === 'TCP')
      .flatMap(({ containerPort, hostPort }) => hostPort ?? (hostNetwork ? (containerPort ?? []) : [])),
    ...(sources.length > 0 && { sources }),
    ...(cleared.length > 0 && { cleared }),
    ...(awsFiles.length > 0 && { awsFiles }),
  };
}

type Source = NonNullable<ContainerFacts['sources']>[number];

function sourcesOf({ prefix = '', ...refs }: NonNullable<ContainerJson['envFrom']>[number]): Source[] {
  const kinds = [
    ['configmap', refs.configMapRef],
    ['secret', refs.secretRef],
  ] as const;
  return kinds.flatMap(([kind, ref]): Source[] =>
    ref === undefined
      ? []
      : [
          {
            kind,
            name: ref.name ?? '',
            ...(prefix !== '' && { prefix }),
            ...(ref.optional === true && { optional: true }),
          },
        ],
  );
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
export function withoutSecrets(address: string): string {
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
