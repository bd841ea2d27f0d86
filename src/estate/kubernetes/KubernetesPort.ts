import type { Cluster } from '../../inventory/Inventory';
import type { Answer } from '../aws/AwsPort';
import type { Facts } from '../schema/Facts';
import type * as schema from '../schema/kubernetesFacts';

/** The fields of a pod that podlift reads. */
export type PodFacts = Facts<typeof schema.podFacts>;
/** A container of a pod, init containers included, with those of its variables that decide about credentials. */
export type ContainerFacts = PodFacts['containers'][number];
/** The owner of a pod: a Deployment rather than its ReplicaSet, the Job of a CronJob as a Job. */
export type OwnerFacts = NonNullable<PodFacts['owner']>;
/** The fields of a workload's pod template that podlift reads: of a Deployment, StatefulSet, DaemonSet, Job or CronJob. */
export type TemplateFacts = Facts<typeof schema.templateFacts>;
/** A pod as the cluster would admit it. */
export type AdmissionFacts = Facts<typeof schema.admissionFacts>;
/** What podlift reads of a ConfigMap or a Secret whose keys become variables. */
export type VariableSourceFacts = Facts<typeof schema.variableSourceFacts>;
/** The fields of a node that podlift reads. */
export type NodeFacts = Facts<typeof schema.nodeFacts>;
/** The fields of a service account that podlift reads. */
export type ServiceAccountFacts = Facts<typeof schema.serviceAccountFacts>;
/** The owner of a field of an object. Source: https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management */
export type FieldOwner = ServiceAccountFacts['roleOwners'][number];
/** The fields of a NetworkPolicy that podlift reads. */
export type NetworkPolicyFacts = Facts<typeof schema.networkPolicyFacts>;

/** What podlift reads of a policy of another engine than Kubernetes' own. */
export type EnginePolicyFacts = Facts<typeof schema.enginePolicyFacts>;

/** The fields of an object of a known controller that podlift reads. */
export type CustomObjectFacts = Facts<typeof schema.customObjectFacts>;

/** The questions that podlift asks about one cluster. Every list has all its pages. `undefined` as a value: nothing has that name. */
export interface KubernetesPort {
  readonly pods: (namespace: string) => Promise<Answer<readonly PodFacts[]>>;
  /** Of all namespaces. */
  readonly allPods: () => Promise<Answer<readonly PodFacts[]>>;
  readonly templates: (namespace: string) => Promise<Answer<readonly TemplateFacts[]>>;
  /** Of all namespaces. */
  readonly allTemplates: () => Promise<Answer<readonly TemplateFacts[]>>;
  /** Of all namespaces. */
  readonly serviceAccounts: () => Promise<Answer<readonly ServiceAccountFacts[]>>;
  readonly networkPolicies: (namespace: string) => Promise<Answer<readonly NetworkPolicyFacts[]>>;
  readonly serviceAccount: (namespace: string, name: string) => Promise<Answer<ServiceAccountFacts | undefined>>;
  readonly configMap: (namespace: string, name: string) => Promise<Answer<VariableSourceFacts | undefined>>;
  /** The keys of a Secret. Its values stay in kubectl. */
  readonly secret: (namespace: string, name: string) => Promise<Answer<VariableSourceFacts | undefined>>;
  /** The issuer of the cluster's service account tokens, `https://…`. */
  readonly issuer: () => Promise<Answer<string>>;
  /** A server-side dry run of the workload's pod; an answer that is missing names the policy that rejects the pod. */
  readonly admission: (namespace: string, serviceAccount: string) => Promise<Answer<AdmissionFacts>>;
  readonly nodes: () => Promise<Answer<readonly NodeFacts[]>>;
  /** The API groups of the catalogue and of policy engines that the cluster has. */
  readonly apiGroups: () => Promise<Answer<readonly string[]>>;
  /** Of all namespaces; of a resource of the catalogue (`secretstores.external-secrets.io`). Empty where the kind does not exist. */
  readonly customObjects: (resource: string) => Promise<Answer<readonly CustomObjectFacts[]>>;
  /** Of all namespaces; of a resource of `POLICY_KINDS`. Empty where the kind does not exist. */
  readonly enginePolicies: (resource: string) => Promise<Answer<readonly EnginePolicyFacts[]>>;
}

/** The port to a cluster of an environment (its key). When `signal` is aborted, the questions under way end. */
export type KubernetesPorts = (environment: string, cluster: Cluster, signal?: AbortSignal) => KubernetesPort;
