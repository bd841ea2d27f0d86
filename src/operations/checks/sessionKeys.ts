import { oidcProviderArn, roleArn } from '../../blueprint/arns';
import { podOf } from '../../blueprint/pods';
import { IRSA_AUDIENCE, serviceAccountSubject } from '../../blueprint/sourceTrust';
import { ask } from '../../estate/ask';
import { sessionTagsOf } from '../../iam/credentialRequests';
import type { NamedPolicy } from '../../iam/Decision';
import { listOf } from '../../iam/PolicyDocument';
import { type PodSessions, sessionContext } from '../../iam/podSessions';
import { resourcePolicyDifferences } from '../../iam/resourcePolicySessions';
import { type SessionDifference, sessionDifferences } from '../../iam/sessionDifferences';
import type { Workload } from '../../inventory/Inventory';
import { type CheckFunction, type CheckResult, fail, isBack, judgedRow, pass, type WorkloadOnCluster } from './Check';
import { asAssociated } from './pods';
import { type LiveRole, needPermissions } from './rolePermissions';

/**
 * The policies and the boundary of the role, as they stand in AWS, and the resource policies that the inventory lists mean the same for the sessions of both modes: no condition and no variable is on a key that
 * the sessions of one mode carry alone, or on the session's name. The doctor warns of what the sessions of the stage, or of the next one, do not carry. The
 * gate of the step after which pods use Pod Identity fails for what these sessions lose.
 */
export const sessionKeys: CheckFunction = (subject) => {
  const { environment, parts, row, next, cluster } = subject;
  const turns = next !== undefined && row.newPodUses !== judgedRow(subject).newPodUses;
  if (cluster.oidc === undefined || isBack(subject) || (next !== undefined && !turns)) return [];
  return ask([subject.questions.association], (association) =>
    needPermissions(environment.account, parts.role.name, (own) =>
      own === undefined ? undefined : judge(subject, asAssociated(subject.workload, association), own),
    ),
  );
};

function judge(subject: WorkloadOnCluster, workload: Workload, own: LiveRole): CheckResult {
  const sessions = sessionsOf(subject, workload, own);
  const contexts = (mode: 'irsa' | 'pod-identity') => [sessionContext(mode, sessions) ?? []].flat();
  const [irsa, podIdentity] = [contexts('irsa'), contexts('pod-identity')];
  const ofRole = [...own.identity, ...(own.boundary === undefined ? [] : [own.boundary])];
  const ofResources = (workload.resourcePolicies ?? []).map(({ file, document }) => ({ name: file, document }));
  const all = [...ofRole, ...ofResources].flatMap((policy, position) =>
    listOf(policy.document.Statement).flatMap((statement, index) =>
      (position < ofRole.length
        ? sessionDifferences(statement, irsa, podIdentity, policy.document.Version === '2012-10-17')
        : resourcePolicyDifferences(statement, [sessions], policy.document.Version === '2012-10-17')
      )
        .filter(({ loses }) => isLost(subject, loses))
        .map((one) => ({ one, text: textOf(policy, index, statement.Sid, one) })),
    ),
  );
  if (all.length === 0)
    return pass('the policies of the role mean the same for the sessions of IRSA and of Pod Identity');
  const lost = all.some(({ one }) => one.loses === 'pod-identity');
  const texts = [...new Set(all.map(({ text }) => text))];
  return fail(
    lost && subject.next !== undefined ? 'problem' : 'warning',
    ['policies of the role do not mean the same for the sessions of both modes:', ...texts].join('\n'),
    [
      'Change the statements so that sessions of both modes meet them. Sessions of Pod Identity have session tags (aws:PrincipalTag/kubernetes-namespace, …) from dual on; sessions of IRSA have none.',
    ],
  );
}

/** Whether the sessions of the stage, or of the next one, are those that lose. */
function isLost({ row, next }: WorkloadOnCluster, loses: SessionDifference['loses']): boolean {
  if (next !== undefined) return loses !== 'irsa';
  return loses === 'irsa' ? row.newPodUses === 'irsa' : row.trustsPodIdentity;
}

function textOf(policy: NamedPolicy, index: number, sid: string | undefined, one: SessionDifference): string {
  const { key, operator, irsa, podIdentity, loses } = one;
  const place = `${policy.name}, statement ${index}${sid === undefined ? '' : ` (${sid})`}`;
  if (one.at[0] === 'Principal' || one.at[0] === 'NotPrincipal')
    return `${place}: ${one.at[0]} ${key}: no session of Pod Identity has this name`;
  if (operator === undefined)
    return loses === 'name'
      ? `${place}: \${${key}} has another value after each refresh on Pod Identity`
      : `${place}: \${${key}} has a value on ${loses === 'irsa' ? 'Pod Identity' : 'IRSA'} alone`;
  if (loses === 'length') return `${place}: ${operator} ${key}: a session of Pod Identity lasts six hours`;
  const was = irsa === 'open' ? 'depends on the session’s name on IRSA' : `is ${String(irsa)} on IRSA`;
  return `${place}: ${operator} ${key} ${was}, and is ${String(podIdentity)} on Pod Identity`;
}

function sessionsOf(
  subject: WorkloadOnCluster,
  { sessionTags, ...workload }: Workload,
  { role }: LiveRole,
): PodSessions {
  const { environment, cluster, serviceAccount } = subject;
  const issuer = cluster.oidc?.issuer ?? '';
  return {
    roleArn: roleArn(environment.partition, environment.account.id, workload.role.path, workload.role.name),
    issuer,
    issuers: environment.clusters.flatMap(({ oidc }) => oidc?.issuer ?? []),
    provider: oidcProviderArn(environment.partition, environment.account.id, issuer),
    subject: serviceAccountSubject(serviceAccount.namespace, serviceAccount.name),
    audience: IRSA_AUDIENCE,
    sessionTags: sessionTags ? sessionTagsOf(podOf(environment, serviceAccount, cluster)) : {},
    roleTags: role.tags,
  };
}
