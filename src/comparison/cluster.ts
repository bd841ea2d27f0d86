import { IRSA_AUDIENCE } from '../blueprint/sourceTrust';
import type { ClusterFacts, OidcProviderFacts } from '../estate/aws/AwsPort';
import type { Cluster } from '../inventory/Inventory';
import { type Mismatch, property } from './Mismatch';

/**
 * The first platform version (`eks.N`) of each Kubernetes version that knows Pod Identity; every later Kubernetes version does, no
 * earlier one. Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-identities.html (cluster versions)
 */
export const PLATFORM_MINIMUMS: Readonly<Record<string, number>> = {
  '1.24': 13,
  '1.25': 10,
  '1.26': 9,
  '1.27': 8,
  '1.28': 4,
};

/** The last Kubernetes version of the table. */
const LAST_LISTED = 28;

/** Whether a cluster knows Pod Identity; nothing where its versions cannot be read. */
export function knowsPodIdentity({
  version,
  platformVersion,
}: Pick<ClusterFacts, 'version' | 'platformVersion'>): boolean | undefined {
  const minor = Number(/^1\.(\d+)$/.exec(version)?.[1] ?? Number.NaN);
  if (Number.isNaN(minor)) return undefined;
  if (minor > LAST_LISTED) return true;
  const minimum = PLATFORM_MINIMUMS[version];
  if (minimum === undefined) return false;
  const platform = Number(/^eks\.(\d+)/.exec(platformVersion)?.[1] ?? Number.NaN);
  return Number.isNaN(platform) ? undefined : platform >= minimum;
}

/** The version of a cluster in the inventory, and whether it is in Auto Mode (`true`, `false`), against those in EKS. */
export function compareCluster(
  wanted: Pick<Cluster, 'name' | 'version' | 'autoMode'>,
  found: Pick<ClusterFacts, 'version' | 'autoMode'> | undefined,
): readonly Mismatch<'version' | 'auto-mode'>[] {
  if (found === undefined) return [{ what: 'missing', wanted: wanted.name }];
  return [
    ...property('version', wanted.version, found.version),
    ...property('auto-mode', String(wanted.autoMode), String(found.autoMode)),
  ];
}

/** `context`: the kubeconfig context leads to another cluster. `issuer`: the inventory names another issuer than EKS. */
export type ContextMismatch = Mismatch<'context' | 'issuer'>;

/**
 * Whether a context whose API server signs tokens for `issuer` leads to the cluster, of which EKS says `facts`. Servers are not compared: proxies and
 * tunnels have addresses of their own. `missing`: EKS has no such cluster, or no issuer of it.
 * Source: https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/#service-account-issuer-discovery
 */
export function compareContext(
  { oidc }: Pick<Cluster, 'oidc'>,
  issuer: string,
  facts: Pick<ClusterFacts, 'issuer'> | undefined,
): readonly ContextMismatch[] {
  const own = facts?.issuer;
  if (own === undefined) return [{ what: 'missing', found: issuer }];
  if (issuer !== own) return [{ what: 'context', wanted: own, found: issuer }];
  return oidc === undefined || oidc.issuer === own ? [] : [{ what: 'issuer', wanted: own, found: oidc.issuer }];
}

/** Whether IAM has a cluster's OIDC provider, and the provider accepts the audience of IRSA's tokens. */
export function compareOidcProvider(found: OidcProviderFacts | undefined): readonly Mismatch<'audience'>[] {
  if (found === undefined) return [{ what: 'missing' }];
  if (found.audiences.includes(IRSA_AUDIENCE)) return [];
  return [{ what: 'audience', wanted: IRSA_AUDIENCE, found: found.audiences.join(', ') || 'none' }];
}
