import { canAssume, deniedToToken } from '../../comparison/access';
import type { RoleFacts } from '../../estate/aws/AwsPort';
import { roleReference } from './roleReference';
import type { Scene } from './Scene';
import type { Subject } from './Subject';

/** How a role lets a service account in, each by evaluating its trust policy; both may be false. */
export interface LetIn {
  /** Its annotation names the role, whose account's OIDC provider of the cluster vouches for its tokens. */
  readonly webIdentity: boolean;
  /** An association gives it the role. */
  readonly podIdentity: boolean;
}

/**
 * How the pods of a service account get into a role that it names. Whoever may annotate a service account can name any role: only the
 * role's trust says whose it is.
 */
export function letsSubjectIn(
  { facts: { arn, trust } }: { readonly facts: Pick<RoleFacts, 'arn' | 'trust'> },
  { namespace, name, annotation, association }: Subject,
  { environment, cluster }: Pick<Scene, 'environment' | 'cluster'>,
): LetIn {
  const pods = {
    namespace,
    serviceAccount: { name, manage: 'none' },
    sessionTags: association?.disableSessionTags !== true,
  } as const;
  // The provider of a role is one of the role's own account.
  const id = roleReference(arn)?.accountId ?? environment.account.id;
  const place = { ...environment, account: { ...environment.account, id } };
  return {
    webIdentity: annotation === arn && canAssume({ arn, trust }, place, pods, cluster, 'irsa'),
    podIdentity: association?.roleArn === arn && canAssume({ arn, trust }, environment, pods, cluster, 'pod-identity'),
  };
}

const PROBE = 'podlift-probe';

/** Whether a role's trust means this service account by its name: another one of its namespace is not let in. */
export function meansSubject(
  { facts: { arn, trust } }: { readonly facts: Pick<RoleFacts, 'arn' | 'trust'> },
  { namespace, name }: Subject,
  { environment, cluster }: Pick<Scene, 'environment' | 'cluster'>,
): boolean {
  const issuer = cluster.oidc?.issuer;
  if (issuer === undefined) return false;
  const gets = (who: string) =>
    deniedToToken({ arn, trust }, environment, issuer, `system:serviceaccount:${namespace}:${who}`).length === 0;
  return gets(name) && !gets(PROBE);
}
