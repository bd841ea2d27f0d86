import type { NamedPolicy } from '../../iam/Decision';
import type { Context } from '../../iam/Request';
import type { Output } from '../api/Action';
import type { Session } from '../api/Principal';
import type { SandboxState } from '../api/SandboxState';
import { parseArn } from '../../iam/Arn';
import { newSecret, newUniqueId } from '../world/newId';
import type { RoleState, Tags } from '../world/World';

/** What a new session is made of beside its role. */
export interface SessionPlan {
  readonly name: string;
  /** Seconds. */
  readonly duration: number;
  readonly tags?: Readonly<Tags>;
  readonly transitiveTagKeys?: readonly string[];
  readonly sessionPolicies?: readonly NamedPolicy[];
  readonly context?: Context;
}

/** Makes a session of a role and keeps it, so that its credentials are known from now on. */
export function newSession(state: SandboxState, role: RoleState, plan: SessionPlan): Session {
  const { partition = 'aws', account = '' } = parseArn(role.arn) ?? {};
  const issuedAt = state.clock();
  const session: Session = {
    accessKeyId: newUniqueId('ASIA'),
    secretAccessKey: newSecret(40),
    token: newSecret(200),
    account,
    roleArn: role.arn,
    roleId: role.id,
    name: plan.name,
    arn: `arn:${partition}:sts::${account}:assumed-role/${role.name}/${plan.name}`,
    issuedAt,
    expiresAt: new Date(issuedAt.getTime() + plan.duration * 1000),
    tags: plan.tags ?? {},
    transitiveTagKeys: plan.transitiveTagKeys ?? [],
    sessionPolicies: plan.sessionPolicies ?? [],
    context: plan.context ?? {},
  };
  state.sessions.set(session.accessKeyId, session);
  return session;
}

/** A session as STS hands it out. */
export function sessionView(session: Session): Output {
  return {
    Credentials: {
      AccessKeyId: session.accessKeyId,
      SecretAccessKey: session.secretAccessKey,
      SessionToken: session.token,
      Expiration: session.expiresAt,
    },
    AssumedRoleUser: { AssumedRoleId: `${session.roleId}:${session.name}`, Arn: session.arn },
  };
}
