import { parseArn } from '../../iam/Arn';
import type { SeedEgress, SeedNode, SeedOrganisation } from '../Seed';
import type { KubeObject } from '../kubernetes/KubeObject';

export type Tags = Record<string, string>;

export interface RoleState {
  readonly name: string;
  /** `AROA…`: a new role with the same name has another id. */
  readonly id: string;
  readonly path: string;
  readonly arn: string;
  readonly createdAt: string;
  /** The trust policy as it was sent. */
  trust: string;
  /**
   * The ids of the roles that the trust policy names, by ARN, when the policy was written.
   * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html (IAM role principals).
   */
  trustedIds: Record<string, string>;
  description?: string;
  /** Seconds. */
  maxSessionDuration: number;
  /** ARN of the permissions boundary. */
  boundary?: string;
  tags: Tags;
  /** Inline policies by name, as they were sent. */
  inline: Record<string, string>;
  /** The ARNs of the attached managed policies, in the order of attachment. */
  attached: string[];
}

export interface PolicyVersionState {
  /** `v1`, `v2`, … */
  readonly id: string;
  readonly document: string;
  readonly createdAt: string;
}

export interface PolicyState {
  readonly name: string;
  readonly id: string;
  readonly path: string;
  readonly arn: string;
  readonly description?: string;
  readonly createdAt: string;
  updatedAt: string;
  tags: Tags;
  defaultVersion: string;
  versions: PolicyVersionState[];
  /** The number of the newest version; a number is never used again. */
  lastVersion: number;
}

export interface OidcProviderState {
  readonly arn: string;
  /** Without `https://`, as IAM shows it. */
  readonly url: string;
  readonly createdAt: string;
  clientIds: string[];
  thumbprints: string[];
  tags: Tags;
}

export interface AccountState {
  readonly id: string;
  /** By lower-case name: two names cannot differ only in case. */
  roles: Record<string, RoleState>;
  /** Customer-managed policies by lower-case ARN. */
  policies: Record<string, PolicyState>;
  /** By ARN. */
  oidcProviders: Record<string, OidcProviderState>;
}

export interface AddonState {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: string;
  modifiedAt: string;
  /** When the last change is complete. Absent: it was complete at once. */
  busyUntil?: string;
  /** The conflict that stopped the last change. Absent: the change was made. */
  conflict?: string;
  /** Default: the namespace of the add-on. */
  namespace?: string;
  version: string;
  serviceAccountRoleArn?: string;
  configurationValues?: string;
  /** ARNs of the associations that the add-on owns. */
  associations: string[];
  /** When another role or other associations last restarted its pods. Absent: never. */
  restartedAt?: string;
  tags: Tags;
}

export interface AssociationState {
  readonly id: string;
  readonly arn: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly createdAt: string;
  /** The ARN of the add-on that owns the association. */
  readonly ownerArn?: string;
  modifiedAt: string;
  roleArn: string;
  targetRoleArn?: string;
  disableSessionTags: boolean;
  /** The session policy as it was sent. */
  policy?: string;
  externalId?: string;
  tags: Tags;
}

export interface UpdateState {
  readonly id: string;
  readonly addon: string;
  readonly createdAt: string;
  /** When it is complete. Absent: it was complete at once. */
  readonly busyUntil?: string;
  /** The conflict that stopped it. */
  readonly conflict?: string;
  readonly params: { readonly type: string; readonly value: string }[];
}

/** What a container ended with. */
export interface ContainerEnd {
  readonly exitCode: number;
  /** What it wrote, for `kubectl logs`. */
  readonly log: string;
}

export interface SigningKeyState {
  readonly keyId: string;
  /** PKCS #8, PEM. */
  readonly privateKey: string;
}

export interface NodeGroupState {
  readonly name: string;
  readonly arn: string;
  /** ARN. */
  readonly nodeRole: string;
}

export interface ClusterState {
  readonly arn: string;
  readonly account: string;
  readonly name: string;
  readonly region: string;
  readonly version: string;
  /** `https://…` */
  readonly issuer: string;
  readonly autoMode: boolean;
  readonly createdAt: string;
  tags: Tags;
  addons: Record<string, AddonState>;
  /** By id. */
  associations: Record<string, AssociationState>;
  /** By id. */
  updates: Record<string, UpdateState>;
  /** From where the requests of its pods reach AWS. */
  egress?: SeedEgress;
  /** See the seed. */
  newerAddonVersions?: Readonly<Record<string, readonly string[]>>;
  /** The nodes, in order. */
  nodes: readonly SeedNode[];
  /** The managed node groups. */
  nodeGroups?: readonly NodeGroupState[];
  /** The ARN of the role of Auto Mode's nodes. */
  nodeRoleArn?: string;
  /** The objects of the Kubernetes API, by `plural/namespace/name`. */
  objects: Record<string, KubeObject>;
  /** The newest resource version. */
  objectVersion: number;
  /** The time of the last reconciliation, ISO 8601 with milliseconds. */
  settledAt?: string;
  /** When terminating pods are removed, by uid, ISO 8601 with milliseconds. */
  podsGoneAt?: Record<string, string>;
  /** When the pods of Jobs end, by uid, ISO 8601 with milliseconds. */
  podsEndAt?: Record<string, string>;
  /** What the containers that the sandbox ran ended with, by the uid of the pod and the name of the container. */
  containerEnds?: Record<string, Readonly<Record<string, ContainerEnd>>>;
  /** How many addresses the pods have got. */
  podAddresses?: number;
  /** Created with the first token. */
  signingKey?: SigningKeyState;
}

/** The saved state of a sandbox, as plain JSON: no methods, dates are ISO 8601 text. */
export interface World {
  readonly version: 1;
  ambientAccount: string;
  /** By id. An account is created with its first use. */
  accounts: Record<string, AccountState>;
  /** By ARN. */
  clusters: Record<string, ClusterState>;
  organisations?: readonly SeedOrganisation[];
}

/**
 * A record without a prototype: callers choose the names, and a role may be called `constructor` or `__proto__`.
 */
export function recordOf<T>(entries: Iterable<readonly [string, T]> = []): Record<string, T> {
  const record = Object.create(null) as Record<string, T>;
  for (const [key, value] of entries) record[key] = value;
  return record;
}

/** The account with that id. An unknown account is created empty. */
export function accountOf(world: World, id: string): AccountState {
  return (world.accounts[id] ??= {
    id,
    roles: recordOf(),
    policies: recordOf(),
    oidcProviders: recordOf(),
  });
}

/** The role with exactly that ARN, with path and case. Undefined when it does not exist. */
export function roleByArn(world: World, arn: string): RoleState | undefined {
  const parts = parseArn(arn);
  if (parts?.service !== 'iam' || !parts.resource.startsWith('role/')) return undefined;
  const name = parts.resource.slice(parts.resource.lastIndexOf('/') + 1);
  const role = world.accounts[parts.account]?.roles[name.toLowerCase()];
  return role?.arn === arn ? role : undefined;
}

/** The cluster with that name in an account and region. */
export function clusterByName(world: World, account: string, region: string, name: string): ClusterState | undefined {
  return Object.values(world.clusters).find(
    (cluster) => cluster.account === account && cluster.region === region && cluster.name === name,
  );
}

/** The cluster with that issuer. */
export function clusterByIssuer(world: World, issuer: string): ClusterState | undefined {
  return Object.values(world.clusters).find((cluster) => cluster.issuer === issuer);
}
