import type { Account, Cluster } from '../../inventory/Inventory';
import { contextOf } from '../../estate/kubernetes/contextOf';
import { shellWord } from '../../estate/shellWord';

/** What stands as `of` where the inventory itself answers. */
export const INVENTORY = 'inventory';

/** `apps-prod (333333333333) us-west-2`. */
export function awsPlace({ key, id }: Account, region: string): string {
  return `${key} (${id}) ${region}`;
}

/** `kubectl --context prod-main`: also how a command to this cluster begins. */
export function kubectlPlace(cluster: Cluster): string {
  return `kubectl --context ${shellWord(contextOf(cluster))}`;
}
