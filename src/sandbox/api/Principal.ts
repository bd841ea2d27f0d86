import type { NamedPolicy } from '../../iam/Decision';
import type { Caller, SessionOrigin } from '../../iam/Request';

/** An assumed-role session. */
export interface Session {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly token: string;
  readonly account: string;
  readonly roleArn: string;
  /** The id of the role when it was assumed: the session ends when this role is deleted. */
  readonly roleId: string;
  readonly name: string;
  /** `arn:…:sts::…:assumed-role/ROLE/SESSION` */
  readonly arn: string;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
  readonly tags: Readonly<Record<string, string>>;
  readonly transitiveTagKeys: readonly string[];
  readonly sessionPolicies: readonly NamedPolicy[];
  readonly madeBy: SessionOrigin;
  /** The ARN of the OIDC provider of the token, for web identity. */
  readonly provider?: string;
  /**
   * The claims of the token that later requests have as condition keys: `<issuer>:sub` and `<issuer>:aud`.
   * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html (AWS OIDC federation)
   */
  readonly claims?: Readonly<Record<string, string>>;
  /** The ARN of the cluster whose pod has the session. */
  readonly cluster?: string;
  /** Of the first assumption in a chain of roles. It never changes. */
  readonly sourceIdentity?: string;
  /** How much of the space for session tags and policies they need, in percent, as far as the sandbox can tell. Absent: there are none. */
  readonly packedSize?: number;
}

/** Temporary credentials of an account's administrator, from GetSessionToken. */
export interface UserSession {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly token: string;
  readonly account: string;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
}

/** The caller of an API. */
export type Principal =
  /** The administrator of an account, who uses the account's ambient credentials, or temporary ones of GetSessionToken. */
  | {
      readonly kind: 'administrator';
      readonly account: string;
      readonly arn: string;
      readonly id: string;
      readonly session?: UserSession;
    }
  | {
      readonly kind: 'session';
      readonly account: string;
      readonly arn: string;
      readonly id: string;
      readonly session: Session;
    }
  /** The role of a node, which its Pod Identity agent uses. `roleArn` is the role that the seed names; it need not exist. */
  | {
      readonly kind: 'node';
      readonly account: string;
      readonly arn: string;
      readonly id: string;
      readonly roleArn?: string;
      /** The ARN of its cluster. */
      readonly cluster: string;
    }
  /** The caller of an action that needs a token instead of a signature. */
  | { readonly kind: 'anonymous'; readonly account: ''; readonly arn: 'anonymous'; readonly id: '' };

export const ANONYMOUS: Principal = { kind: 'anonymous', account: '', arn: 'anonymous', id: '' };

/** A principal as the policy engine knows it. */
export function callerOf(principal: Principal): Caller {
  switch (principal.kind) {
    case 'administrator':
      return { kind: 'user', arn: principal.arn };
    case 'session':
      return sessionCaller(principal.session);
    case 'node':
      return { kind: 'role', roleArn: principal.arn };
    case 'anonymous':
      return { kind: 'anonymous' };
  }
}

function sessionCaller({ roleArn, name, madeBy, provider }: Session): Caller {
  const caller = { kind: 'session', roleArn, sessionName: name, madeBy } as const;
  return provider === undefined ? caller : { ...caller, provider };
}

/** The principal that a session is. */
export function sessionPrincipal(session: Session): Extract<Principal, { kind: 'session' }> {
  return {
    kind: 'session',
    account: session.account,
    arn: session.arn,
    id: `${session.roleId}:${session.name}`,
    session,
  };
}
