import { EVERYTHING, type Mode, sessionAccess } from '../../comparison/access';
import { need, ask } from '../../estate/ask';
import { type Access, type DeniedHop, eachOnce, isSameAccess } from '../../iam/credentialAccess';
import { explain } from '../../iam/explain';
import type { Workload } from '../../inventory/Inventory';
import { inspectTrust } from '../remedies';
import {
  type CheckFunction,
  type CheckResult,
  depends,
  fail,
  pass,
  usesPodIdentity,
  type WorkloadOnCluster,
  podsOf,
} from './Check';
import { asAssociated } from './pods';
import { hopFixes } from './refusedHop';
import { type LiveRole, needPermissions } from './rolePermissions';

/**
 * A role whose own sessions can assume it again, as some apps do (External Secrets, Argo CD): with Pod Identity EKS sends the session tags again,
 * so that `sts:TagSession` is needed where IRSA needed none. The API does not show whether the app does this, only that its role allows it.
 */
export const selfAssume: CheckFunction = (subject) => {
  const { environment, workload, questions } = subject;
  if (!usesPodIdentity(subject)) return [];
  return need([questions.role], (role) => {
    if (role === undefined) return undefined;
    // Hardly any trust policy allows its own sessions: only then the policies of the role are worth their calls.
    const byTrust = accessBy(subject, workload, { role, identity: [EVERYTHING] }, 'irsa');
    if (byTrust.result === 'denied') return undefined;
    return ask([questions.association], (association) =>
      needPermissions(environment.account, role.name, (own) =>
        own === undefined ? undefined : judge(subject, asAssociated(workload, association), own),
      ),
    );
  });
};

/** What STS answers to a session of the role that requests the role again. */
function accessBy(
  { environment, cluster, serviceAccount, now }: WorkloadOnCluster,
  workload: Workload,
  { role, ...policies }: LiveRole,
  mode: Mode,
): Access<DeniedHop> {
  const session = { from: role.arn, ...policies, roleTags: role.tags, mode, chained: false };
  return sessionAccess(role, environment, podsOf({ serviceAccount, workload }), cluster, session, now);
}

function judge(subject: WorkloadOnCluster, workload: Workload, own: LiveRole): CheckResult | undefined {
  const untagged = accessBy(subject, workload, own, 'irsa');
  if (untagged.result === 'denied') return undefined;
  const more = { inspect: inspectTrust(subject.environment.account, own.role.name) };
  const tagged = accessBy(subject, workload, own, 'pod-identity');
  if (tagged.result === 'allowed') return pass('the role can assume itself, also with session tags', more);
  // With the same conditions on both, the session tags of EKS change nothing.
  if (isSameAccess(untagged, tagged)) return undefined;
  const open = [untagged, tagged].flatMap((one) => (one.result === 'depends' ? one.dependsOn : []));
  if (open.length > 0 || tagged.result === 'depends') {
    const question = 'whether an app that assumes its own role can do so on IRSA, and also on Pod Identity';
    return depends(question, eachOnce(open), more);
  }
  const { source, target } = tagged.denied;
  const isExternal = workload.role.manage === 'external';
  const ends = { workload: workload.key, source: own.role.arn, target: own.role.arn, isExternal };
  const fixes = hopFixes({ source, target }, ends);
  const field = `workloads.${workload.key}.role.keepTrust`;
  const kept =
    target.length === 0
      ? ''
      : isExternal
        ? ` Write the statement into ${field}, so that podlift trust prints it, and let the owner of the role write it.`
        : workload.role.adopt
          ? ` Its trust policy is in ${field}.`
          : '';
  const found = 'an app that assumes its own role can do so on IRSA, but not on Pod Identity:';
  return fail(
    'warning',
    [found, ...[...source, ...target].map(explain)].join('\n'),
    [
      'Configure the app to use its credentials without assuming the role: most apps have a setting for it.',
      ...fixes.map((fix) => `Or: ${fix}${kept}`),
    ],
    more,
  );
}
