import type { NamedPolicy } from '../../iam/Decision';
import type { Caller, Context } from '../../iam/Request';

/** An assumed-role session. */
export interface Session {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly token: string;
  readonly account: string;
  readonly roleArn: string;
  /** The role's id at the time: when the role is deleted the session is worth nothing. */
  readonly roleId: string;
  readonly name: string;
  /** `arn:…:sts::…:assumed-role/ROLE/SESSION` */
  readonly arn: string;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
  readonly tags: Readonly<Record<string, string>>;
  readonly transitiveTagKeys: readonly string[];
  readonly sessionPolicies: readonly NamedPolicy[];
  /** Condition keys that stay with the session: `aws:FederatedProvider` of web identity. */
  readonly context: Context;
}

/** Who speaks to the API. */
export type Principal =
  /** The administrator that an account's ambient credentials stand for. */
  | { readonly kind: 'administrator'; readonly account: string; readonly arn: string; readonly id: string }
  | {
      readonly kind: 'session';
      readonly account: string;
      readonly arn: string;
      readonly id: string;
      readonly session: Session;
    }
  /** The role of the node that the Pod Identity agent runs on; `roleArn` where it is one of the world's roles, or should be. */
  | {
      readonly kind: 'node';
      readonly account: string;
      readonly arn: string;
      readonly id: string;
      readonly roleArn?: string;
    }
  /** Nobody: actions that carry their proof in a token. */
  | { readonly kind: 'anonymous'; readonly account: ''; readonly arn: 'anonymous'; readonly id: '' };

/** A principal as the policy engine sees it. */
export function callerOf(principal: Principal): Caller {
  switch (principal.kind) {
    case 'administrator':
      return { kind: 'user', arn: principal.arn };
    case 'session':
      return { kind: 'session', roleArn: principal.session.roleArn, sessionName: principal.session.name };
    case 'node':
      return { kind: 'role', roleArn: principal.arn };
    case 'anonymous':
      return { kind: 'anonymous' };
  }
}
