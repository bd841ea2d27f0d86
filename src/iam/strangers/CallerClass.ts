import type { AssumeRoleAttempt } from '../decideAssumeRole';

/** The pods of a service account on a cluster. Both names can be patterns, with `*` and `?`. */
export interface OwnSubject {
  readonly clusterArn: string;
  /** The ARN of the cluster's OIDC provider. Absent: it has none. */
  readonly provider?: string;
  readonly namespace: string;
  readonly serviceAccount: string;
}

/** The callers that a role is for. Whoever else gets it is a stranger. */
export interface OwnCallers {
  readonly partition: string;
  /** The account of the role, which is also that of the clusters and of the OIDC providers. */
  readonly accountId: string;
  /** The ARNs of the OIDC providers of the workload's clusters. */
  readonly providers: readonly string[];
  readonly clusterArns: readonly string[];
  readonly subjects: readonly OwnSubject[];
  /**
   * EKS sends session tags, so that a trust policy can tell the account's pods apart. Without them only associations decide which pods get the role,
   * and the pods of the account are no strangers.
   */
  readonly tagged: boolean;
}

/** What pods of the account differ in from the workload's. */
export type OtherPods = 'service accounts' | 'namespaces' | 'clusters' | 'combinations';

/** Callers that are no callers of the workload, of one kind. */
export type Stranger =
  | { readonly kind: 'tokens'; readonly provider: string }
  | { readonly kind: 'pods'; readonly other: OtherPods | 'accounts' }
  /** Pods of the account whose association sends no session tags. */
  | { readonly kind: 'untagged pods' }
  | { readonly kind: 'service'; readonly service: string }
  | { readonly kind: 'any service' }
  | { readonly kind: 'any provider' }
  | { readonly kind: 'account'; readonly accountId: string }
  | { readonly kind: 'any account' }
  /** Principals of every account of an organisation that no statement mentions. */
  | { readonly kind: 'organisation'; readonly id: string }
  /** One role, user or session. */
  | { readonly kind: 'principal'; readonly arn: string };

/** All callers of a kind in one request: what they can differ in is a set of values, or not known at all. */
export interface CallerClass {
  readonly stranger: Stranger;
  readonly attempt: Omit<AssumeRoleAttempt, 'roleArn' | 'trust'>;
}

/** Stands for a name that no statement has. */
export const NO_NAME = 'podlift-no-such-name';
