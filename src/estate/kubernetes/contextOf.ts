import type { Cluster } from '../../inventory/Inventory';

/** The kubeconfig context of a cluster: the one that the inventory names, else the ARN, as `aws eks update-kubeconfig` writes it. */
export function contextOf({ kubernetes, arn }: Cluster): string {
  return kubernetes?.context ?? arn;
}
