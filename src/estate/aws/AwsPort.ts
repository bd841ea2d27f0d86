import type { PolicyDocument } from '../../iam/PolicyDocument';
import type { Account } from '../../inventory/Inventory';
import type { Remedy } from '../Remedy';
import type * as schema from '../schema/awsFacts';
import type { REASONS } from '../schema/words';
import type { Facts } from '../schema/Facts';

/**
 * The answer to a question: its value, or the reason why there is none. Without a value nothing is known, and nothing may be guessed. `at` is
 * the time of AWS or of the cluster at the last response, ISO 8601; absent where none stated a time.
 */
export type Answer<T> =
  | { readonly ok: true; readonly value: T; readonly at?: string }
  | {
      readonly ok: false;
      readonly why: Unanswered | 'not-asked' | 'not-judged';
      /** What happened, in one line. */
      readonly message: string;
      readonly at?: string;
      /** How to get an answer, besides what `why` asks for. */
      readonly fix?: Remedy;
      /** There are no valid credentials of AWS: neither the permissions nor the system that was asked are the reason. */
      readonly noCredentials?: true;
    };

export type Unanswered = (typeof REASONS)[number];

export type ClusterFacts = Facts<typeof schema.clusterFacts>;
export type AddonFacts = Facts<typeof schema.addonFacts>;
export type NodeGroupFacts = Facts<typeof schema.nodeGroupFacts>;
export type OidcProviderFacts = Facts<typeof schema.oidcProviderFacts>;
export type AssociationFacts = Facts<typeof schema.associationFacts>;
/** A service account of a cluster. */
export type ServiceAccountName = Pick<AssociationFacts, 'namespace' | 'serviceAccount'>;
export type RoleFacts = Facts<typeof schema.roleFacts>;
/** The policies of a role, apart from its boundary. */
export type RolePolicyFacts = Facts<typeof schema.rolePolicyFacts>;
export type LastAccessedFacts = Facts<typeof schema.lastAccessedFacts>;
export type AnalyzerFacts = Facts<typeof schema.analyzerFacts>;
export type UnusedFindingFacts = Facts<typeof schema.unusedFindingFacts>;
/** One event of CloudTrail about a role. */
export type TrailEvent = Facts<typeof schema.trailEvent>;

/** A role with its policies, as a list of the whole account has it. */
export interface AccountRole {
  readonly role: RoleFacts;
  readonly policies: RolePolicyFacts;
}

/** An account of an organisation. */
export interface OrganizationAccount {
  readonly id: string;
  readonly name: string;
  /** `ACTIVE`, `SUSPENDED`, `PENDING_CLOSURE`. */
  readonly status: string;
}

/**
 * The questions that podlift asks about one account in one region. Every list has all its pages. `undefined` as a value: nothing has that
 * name.
 */
export interface AwsPort {
  /** The accounts of the organisation. Only its management account, or a delegated administrator, gets an answer. */
  readonly organizationAccounts: () => Promise<Answer<readonly OrganizationAccount[]>>;
  /** The regions that the account can use. */
  readonly regions: () => Promise<Answer<readonly string[]>>;
  /** The names of the EKS clusters in the region. */
  readonly clusterNames: () => Promise<Answer<readonly string[]>>;
  readonly describeCluster: (name: string) => Promise<Answer<ClusterFacts | undefined>>;
  readonly addon: (cluster: string, name: string) => Promise<Answer<AddonFacts | undefined>>;
  readonly addons: (cluster: string) => Promise<Answer<readonly AddonFacts[]>>;
  /** The managed node groups. */
  readonly nodeGroups: (cluster: string) => Promise<Answer<readonly NodeGroupFacts[]>>;
  /** The associations of these service accounts; without `wanted` those of the whole cluster. */
  readonly associations: (
    cluster: string,
    wanted?: readonly ServiceAccountName[],
  ) => Promise<Answer<readonly AssociationFacts[]>>;
  /** All roles of the account. Needs `iam:GetAccountAuthorizationDetails` and `iam:ListRoles`. */
  readonly accountRoles: () => Promise<Answer<readonly AccountRole[]>>;
  /** The default versions of the account's own managed policies, by ARN. Needs `iam:GetAccountAuthorizationDetails`. */
  readonly accountPolicies: () => Promise<Answer<Readonly<Record<string, PolicyDocument>>>>;
  readonly role: (name: string) => Promise<Answer<RoleFacts | undefined>>;
  readonly rolePolicies: (name: string) => Promise<Answer<RolePolicyFacts | undefined>>;
  /** The default version of a managed policy, the account's own or one of AWS's. */
  readonly managedPolicy: (arn: string) => Promise<Answer<PolicyDocument | undefined>>;
  readonly oidcProvider: (arn: string) => Promise<Answer<OidcProviderFacts | undefined>>;
  /** IAM's report on the use of a role's permissions, by the role's ARN. IAM makes the report first, which takes seconds. */
  readonly lastAccessed: (arn: string) => Promise<Answer<LastAccessedFacts | undefined>>;
  /** The active analyzers of unused access in the region, those of the organisation too. podlift never makes one: AWS charges for each role. */
  readonly analyzers: () => Promise<Answer<readonly AnalyzerFacts[]>>;
  /** The findings of an analyzer about a role that are not resolved. */
  readonly unusedFindings: (analyzer: string, role: string) => Promise<Answer<readonly UnusedFindingFacts[]>>;
  /** The events of these names since a time (ISO 8601). CloudTrail keeps 90 days and is up to 15 minutes late. */
  readonly events: (names: readonly string[], since: string) => Promise<Answer<readonly TrailEvent[]>>;
  /** The events about a role (its ARN), of whatever name, since a time (ISO 8601): its sessions. */
  readonly roleEvents: (arn: string, since: string) => Promise<Answer<readonly TrailEvent[]>>;
}

/** The port to an account in a region. */
export type AwsPorts = (account: Account, region: string, signal?: AbortSignal) => AwsPort;
