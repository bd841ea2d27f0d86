import type { PolicyDocument } from '../../iam/PolicyDocument';
import type { Account } from '../../inventory/Inventory';

/**
 * What became of a question: its value, or why there is none. Whoever gets no value knows nothing, and must not guess.
 * `message` says in its first line what happened; further lines are commands that help.
 */
export type Answer<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: Unanswered; readonly message: string };

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
  /** `https://…`. */
  readonly issuer?: string;
}

/** Source: https://docs.aws.amazon.com/eks/latest/APIReference/API_Addon.html */
export interface AddonFacts {
  /** `ACTIVE`, `CREATING`, `DEGRADED`, … */
  readonly status: string;
  readonly version: string;
  /** What EKS says is wrong with it. */
  readonly issues: readonly string[];
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
}

/** Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_Role.html */
export interface RoleFacts {
  readonly arn: string;
  readonly trust: PolicyDocument;
  /** ISO 8601; IAM writes it within four hours of the use. Absent: not used in the time that IAM keeps (400 days). */
  readonly lastUsed?: string;
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
  /** Of the whole cluster, of a namespace, or of one service account. */
  readonly associations: (
    cluster: string,
    namespace?: string,
    serviceAccount?: string,
  ) => Promise<Answer<readonly AssociationFacts[]>>;
  readonly role: (name: string) => Promise<Answer<RoleFacts | undefined>>;
  /** The events of these names in a span of time (ISO 8601). CloudTrail keeps 90 days, and is up to 15 minutes late. */
  readonly events: (names: readonly string[], since: string, until: string) => Promise<Answer<readonly TrailEvent[]>>;
}

/** The port to an account in a region. */
export type AwsPorts = (account: Account, region: string) => AwsPort;
