import type { OneOrMany } from './PolicyDocument';

/** Who makes a request. ARNs are whole; `roleArn` is the role's IAM ARN with its path. */
export type Caller =
  | { readonly kind: 'service'; readonly service: string }
  | { readonly kind: 'federated'; readonly provider: string }
  | { readonly kind: 'account'; readonly arn: string }
  | { readonly kind: 'user'; readonly arn: string }
  | { readonly kind: 'role'; readonly roleArn: string }
  | { readonly kind: 'session'; readonly roleArn: string; readonly sessionName: string }
  | { readonly kind: 'anonymous' };

/** Condition keys (compared without regard to case) and what the request carries for each. */
export type Context = Readonly<Record<string, OneOrMany<string>>>;

/** One request as IAM sees it. `resource` is an ARN, or `*` where the action takes none. */
export interface Request {
  readonly caller: Caller;
  readonly action: string;
  readonly resource: string;
  /** The account that owns the resource; default: the account in the ARN. */
  readonly resourceAccount?: string;
  readonly context?: Context;
}
