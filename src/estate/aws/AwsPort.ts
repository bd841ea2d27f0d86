import type { PolicyDocument } from '../../iam/PolicyDocument';
import type { Account } from '../../inventory/Inventory';
import type { Remedy } from '../Remedy';

/**
 * What became of a question: its value, or why there is none. Whoever gets no value knows nothing, and must not guess.
 * `message` says in its first line what happened; further lines are commands that help.
 */
export type Answer<T> =
  | { readonly ok: true; readonly value: T; readonly at?: string }
  | {
      readonly ok: false;
      readonly why: Unanswered | 'not-asked' | 'not-judged';
      readonly message: string;
      readonly at?: string;
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
  /** What EKS says is wrong with it. */
  readonly issues: readonly string[];
  /** JSON or YAML text, as it was given. */
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
  /** The audiences that it takes. */
  readonly audiences: readonly string[];
}

/** Source: https://docs.aws.amazon.com/eks/latest/APIReference/API_PodIdentityAssociation.html */
export interface AssociationFacts {
  readonly id: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly roleArn: string;
  readonly targetRoleArn?: string;
  readonly disableSessionTags: boolean;
  /** The add-on that owns it, where one does. */
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

/** What a role may do, apart from its boundary. */
export interface RolePolicyFacts {
  /** ARNs of the managed policies that are attached. */
  readonly attached: readonly string[];
  /** Inline policies by name. */
  readonly inline: Readonly<Record<string, PolicyDocument>>;
}

/** A role with its policies. */
export interface AccountRole {
  readonly role: RoleFacts;
  readonly policies: RolePolicyFacts;
}

/** One event of CloudTrail that speaks of a role's session. Source: the record contents of CloudTrail's user guide. */
export interface TrailEvent {
  readonly id: string;
  /** `AssumeRoleWithWebIdentity`, … */
  readonly name: string;
  /** ISO 8601. */
  readonly at: string;
  /** ARNs of the roles that the request or its resources name. */
  readonly roleArns: readonly string[];
  /** Who asked: `system:serviceaccount:ns:sa`, a service, an ARN. */
  readonly by?: string;
  /** The service that asked, `pods.eks.amazonaws.com`. */
  readonly invokedBy?: string;
  /** ARN of the OIDC provider of a web identity. */
  readonly provider?: string;
  /** The service account of an `AssumeRoleForPodIdentity`, and the name of its cluster. */
  readonly pod?: { readonly cluster: string; readonly namespace: string; readonly serviceAccount: string };
  /** Absent: it succeeded. */
  readonly error?: string;
}

/** What podlift asks of one account in one region. Every list is whole, however many pages it has. */
export interface AwsPort {
  /** Nothing where there is no cluster of that name. */
  readonly describeCluster: (name: string) => Promise<Answer<ClusterFacts | undefined>>;
  readonly addon: (cluster: string, name: string) => Promise<Answer<AddonFacts | undefined>>;
  readonly addons: (cluster: string) => Promise<Answer<readonly AddonFacts[]>>;
  /** The managed node groups. */
  readonly nodeGroups: (cluster: string) => Promise<Answer<readonly NodeGroupFacts[]>>;
  /** Those of some service accounts, or all of the cluster. */
  readonly associations: (
    cluster: string,
    wanted?: readonly { readonly namespace: string; readonly serviceAccount: string }[],
  ) => Promise<Answer<readonly AssociationFacts[]>>;
  /** All roles of the account, with their policies. */
  readonly accountRoles: () => Promise<Answer<readonly AccountRole[]>>;
  /** The default versions of the account's own managed policies, by ARN. */
  readonly accountPolicies: () => Promise<Answer<Readonly<Record<string, PolicyDocument>>>>;
  readonly role: (name: string) => Promise<Answer<RoleFacts | undefined>>;
  readonly rolePolicies: (name: string) => Promise<Answer<RolePolicyFacts | undefined>>;
  /** The default version of a managed policy, AWS's own ones too. */
  readonly managedPolicy: (arn: string) => Promise<Answer<PolicyDocument | undefined>>;
  readonly oidcProvider: (arn: string) => Promise<Answer<OidcProviderFacts | undefined>>;
  /** The events of these names in a span of time (ISO 8601). CloudTrail keeps 90 days, and is up to 15 minutes late. */
  readonly events: (names: readonly string[], since: string, until: string) => Promise<Answer<readonly TrailEvent[]>>;
}

/** The port to an account in a region. */
export type AwsPorts = (account: Account, region: string) => AwsPort;
