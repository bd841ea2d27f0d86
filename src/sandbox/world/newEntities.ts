import { randomInt, randomUUID } from 'node:crypto';
import type { AddonState, AssociationState, ClusterState, Tags } from './World';

const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const LOWER = 'abcdefghijklmnopqrstuvwxyz0123456789';

function random(alphabet: string, length: number): string {
  return Array.from({ length }, () => alphabet.charAt(randomInt(alphabet.length))).join('');
}

/**
 * A new unique identifier of IAM: the four letters of its kind (`AROA`, `ANPA`, `ASIA`) and 16 or 17 more.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
 */
export function newUniqueId(kind: 'AROA' | 'ANPA' | 'ASIA'): string {
  return `${kind}${random(UPPER, kind === 'ASIA' ? 16 : 17)}`;
}

/** Random lower-case letters and digits, as Kubernetes adds them to names. */
export function newLowerId(length: number): string {
  return random(LOWER, length);
}

/** Random upper-case letters and digits, for secrets and session tokens. */
export function newSecret(length: number): string {
  return random(UPPER, length);
}

/** The properties of a new add-on. */
export interface NewAddon {
  readonly name: string;
  readonly version: string;
  readonly serviceAccountRoleArn?: string;
  readonly configurationValues?: string;
  readonly tags?: Readonly<Tags>;
}

/** A new add-on without associations. It is not added to the cluster. `now` is ISO 8601. */
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

/** The properties of a new association. */
export interface NewAssociation {
  /** `a-…`. Default: a new one. */
  readonly id?: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly roleArn: string;
  readonly targetRoleArn?: string;
  readonly disableSessionTags?: boolean;
  /** The session policy, JSON. */
  readonly policy?: string;
  readonly tags?: Readonly<Tags>;
}

/** The external id that EKS sends to the target role. Only an association with a target role has one. */
export function externalIdOf(
  cluster: ClusterState,
  association: Pick<AssociationState, 'namespace' | 'serviceAccount'>,
): string {
  return [cluster.region, cluster.account, cluster.name, association.namespace, association.serviceAccount].join('/');
}

/** A new association. It is not added to the cluster. `now` is ISO 8601, `ownerArn` is the ARN of its add-on. */
export function newAssociation(
  cluster: ClusterState,
  wanted: NewAssociation,
  now: string,
  ownerArn?: string,
): AssociationState {
  const { namespace, serviceAccount, roleArn, targetRoleArn, disableSessionTags = false, tags = {} } = wanted;
  const { policy, id = `a-${random(LOWER, 17)}` } = wanted;
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
    ...(policy === undefined ? {} : { policy }),
    tags: { ...tags },
  };
}
