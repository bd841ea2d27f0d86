import { IRSA_AUDIENCE, POD_IDENTITY_SERVICE, serviceAccountSubject } from '../../blueprint/sourceTrust';
import { hopRequest, type RequestedRole, webIdentityRequest } from '../../iam/credentialRequests';
import type { KeptStatement } from '../../inventory/Inventory';
import type { PodsOnCluster } from '../credentialPath';
import { ALLOW_ALL, type Attack, type Neighbours, serviceAttack } from './attackers';

/** Unknown identities at a provider, in the forms of identities that many roles trust. */
const STRANGERS = ['stranger', 'repo:stranger/stranger:ref:refs/heads/main', 'system:serviceaccount:stranger:stranger'];

/**
 * Attacks made from the kept and adopted statements of an adopted role: the attacker meets each condition that a caller can meet by
 * what it sends. Whom a statement names (an account, a role, a repository) is the decision of its author. Attackers are all other
 * accounts, unknown identities of a provider, and other pods of the workload's own clusters.
 */
export function keptAttacks(pods: PodsOnCluster, role: RequestedRole, neighbours: Neighbours): Attack[] {
  const { keepTrust = [], adoptedTrust = {} } = pods.staged.workload.role;
  return [...keepTrust, ...(adoptedTrust.oidc ?? []), ...(adoptedTrust.podIdentity ?? [])]
    .filter(({ Effect }) => Effect === 'Allow')
    .flatMap((statement) => {
      const met = metBy(statement);
      return [
        ...foreignRoles(pods, role, neighbours, met),
        ...principalsOf(statement, 'Federated').flatMap((provider) => tokens(pods, role, provider, met)),
        ...(principalsOf(statement, 'Service').includes(POD_IDENTITY_SERVICE) ? otherPods(pods, role, met) : []),
      ];
    });
}

/** Roles of an account that no statement names. */
function foreignRoles(pods: PodsOnCluster, role: RequestedRole, { foreignAccount }: Neighbours, met: Met): Attack[] {
  const { partition } = pods.staged.environment;
  const wanted = (met.wanted['aws:principalarn'] ?? []).map((pattern) =>
    withoutWildcards(pattern.replace(/^(arn:[^:]*:iam::)[*?]+:/, `$1${foreignAccount}:`)),
  );
  const roles = wanted.filter((arn) => arn.includes(`::${foreignAccount}:role/`));
  return [`arn:${partition}:iam::${foreignAccount}:role/other`, ...roles].map((from) => {
    const attempt = hopRequest(role, { from, identity: [ALLOW_ALL] });
    return {
      who: `role ${from}, with any values in its request`,
      attempt: { ...attempt, context: { ...attempt.context, ...met.context } },
    };
  });
}

/** Tokens of unknown identities and, on the workload's own clusters, of every other service account that the statement names. */
function tokens(
  { staged, pod }: PodsOnCluster,
  role: RequestedRole,
  provider: string,
  { context, wanted }: Met,
): Attack[] {
  const issuer = provider.slice(provider.indexOf('/') + 1);
  const own = serviceAccountSubject(pod.namespace, pod.serviceAccount);
  const isOwnCluster = staged.clusters.some(({ oidc }) => oidc?.issuer === `https://${issuer}`);
  const named = isOwnCluster ? (wanted[`${issuer}:sub`.toLowerCase()] ?? []).map(withoutWildcards) : [];
  return [...STRANGERS, ...named]
    .filter((subject) => !isOwnCluster || subject !== own)
    .map((subject) => {
      const request = webIdentityRequest(role, { provider, subject, audience: IRSA_AUDIENCE });
      return {
        who: `${subject} with a token of ${issuer}`,
        attempt: { ...request, context: { ...request.context, ...context, [`${issuer}:sub`]: subject } },
      };
    });
}

/** Pods with the tags that the statement requires, if these are not the workload's. */
function otherPods({ pod: own }: PodsOnCluster, role: RequestedRole, { wanted }: Met): Attack[] {
  const tag = (name: string): string | undefined => {
    const [first] = wanted[`aws:requesttag/${name}`] ?? [];
    return first === undefined ? undefined : withoutWildcards(first);
  };
  const pod = {
    ...own,
    namespace: tag('kubernetes-namespace') ?? 'other',
    serviceAccount: tag('kubernetes-service-account') ?? 'other',
    clusterArn: tag('eks-cluster-arn') ?? own.clusterArn,
    clusterName: tag('eks-cluster-name') ?? own.clusterName,
  };
  if (pod.namespace === own.namespace && pod.serviceAccount === own.serviceAccount) return [];
  return [true, false].map((tagged) => ({
    who: `service account ${pod.namespace}/${pod.serviceAccount} through Pod Identity${tagged ? '' : ' without session tags'}`,
    attempt: serviceAttack(role, pod, tagged),
  }));
}

function principalsOf({ Principal }: KeptStatement, kind: 'Federated' | 'Service'): readonly string[] {
  return typeof Principal === 'object' ? [Principal[kind] ?? []].flat() : [];
}

/** What a caller would send to meet the conditions of a statement. */
interface Met {
  /** By condition key as the statement writes it, without the keys that AWS sets from the caller. */
  readonly context: Readonly<Record<string, string>>;
  /** Every wanted value by condition key in lower case, also of keys that AWS sets. */
  readonly wanted: Readonly<Record<string, readonly string[]>>;
}

/** Keys that describe the caller: no caller can choose them. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html */
const SET_BY_AWS = /^aws:(Principal(Account|Arn|Org|Service|Is|Type)|Source(Account|Arn|Org)|userid)/i;

/** Operators that require a value. The others exclude one. */
const ASKS_FOR =
  /^(For(All|Any)Values:)?(String(Equals|EqualsIgnoreCase|Like)|Arn(Equals|Like)|Bool|IpAddress|(Numeric|Date)(Equals|\w+Equals))(IfExists)?$/i;

/** Meets every condition that a caller can meet by sending the first wanted value. */
function metBy({ Condition = {} }: KeptStatement): Met {
  const context: Record<string, string> = {};
  const wanted: Record<string, readonly string[]> = {};
  for (const [operator, block] of Object.entries(Condition)) {
    if (!ASKS_FOR.test(operator)) continue;
    for (const [key, values] of Object.entries(block)) {
      const texts = (Array.isArray(values) ? values : [values]).map(String);
      wanted[key.toLowerCase()] = texts;
      const [first] = texts;
      if (first === undefined || SET_BY_AWS.test(key)) continue;
      // The first address of a range is in the range.
      context[key] = withoutWildcards(/^IpAddress/i.test(operator) ? first.replace(/\/\d+$/, '') : first);
    }
  }
  return { context, wanted };
}

/** A text that a pattern with `*` and `?` matches. */
function withoutWildcards(pattern: string): string {
  return pattern.replace(/[*?]/g, 'x');
}
