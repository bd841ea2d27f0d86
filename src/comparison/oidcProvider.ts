import { IRSA_AUDIENCE } from '../blueprint/sourceTrust';
import type { OidcProviderFacts } from '../estate/aws/AwsPort';
import type { Mismatch } from './Mismatch';

export type OidcProviderMismatch = Mismatch<'audience'>;

/** Whether IAM has a cluster's OIDC provider, and the provider accepts the audience of IRSA's tokens. */
export function compareOidcProvider(found: OidcProviderFacts | undefined): readonly OidcProviderMismatch[] {
  if (found === undefined) return [{ what: 'missing' }];
  if (found.audiences.includes(IRSA_AUDIENCE)) return [];
  return [{ what: 'audience', wanted: IRSA_AUDIENCE, found: found.audiences.join(', ') || 'none' }];
}
