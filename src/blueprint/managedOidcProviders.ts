import type { Environment } from '../inventory/Inventory';
import { oidcProviderArn } from './arns';
import type { OidcProvider } from './Blueprint';
import { environmentTags } from './environmentTags';

/**
 * The OIDC providers that podlift manages. They stay while the inventory has `managed`, even without a workload on IRSA: a step back needs
 * them.
 */
export function managedOidcProviders(environment: Environment): OidcProvider[] {
  const { partition, account, clusters } = environment;
  return clusters.flatMap(({ key, oidc }) =>
    oidc?.provider === 'managed'
      ? [
          {
            cluster: key,
            issuer: oidc.issuer,
            arn: oidcProviderArn(partition, account.id, oidc.issuer),
            adopt: oidc.adopt,
            ...(oidc.imports === true ? { imports: true } : {}),
            tags: environmentTags(environment),
          },
        ]
      : [],
  );
}
