import type { AwsPorts } from './aws/AwsPort';
import type { KubernetesPorts } from './kubernetes/KubernetesPort';

/** The live systems, as operations see them. */
export interface Ports {
  readonly aws: AwsPorts;
  readonly kubernetes: KubernetesPorts;
}
