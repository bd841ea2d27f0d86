import type { Cluster } from '../../inventory/Inventory';
import type { Answer } from '../aws/AwsPort';

/** The variables by which an SDK finds credentials of IRSA or of Pod Identity. */
export const CREDENTIAL_VARIABLES = [
  'AWS_ROLE_ARN',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE',
] as const;
export type CredentialVariable = (typeof CREDENTIAL_VARIABLES)[number];

/** A container of a pod, init containers included, with those of its variables that decide about credentials. */
export interface ContainerFacts {
  readonly name: string;
  /** The value, or what it comes from (`secret orders/arn`) where the pod does not state it. */
  readonly env: Readonly<Partial<Record<CredentialVariable, string>>>;
  /** What it takes all variables from, unseen: `configmap orders`, `secret orders`. */
  readonly envFrom: readonly string[];
}

/** What a pod is made by: a Deployment rather than its ReplicaSet, a CronJob's Job as a Job. */
export interface OwnerFacts {
  readonly kind: string;
  readonly name: string;
}

/** A pod with what podlift reads of it. */
export interface PodFacts {
  readonly namespace: string;
  readonly name: string;
  readonly serviceAccount: string;
  /** Absent: not scheduled yet. */
  readonly node?: string;
  /** `Pending`, `Running`, `Succeeded`, `Failed`, `Unknown`. */
  readonly phase: string;
  readonly ready: boolean;
  /** It has been told to end. */
  readonly ending: boolean;
  /** Absent: made by hand. */
  readonly owner?: OwnerFacts;
  /** The label `app.kubernetes.io/name`. */
  readonly app?: string;
  readonly containers: readonly ContainerFacts[];
  /** Names of its volumes that project a service account token, with the token's audience. */
  readonly tokenVolumes: Readonly<Record<string, string>>;
}

/** A node with what podlift reads of it. */
export interface NodeFacts {
  readonly name: string;
  /** The label `kubernetes.io/os`: `linux`, `windows`. */
  readonly os: string;
  /** The label `eks.amazonaws.com/compute-type`: `ec2`, `fargate`, `auto`, `hybrid`. Absent on nodes that EKS did not label. */
  readonly computeType?: string;
}

export interface ServiceAccountFacts {
  readonly annotations: Readonly<Record<string, string>>;
}

/** What podlift asks of one cluster. Every list is whole. */
export interface KubernetesPort {
  readonly pods: (namespace: string) => Promise<Answer<readonly PodFacts[]>>;
  /** Nothing where there is no such service account. */
  readonly serviceAccount: (namespace: string, name: string) => Promise<Answer<ServiceAccountFacts | undefined>>;
  /** The issuer of the cluster's service account tokens, `https://…`. */
  readonly issuer: () => Promise<Answer<string>>;
  readonly nodes: () => Promise<Answer<readonly NodeFacts[]>>;
}

/** The port to a cluster of an environment (its key). */
export type KubernetesPorts = (environment: string, cluster: Cluster) => KubernetesPort;
