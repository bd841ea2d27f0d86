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

/**
 * Variables by which an SDK finds credentials before it comes to those of IRSA or Pod Identity, or turns those away.
 * Source: https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
 */
export const EARLIER_VARIABLES = [
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_PROFILE',
  'AWS_SHARED_CREDENTIALS_FILE',
  'AWS_CONFIG_FILE',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
] as const;
export type EarlierVariable = (typeof EARLIER_VARIABLES)[number];

/** A container of a pod, init containers included, with those of its variables that decide about credentials. */
export interface ContainerFacts {
  readonly name: string;
  /** The value, or its source (`secret orders/arn`) where the pod does not state the value. */
  readonly env: Readonly<Partial<Record<CredentialVariable, string>>>;
  /** The names of those that are set; never their values, which may be secrets. */
  readonly earlier: readonly EarlierVariable[];
  /** Proxy variables by their upper-case names (`HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY`), whatever case they were written in. */
  readonly proxy: Readonly<Record<string, string>>;
  /** The objects whose keys all become variables, unread: `configmap orders`, `secret orders`. */
  readonly envFrom: readonly string[];
  readonly image: string;
  /** Ports of the node that the container occupies. */
  readonly hostPorts: readonly number[];
}

/** The owner of a pod: a Deployment rather than its ReplicaSet, the Job of a CronJob as a Job. */
export interface OwnerFacts {
  readonly kind: string;
  readonly name: string;
}

/** The fields of a pod that podlift reads. */
export interface PodFacts {
  readonly namespace: string;
  readonly name: string;
  readonly serviceAccount: string;
  /** Absent: not scheduled yet. */
  readonly node?: string;
  /** `Pending`, `Running`, `Succeeded`, `Failed`, `Unknown`. */
  readonly phase: string;
  readonly ready: boolean;
  /** Its deletion has begun. */
  readonly ending: boolean;
  /** Absent: created by hand. */
  readonly owner?: OwnerFacts;
  /** The label `app.kubernetes.io/name`. */
  readonly app?: string;
  readonly labels: Readonly<Record<string, string>>;
  /** The pod shares the network of its node. */
  readonly hostNetwork: boolean;
  readonly containers: readonly ContainerFacts[];
  /** Names of its volumes that project a service account token, with the token's audience. */
  readonly tokenVolumes: Readonly<Record<string, string>>;
}

/** The fields of a node that podlift reads. */
export interface NodeFacts {
  readonly name: string;
  /** The label `kubernetes.io/os`: `linux`, `windows`. */
  readonly os: string;
  /** The label `eks.amazonaws.com/compute-type`: `ec2`, `fargate`, `auto`, `hybrid`. Absent on nodes that EKS did not label. */
  readonly computeType?: string;
  /** The label `eks.amazonaws.com/nodegroup`: its managed node group. */
  readonly nodeGroup?: string;
}

/** The owner of a field of an object. Source: https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management */
export interface FieldOwner {
  /** The field manager: `helm`, `kubectl-annotate`. */
  readonly manager: string;
  /** `Apply`: by server-side apply. `Update`: by any other request. */
  readonly operation: 'Apply' | 'Update';
}

/** The fields of a service account that podlift reads. */
export interface ServiceAccountFacts {
  readonly namespace: string;
  readonly name: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  /** The owners of the annotation `eks.amazonaws.com/role-arn`, also of an empty one; none where the API server names none. */
  readonly roleOwners: readonly FieldOwner[];
}

/** The fields of a NetworkPolicy that podlift reads. Source: https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/ */
export interface NetworkPolicyFacts {
  readonly name: string;
  /** The labels of the pods that it selects (`matchLabels`); empty: every pod of the namespace. Absent: it selects by expressions, which are not read. */
  readonly podLabels?: Readonly<Record<string, string>>;
  /** It limits the egress of the pods. */
  readonly limitsEgress: boolean;
  /** Its egress rules; a rule without peers allows every address, a rule without ports every port. */
  readonly egress: readonly {
    /** Absent: every address. `except` narrows `cidr`. Peers that are pods or namespaces are left out. */
    readonly blocks?: readonly { readonly cidr: string; readonly except: readonly string[] }[];
    /** Absent: every port. Named ports are left out. */
    readonly ports?: readonly { readonly from: number; readonly to: number }[];
  }[];
}

/** The questions that podlift asks about one cluster. Every list has all its pages. `undefined` as a value: nothing has that name. */
export interface KubernetesPort {
  readonly pods: (namespace: string) => Promise<Answer<readonly PodFacts[]>>;
  /** Of all namespaces. */
  readonly allPods: () => Promise<Answer<readonly PodFacts[]>>;
  /** Of all namespaces. */
  readonly serviceAccounts: () => Promise<Answer<readonly ServiceAccountFacts[]>>;
  readonly networkPolicies: (namespace: string) => Promise<Answer<readonly NetworkPolicyFacts[]>>;
  readonly serviceAccount: (namespace: string, name: string) => Promise<Answer<ServiceAccountFacts | undefined>>;
  /** The issuer of the cluster's service account tokens, `https://…`. */
  readonly issuer: () => Promise<Answer<string>>;
  readonly nodes: () => Promise<Answer<readonly NodeFacts[]>>;
}

/** The port to a cluster of an environment (its key). When `signal` is aborted, the questions under way end. */
export type KubernetesPorts = (environment: string, cluster: Cluster, signal?: AbortSignal) => KubernetesPort;
