import { IRSA_AUDIENCE, POD_IDENTITY_SERVICE, serviceAccountSubject } from '../../blueprint/sourceTrust';
import { hopRequest, type RequestedRole, webIdentityRequest } from '../../iam/credentialRequests';
import type { OneOrMany } from '../../iam/PolicyDocument';
import type { KeptStatement } from '../../inventory/Inventory';
import { type Case, ownPod } from '../credentialPath';
import type { Attack } from './Attack';
import { type Met, metBy, withoutWildcards } from './metConditions';
import type { Surroundings } from './Surroundings';
import { ALLOW_ALL, serviceAttack } from './worstCase';

/** Identities at a provider that people know nothing of, in the forms of those that many roles know. */
const STRANGERS = ['stranger', 'repo:stranger/stranger:ref:refs/heads/main', 'system:serviceaccount:stranger:stranger'];

/**
 * Those whom the kept and the adopted statements of an adopted role could let in beside whom they name, made from the statements themselves: every
 * condition that a caller can meet by what it sends is met. Whom a statement names (an account, a role, a repository) is its author's
 * business; everybody, strangers of a provider, and other pods of the workload's own clusters are not.
 */
export function keptAttacks(of: Case, role: RequestedRole, around: Surroundings): Attack[] {
  const { keepTrust = [], adoptedTrust = {} } = of.subject.workload.role;
  return [...keepTrust, ...(adoptedTrust.oidc ?? []), ...(adoptedTrust.podIdentity ?? [])]
    .filter(({ Effect }) => Effect === 'Allow')
    .flatMap((statement) => {
      const met = metBy(statement);
      return [
        ...anybody(of, role, around, met),
        ...listOf(principalsOf(statement, 'Federated')).flatMap((provider) => tokens(of, role, provider, met)),
        ...(listOf(principalsOf(statement, 'Service')).includes(POD_IDENTITY_SERVICE) ? otherPods(of, role, met) : []),
      ];
    });
}

/** A role of an account that nobody names. */
function anybody(of: Case, role: RequestedRole, { foreignAccount }: Surroundings, met: Met): Attack[] {
  const { partition } = of.subject.environment;
  const wanted = (met.wanted['aws:principalarn'] ?? []).map((pattern) =>
    withoutWildcards(pattern.replace(/^(arn:[^:]*:iam::)[*?]+:/, `$1${foreignAccount}:`)),
  );
  const roles = wanted.filter((arn) => arn.includes(`::${foreignAccount}:role/`));
  return [`arn:${partition}:iam::${foreignAccount}:role/other`, ...roles].map((from) => {
    const attempt = hopRequest(role, { from, identity: [ALLOW_ALL] });
    return {
      who: `role ${from}, with whatever it may send`,
      attempt: { ...attempt, context: { ...attempt.context, ...met.context } },
    };
  });
}

/** Tokens of a provider: strangers', and on the workload's own clusters those of every other service account that is named. */
function tokens(of: Case, role: RequestedRole, provider: string, { context, wanted }: Met): Attack[] {
  const own = ownPod(of);
  const issuer = provider.slice(provider.indexOf('/') + 1);
  const mine = serviceAccountSubject(own.namespace, own.serviceAccount);
  const isOwn = of.subject.clusters.some(({ oidc }) => oidc?.issuer === `https://${issuer}`);
  const named = isOwn ? (wanted[`${issuer}:sub`.toLowerCase()] ?? []).map(withoutWildcards) : [];
  return [...STRANGERS, ...named]
    .filter((sub) => !isOwn || sub !== mine)
    .map((subject) => {
      const request = webIdentityRequest(role, { provider, subject, audience: IRSA_AUDIENCE });
      return {
        who: `${subject} with a token of ${issuer}`,
        attempt: { ...request, context: { ...request.context, ...context, [`${issuer}:sub`]: subject } },
      };
    });
}

/** Pods whose tags are what the statement asks for, where that is not the workload. */
function otherPods(of: Case, role: RequestedRole, { wanted }: Met): Attack[] {
  const own = ownPod(of);
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
    who: `service account ${pod.namespace}/${pod.serviceAccount} by way of Pod Identity${tagged ? '' : ' without session tags'}`,
    attempt: serviceAttack(role, pod, tagged),
  }));
}

function principalsOf({ Principal }: KeptStatement, kind: 'Federated' | 'Service'): OneOrMany<string> | undefined {
  return typeof Principal === 'object' ? Principal[kind] : undefined;
}

function listOf(values: OneOrMany<string> | undefined): readonly string[] {
  return values === undefined ? [] : typeof values === 'string' ? [values] : values;
}
