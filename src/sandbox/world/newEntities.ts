import { randomInt, randomUUID } from 'node:crypto';
import type { AddonState, AssociationState, ClusterState, Tags } from './World';

const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const LOWER = 'abcdefghijklmnopqrstuvwxyz0123456789';

function random(alphabet: string, length: number): string {
  return Array.from({ length }, () => alphabet.charAt(randomInt(alphabet.length))).join('');
}

/**
 * A new IAM unique identifier: the four letters of its kind (`AROA`, `ANPA`, `ASIA`) and 17 more.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
 */
export function newUniqueId(kind: 'AROA' | 'ANPA' | 'ASIA'): string {
  return `${kind}${random(UPPER, kind === 'ASIA' ? 16 : 17)}`;
}

/** A new id of a Pod Identity association: `a-` and 17 letters and digits. */
export function newAssociationId(): string {
  return `a-${random(LOWER, 17)}`;
}

/** Random text of lower-case letters and digits, as Kubernetes puts it at the end of names. */
export function newLowerId(length: number): string {
  return random(LOWER, length);
}

/** Random text of upper-case letters and digits, for secrets and session tokens. */
export function newSecret(length: number): string {
  return random(UPPER, length);
}

/** What an add-on is made from. */
export interface NewAddon {
  readonly name: string;
  readonly version: string;
  readonly serviceAccountRoleArn?: string;
  readonly configurationValues?: string;
  readonly tags?: Readonly<Tags>;
}

/** An add-on of a cluster, not in it yet, without associations. `now` is ISO 8601. */
export function newAddon(cluster: ClusterState, wanted: NewAddon, now: string): AddonState {
  const { name, version, serviceAccountRoleArn, configurationValues, tags = {} } = wanted;
  return {
    name,
    arn: `${cluster.arn.replace(':cluster/', ':addon/')}/${name}/${randomUUID()}`,
    createdAt: now,
    modifiedAt: now,
    version,
    ...(serviceAccountRoleArn === undefined ? {} : { serviceAccountRoleArn }),
    ...(configurationValues === undefined ? {} : { configurationValues }),
    associations: [],
    tags: { ...tags },
  };
}

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
