import type { OwnerFacts, PodFacts } from './KubernetesPort';
import { type ContainerJson, readContainer } from './readContainer';

/** The parts of a pod's JSON that podlift reads. Source: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/ */
export interface PodJson {
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
  if (kind === 'ReplicaSet' && hash !== undefined && name.endsWith(`-${hash}`))
    return { kind: 'Deployment', name: name.slice(0, -hash.length - 1) };
  return { kind, name };
}

function tokenVolume({ name, projected }: VolumeJson): [string, string][] {
  const tokens = (projected?.sources ?? []).flatMap(({ serviceAccountToken }) => serviceAccountToken ?? []);
  return tokens.slice(0, 1).map(({ audience = '' }) => [name, audience]);
}
