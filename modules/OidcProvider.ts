import type { OidcProvider as OidcProviderEntry } from '../blueprint/Blueprint';
import { IRSA_AUDIENCE } from '../blueprint/sourceTrust';
import { Construct } from './cdktf';
import { literal } from './literal';
import { IamOpenidConnectProvider } from './providers';

/** The IAM OIDC provider of one cluster. Thumbprints are left to AWS, which trusts EKS issuers by its own library of CAs. */
export class OidcProvider extends Construct {
  constructor(scope: Construct, id: string, provider: OidcProviderEntry) {
    super(scope, id);
    new IamOpenidConnectProvider(this, 'provider', { url: literal(provider.issuer), clientIdList: [IRSA_AUDIENCE] });
  }
}
