import type { PolicyDocument } from '../../iam/PolicyDocument';
import type { Account } from '../../inventory/Inventory';
import type { Remedy } from '../Remedy';

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
    };

export type Unanswered = 'denied' | 'throttled' | 'unreachable' | 'timeout' | 'failed';

/** Source: https://docs.aws.amazon.com/eks/latest/APIReference/API_Cluster.html */
export interface ClusterFacts {
  readonly arn: string;
  /** `ACTIVE`, `UPDATING`, … */
  readonly status: string;
  /** `1.NN`. */
  readonly version: string;
  /** `eks.N`. */
  readonly platformVersion: string;
  readonly autoMode: boolean;
  /** `ipv4`, `ipv6`. */
  readonly ipFamily?: string;
  /** ARN of the role of Auto Mode's nodes. */
  readonly nodeRoleArn?: string;
  /** `https://…`. */
  readonly issuer?: string;
}

/** Source: https://docs.aws.amazon.com/eks/latest/APIReference/API_Addon.html */
export interface AddonFacts {
  readonly name: string;
  readonly arn: string;
  /** `ACTIVE`, `CREATING`, `DEGRADED`, … */
  readonly status: string;
  readonly version: string;
  /** Its health issues, each as EKS states it. */
  readonly issues: readonly string[];
  /** JSON or YAML text. */
  readonly configuration?: string;
  /** The IRSA role of the add-on's service account. */
  readonly serviceAccountRoleArn?: string;
  /** ARNs of the associations that the add-on owns. */
  readonly associationArns: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
}

/** Source: https://docs.aws.amazon.com/eks/latest/APIReference/API_Nodegroup.html */
export interface NodeGroupFacts {
  readonly name: string;
  /** ARN. */
  readonly nodeRole: string;
}

/** An IAM OIDC provider. Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetOpenIDConnectProvider.html */
export interface OidcProviderFacts {
  readonly arn: string;
  /** The audiences that it accepts. */
  readonly audiences: readonly string[];
}

/** A service account of a cluster. */
export interface ServiceAccountName {
  readonly namespace: string;
  readonly serviceAccount: string;
}

/** Source: https://docs.aws.amazon.com/eks/latest/APIReference/API_PodIdentityAssociation.html */
export interface AssociationFacts extends ServiceAccountName {
  readonly id: string;
  readonly roleArn: string;
  readonly targetRoleArn?: string;
  readonly disableSessionTags: boolean;
  /** ARN of the add-on that owns it. */
  readonly ownerArn?: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_Role.html */
export interface RoleFacts {
  readonly name: string;
  /** `/` or `/…/`. */
  readonly path: string;
  readonly arn: string;
  readonly trust: PolicyDocument;
  readonly description?: string;
  /** ARN. */
  readonly permissionsBoundary?: string;
  /** Seconds. */
  readonly maxSessionDuration: number;
  readonly tags: Readonly<Record<string, string>>;
  /** ISO 8601; IAM writes it within four hours of the use. Absent: not used in the time that IAM keeps (400 days). */
  readonly lastUsed?: string;
}

/** The policies of a role, apart from its boundary. */
export interface RolePolicyFacts {
  /** ARNs of the attached managed policies. */
  readonly attached: readonly string[];
  /** Inline policies by name. */
  readonly inline: Readonly<Record<string, PolicyDocument>>;
}

/** A role with its policies, as a list of the whole account has it. */
export interface AccountRole {
  readonly role: RoleFacts;
  readonly policies: RolePolicyFacts;
}

/** One event of CloudTrail about a role's session. Source: the record contents of CloudTrail's user guide. */
export interface TrailEvent {
  readonly id: string;
  /** `AssumeRoleWithWebIdentity`, … */
  readonly name: string;
  /** ISO 8601. */
  readonly at: string;
  /** ARNs of the roles that the request or its resources name. */
  readonly roleArns: readonly string[];
  /** The caller: `system:serviceaccount:ns:sa`, a service, an ARN. */
  readonly by?: string;
  /** The service that called on behalf of others, `pods.eks.amazonaws.com`. */
  readonly invokedBy?: string;
  /** ARN of the OIDC provider of a web identity. */
  readonly provider?: string;
  /** The service account of an `AssumeRoleForPodIdentity`, and the name of its cluster. */
  readonly pod?: { readonly cluster: string; readonly namespace: string; readonly serviceAccount: string };
  /** The error code; absent: it succeeded. */
  readonly error?: string;
}

/**
 * The questions that podlift asks about one account in one region. Every list has all its pages. `undefined` as a value: nothing has that
 * name.
 */
export interface AwsPort {
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
  /** The events of these names in a span of time (ISO 8601). CloudTrail keeps 90 days and is up to 15 minutes late. */
  readonly events: (names: readonly string[], since: string, until: string) => Promise<Answer<readonly TrailEvent[]>>;
}

/** The port to an account in a region. */
export type AwsPorts = (account: Account, region: string) => AwsPort;
