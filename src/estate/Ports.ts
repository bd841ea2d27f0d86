import type { AwsPort, AwsPorts } from './aws/AwsPort';
import type { KubernetesPort, KubernetesPorts } from './kubernetes/KubernetesPort';

/** The live systems, as operations see them. */
export interface Ports {
  readonly aws: AwsPorts;
  readonly kubernetes: KubernetesPorts;
}

/** The ports to one cluster, and its name in EKS. */
export interface ClusterPorts {
  readonly name: string;
  readonly aws: AwsPort;
  readonly kubernetes: KubernetesPort;
}
