import type { Association } from '../src/blueprint/Blueprint';
import { address } from './address';
import { Construct } from './cdktf';
import { literal, literals } from './literal';
import { type AwsProvider, EksPodIdentityAssociation } from './providers';
import type { ClusterAddon } from './ClusterAddon';
import type { Import } from './Import';

/** The dependencies and the provider of an association. */
export interface AssociationContext {
  /** Addresses of the resources of its role. Empty for an external role, which is in no stack. */
  readonly roleParts: readonly string[];
  /** The cluster's agent: without it a pod with the association gets no credentials. */
  readonly agent?: ClusterAddon;
  /** The provider of the cluster's region; absent: the default provider of the stack. */
  readonly provider?: AwsProvider;
  /** Tags that the provider does not add by itself, for a new association. */
  readonly defaultTags?: Readonly<Record<string, string>>;
}

/** The association of one service account on one cluster. */
export class PodIdentityAssociation extends Construct {
  /** The import block of an existing association. */
  readonly imports: readonly Import[];

  constructor(
    scope: Construct,
    id: string,
    association: Association,
    { roleParts, agent, provider, defaultTags = {} }: AssociationContext,
  ) {
    super(scope, id);
    const resource = new EksPodIdentityAssociation(this, 'association', {
      ...(provider === undefined ? {} : { provider }),
      clusterName: literal(association.clusterName),
      namespace: literal(association.namespace),
      serviceAccount: literal(association.serviceAccount),
      roleArn: literal(association.roleArn),
      ...(association.targetRoleArn === undefined ? {} : { targetRoleArn: literal(association.targetRoleArn) }),
      ...(association.disableSessionTags ? { disableSessionTags: true } : {}),
      tags: literals({ ...defaultTags, ...association.tags }),
      // Its creator can find it by its tags.
      ...(association.keepsTags ? { lifecycle: { ignoreChanges: ['tags'] } } : {}),
    });
    this.imports =
      association.importId === undefined
        ? []
        : [{ to: address(resource), id: literal(`${association.clusterName},${association.importId}`) }];
    // An override, since cdktf's `dependsOn` creates a token for each address.
    const after = [...roleParts, ...(agent === undefined ? [] : [address(agent.addon)])];
    if (after.length > 0) resource.addOverride('depends_on', after);
  }
}
