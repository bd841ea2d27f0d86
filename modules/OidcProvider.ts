import type { OidcProvider as OidcProviderEntry } from '../src/blueprint/Blueprint';
import { IRSA_AUDIENCE } from '../src/blueprint/sourceTrust';
import { address } from './address';
import { Construct } from './cdktf';
import type { Import } from './Import';
import { literal, literals } from './literal';
import { IamOpenidConnectProvider } from './providers';

/** The IAM OIDC provider of one cluster. It has no thumbprints: AWS trusts EKS issuers by its own library of CAs. */
export class OidcProvider extends Construct {
  /** The import block of an existing provider. */
  readonly imports: readonly Import[];

  constructor(scope: Construct, id: string, { issuer, arn, adopt, imports = false, tags }: OidcProviderEntry) {
    super(scope, id);
    const provider = new IamOpenidConnectProvider(this, 'provider', {
      url: literal(issuer),
      clientIdList: [IRSA_AUDIENCE],
      ...(Object.keys(tags).length === 0 ? {} : { tags: literals(tags) }),
      // Other people own its audiences and tags, and other roles can trust it.
      ...(adopt ? { lifecycle: { preventDestroy: true, ignoreChanges: ['client_id_list', 'tags', 'tags_all'] } } : {}),
    });
    this.imports = adopt || imports ? [{ to: address(provider), id: literal(arn) }] : [];
  }
}
