import { deniedToSession, type Mode } from '../../comparison/access';
import { need, ask } from '../../estate/ask';
import { explain } from '../../iam/explain';
import type { Workload } from '../../inventory/Inventory';
import { inspectTrust } from '../remedies';
import { type CheckFunction, type CheckResult, fail, pass, type WorkloadOnCluster } from './Check';
import { asAssociated } from './pods';
import { type LiveRole, needPermissions } from './rolePermissions';

/**
 * A role whose own sessions can assume it again, as some apps do (External Secrets, Argo CD): with Pod Identity EKS sends the session tags again,
 * so that `sts:TagSession` is needed where IRSA needed none. The API does not show whether the app does this, only that its role allows it.
 */
export const selfAssume: CheckFunction = (subject) => {
  const { environment, workload, row, questions } = subject;
  if (row.newPodUses !== 'pod-identity') return [];
  return need([questions.role], (role) => {
    if (role === undefined || denied(subject, workload, { role, identity: [] }, 'irsa').target.length > 0)
      return undefined;
    return ask([questions.association], (association) =>
      needPermissions(environment.account, role.name, (own) =>
        own === undefined ? undefined : judge(subject, asAssociated(workload, association), own),
      ),
    );
  });
};

/** What STS denies to a session of the role that requests the role again. */
function denied(
  { environment, cluster }: WorkloadOnCluster,
  workload: Workload,
  { role, ...policies }: LiveRole,
  mode: Mode,
) {
  const session = { from: role.arn, ...policies, roleTags: role.tags, mode, chained: false };
  return deniedToSession(role, environment, workload, cluster, session);
}

function judge(subject: WorkloadOnCluster, workload: Workload, own: LiveRole): CheckResult | undefined {
  const untagged = denied(subject, workload, own, 'irsa');
  if (untagged.source.length + untagged.target.length > 0) return undefined;
  const more = { inspect: inspectTrust(subject.environment.account, own.role.name) };
  const { source, target } = denied(subject, workload, own, 'pod-identity');
  if (source.length + target.length === 0) return pass('the role can assume itself, also with session tags', more);
  const trust = workload.role.adopt ? `role.keepTrust of workloads.${workload.key}` : 'its trust policy';
  const found = 'an app that assumes its own role can do so on IRSA, but not on Pod Identity:';
  return fail(
    'warning',
    [found, ...[...source, ...target].map(explain)].join('\n'),
    [
      'Configure the app to use its credentials without assuming the role: most apps have a setting for it.',
      `Or allow sts:TagSession beside sts:AssumeRole in ${trust} and in its permissions.`,
    ],
    more,
  );
}
