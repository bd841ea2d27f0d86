import { newAssociationId } from './newId';
import type { AssociationState, ClusterState, Tags } from './World';

/** What an association is made from. */
export interface NewAssociation {
  /** `a-…`. Default: a new one. */
  readonly id?: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly roleArn: string;
  readonly targetRoleArn?: string;
  readonly disableSessionTags?: boolean;
  readonly tags?: Readonly<Tags>;
}

/** The external id that EKS gives to the target role's trust policy; only an association with a target has one. */
export function externalIdOf(
  cluster: ClusterState,
  association: Pick<AssociationState, 'namespace' | 'serviceAccount'>,
): string {
  return [cluster.region, cluster.account, cluster.name, association.namespace, association.serviceAccount].join('/');
}

/** An association of a cluster, not in it yet. `now` is ISO 8601; `ownerArn` that of the add-on that wants it. */
export function newAssociation(
  cluster: ClusterState,
  wanted: NewAssociation,
  now: string,
  ownerArn?: string,
): AssociationState {
  const { namespace, serviceAccount, roleArn, targetRoleArn, disableSessionTags = false, tags = {} } = wanted;
  const { id = newAssociationId() } = wanted;
  return {
    id,
    arn: `${cluster.arn.replace(/:cluster\/.*$/, '')}:podidentityassociation/${cluster.name}/${id}`,
    namespace,
    serviceAccount,
    createdAt: now,
    modifiedAt: now,
    ...(ownerArn === undefined ? {} : { ownerArn }),
    roleArn,
    ...(targetRoleArn === undefined ? {} : { targetRoleArn, externalId: externalIdOf(cluster, wanted) }),
    disableSessionTags,
    tags: { ...tags },
  };
}
