import { OF_ONE_POD } from './credentialRequests';
import type { RequestContext } from './requestContext';
import { requestContext } from './requestContext';
import type { Caller, ValueSet } from './Request';

type Tags = Readonly<Record<string, string>>;

/** What is known of the sessions that the pods of a service account on one cluster hold. */
export interface PodSessions {
  /** The ARN of the role that the sessions are of. */
  readonly roleArn: string;
  /** Of the cluster, with `https://`. Absent: no session of IRSA. */
  readonly issuer?: string | undefined;
  /** The ARN of the OIDC provider of the issuer. */
  readonly provider: string;
  /** The subject and the audience of the tokens. */
  readonly subject: string;
  readonly audience: string;
  /** The session tags of EKS; empty where the association disables them. */
  readonly sessionTags: Tags;
  /** The tags of the role: both kinds of sessions have them as tags of the principal. */
  readonly roleTags: Tags;
  /** All issuers of which no session of Pod Identity has a claim. */
  readonly issuers: readonly string[];
}

/** `eks-CLUSTER-POD-UUID`, new at each refresh. Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-agent-setup.html */
const POD_IDENTITY_NAME = 'eks-*';

/** The keys of a session that hold its name: an app chooses the name on IRSA (`AWS_ROLE_SESSION_NAME`), and EKS on Pod Identity. */
export const NAME_KEYS: ReadonlySet<string> = new Set(['aws:userid', 'sts:rolesessionname']);

/**
 * The condition keys that a session carries by its mode, known as far as the mode decides them: the one table of what differs between the two kinds of
 * sessions. Every other key is open.
 *
 * | key | IRSA | Pod Identity |
 * | --- | --- | --- |
 * | `aws:FederatedProvider` | the OIDC provider | - |
 * | `<issuer>:sub`, `<issuer>:aud` | those of the token | - |
 * | `aws:MultiFactorAuthPresent` | - | false |
 * | `aws:PrincipalTag/eks-cluster-arn`, … | - | the six session tags |
 * | `aws:userid`, `sts:RoleSessionName` | the name that the app or its SDK chooses | `eks-…` |
 *
 * @returns the context of requests with the session's credentials; nothing for IRSA on a cluster without an issuer
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html (AWS OIDC federation: keys in the session),
 * https://docs.aws.amazon.com/eks/latest/userguide/pod-id-abac.html
 */
export function sessionContext(mode: 'irsa' | 'pod-identity', sessions: PodSessions): RequestContext | undefined {
  const { issuer, provider, subject, audience, sessionTags, roleTags, issuers, roleArn } = sessions;
  const claims = issuers.map((one) => `${nameOf(one)}:`);
  const irsa = mode === 'irsa';
  if (irsa && issuer === undefined) return undefined;
  const session = { kind: 'session', roleArn, sessionName: 'pod' } as const;
  const caller: Caller = irsa
    ? { ...session, madeBy: 'AssumeRoleWithWebIdentity', provider }
    : { ...session, madeBy: 'AssumeRole' };
  const name: ValueSet = { like: irsa ? '*' : POD_IDENTITY_NAME, except: [] };
  return requestContext({
    caller,
    action: 's3:GetObject',
    resource: '*',
    context: {
      ...(irsa && { [`${nameOf(issuer ?? '')}:sub`]: subject, [`${nameOf(issuer ?? '')}:aud`]: audience }),
      ...Object.fromEntries(
        Object.entries({ ...roleTags, ...(irsa ? {} : sessionTags) })
          .filter(([key]) => irsa || !isOfOnePod(key))
          .map(([key, value]) => [`aws:PrincipalTag/${key}`, value]),
      ),
    },
    sets: {
      // Without the id of the role before the colon, which is the same in both modes.
      'aws:userid': name,
      'sts:RoleSessionName': name,
      // The name and the uid of a pod are not known.
      ...(irsa
        ? {}
        : Object.fromEntries(
            Object.keys(sessionTags)
              .filter(isOfOnePod)
              .map((key) => [`aws:PrincipalTag/${key}`, { like: '*', except: [], lowerCase: true }] as const),
          )),
    },
    completeKeys: ['aws:PrincipalTag/', ...claims],
  });
}

function isOfOnePod(key: string): boolean {
  return OF_ONE_POD.some((one) => one === key);
}

function nameOf(issuer: string): string {
  return issuer.slice('https://'.length);
}
