import type { Environment } from '../inventory/Inventory';
import { oidcProviderArn } from './arns';
import type { OidcProvider } from './Blueprint';

/**
 * The OIDC providers that podlift manages. They stay while the inventory says `managed`, also when no workload is on IRSA
 * any more: without them no step back would work.
 */
export function managedOidcProviders({ partition, account, clusters }: Environment): OidcProvider[] {
  return clusters.flatMap(({ key, oidc }) =>
    oidc?.provider === 'managed'
      ? [
          {
            cluster: key,
            issuer: oidc.issuer,
            arn: oidcProviderArn(partition, account.id, oidc.issuer),
            adopt: oidc.adopt,
          },
        ]
      : [],
  );
}
