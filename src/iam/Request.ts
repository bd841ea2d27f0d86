import type { OneOrMany } from './PolicyDocument';

/** How a session of a role was made: with credentials, by EKS for a pod on Pod Identity too, or with a token of an OIDC provider. */
export type SessionOrigin = 'AssumeRole' | 'AssumeRoleWithWebIdentity';

/**
 * The caller of a request. `roleArn` is the role's IAM ARN with its path. A session without `madeBy` can be one that AWS made for its compute. `provider`
 * of a session is the ARN of the OIDC provider of the token with which it was made.
 */
export type Caller =
  | { readonly kind: 'service'; readonly service: string }
  | { readonly kind: 'federated'; readonly provider: string }
  | { readonly kind: 'account'; readonly arn: string }
  | { readonly kind: 'user'; readonly arn: string }
  | { readonly kind: 'role'; readonly roleArn: string }
  | {
      readonly kind: 'session';
      readonly roleArn: string;
      readonly sessionName: string;
      readonly madeBy?: SessionOrigin;
      readonly provider?: string;
    }
  | { readonly kind: 'anonymous' };

/** The values of a request by condition key. Keys are not case sensitive. */
export type Context = Readonly<Record<string, OneOrMany<string>>>;

/**
 * One text that is not known: it matches the glob `like` and none of the globs in `except`, and is none of `exceptTexts`. `lowerCase`: it has
 * neither capital letters nor `*` and `?`, as the names of Kubernetes.
 */
export interface ValueSet {
  readonly like: string;
  readonly except: readonly string[];
  readonly exceptTexts?: readonly string[];
  readonly lowerCase?: true;
}

/** One request to IAM. `resource` is an ARN, or `*` for an action without resources. */
export interface Request {
  readonly caller: Caller;
  readonly action: string;
  readonly resource: string;
  /** The account that owns the resource; default: the account in the ARN. */
  readonly resourceAccount?: string;
  readonly context?: Context;
  /** All tags of the resource. Absent: `context` has those that are known. */
  readonly resourceTags?: Readonly<Record<string, string>> | undefined;
  /** Keys that the request has, with one value each of which only this is known. `context` goes before it. */
  readonly sets?: Readonly<Record<string, ValueSet>> | undefined;
  /**
   * The keys that the context has completely although it lacks others: keys, or with a final `/` or `:` all that begin so. What the
   * request has of every other key follows from its caller (`presenceOf`). Default: the context has all keys of the request.
   */
  readonly completeKeys?: readonly string[] | undefined;
  /** Keys of which `context` has some of the values: the request can have more of them, of which nothing is known. */
  readonly openLists?: readonly string[];
}
