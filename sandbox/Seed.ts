import type { PolicyDocument } from '../iam/PolicyDocument';
import type { Quotas } from './world/quotas';

/** What a sandbox starts with: the AWS that stands before anyone deploys anything. */
export interface SandboxSeed {
  /** Twelve digits: the account of the ambient credentials. */
  readonly ambientAccount: string;
  readonly clusters: readonly SeedCluster[];
  readonly roles?: readonly SeedRole[];
  /** Customer-managed policies; an AWS-managed one needs no entry. */
  readonly policies?: readonly SeedPolicy[];
  /** OIDC providers; each takes tokens for `sts.amazonaws.com`, as IRSA needs it. */
  readonly oidcProviders?: readonly { readonly account: string; readonly issuer: string }[];
  /** Quotas that were raised, by the account's id; the others are AWS's defaults. */
  readonly quotas?: Readonly<Record<string, Partial<Quotas>>>;
}

export interface SeedCluster {
  readonly account: string;
  readonly name: string;
  readonly region: string;
  /** `1.NN`. */
  readonly version: string;
  /** The https issuer URL that the cluster states; its tokens carry it as `iss`. Default: one made from the cluster's ARN. */
  readonly issuer?: string;
  /** EKS Auto Mode has the Pod Identity agent built in. Default: false. */
  readonly autoMode?: boolean;
  /** Default: one node, `ec2`, or `auto` on a cluster in Auto Mode. */
  readonly nodes?: readonly SeedNode[];
}

/** A node that pods can be on. */
export interface SeedNode {
  readonly name: string;
  /** What EKS runs it on; `windows` is an EC2 node with Windows. */
  readonly compute: 'ec2' | 'auto' | 'fargate' | 'hybrid' | 'windows';
  /** Labels beside those of the kubelet and of EKS. */
  readonly labels?: Readonly<Record<string, string>>;
}

export interface SeedRole {
  readonly account: string;
  readonly name: string;
  /** Default: `/`. */
  readonly path?: string;
  readonly trust: PolicyDocument;
  /** Inline policies by name. */
  readonly inline?: Readonly<Record<string, PolicyDocument>>;
  /** ARNs of managed policies. */
  readonly attached?: readonly string[];
  /** ARN of a managed policy. */
  readonly permissionsBoundary?: string;
  /** Seconds. Default: 3600. */
  readonly maxSessionDuration?: number;
  readonly tags?: Readonly<Record<string, string>>;
}

export interface SeedPolicy {
  readonly arn: string;
  readonly document: PolicyDocument;
}
