import { deniedToSession, type Mode } from '../../comparison/access';
import { need, ask } from '../../estate/ask';
import type { RoleFacts } from '../../estate/aws/AwsPort';
import { explain } from '../../iam/explain';
import type { Workload } from '../../inventory/Inventory';
import { aws, say } from '../remedies';
import { type CheckFunction, type CheckResult, fail, pass, type WorkloadOnCluster } from './Check';
import { asAssociated, associationOf } from './modes';
import { type LiveRole, needPermissions, roleQuestion } from './rolePermissions';

/**
 * A role whose own sessions can assume it again, as some apps do (External Secrets, Argo CD): with Pod Identity EKS sends the session tags again,
 * so that `sts:TagSession` is needed where IRSA needed none. The API does not show whether the app does this, only that its role allows it.
 */
export const selfAssume: CheckFunction = (subject) => {
  const { environment, parts, row } = subject;
  if (row.newPodUses !== 'pod-identity') return [];
  const { account } = environment;
  const { name } = parts.role;
  return [
    need([roleQuestion(account, name)], (found) => {
      if (found === undefined || denied(subject, subject.workload, found, 'irsa', { identity: [] }).target.length > 0)
        return [];
      return ask([associationOf(subject)], (association) =>
        needPermissions(account, name, (own) =>
          own === undefined ? [] : judge(subject, asAssociated(subject.workload, association), own),
        ),
      );
    }),
  ];
};

function denied(
  { environment, cluster }: WorkloadOnCluster,
  workload: Workload,
  own: RoleFacts,
  mode: Mode,
  { identity, boundary }: Pick<LiveRole, 'identity' | 'boundary'>,
) {
  const permissions = { identity, ...(boundary && { boundary }) };
  const session = { from: own.arn, ...permissions, roleTags: own.tags, mode, chained: false };
  return deniedToSession(own, environment, workload, cluster, session);
}

function judge(subject: WorkloadOnCluster, workload: Workload, live: LiveRole): readonly CheckResult[] {
  const own = live.role;
  const untagged = denied(subject, workload, own, 'irsa', live);
  if (untagged.source.length + untagged.target.length > 0) return [];
  const inspect = aws(
    subject.environment.account,
    ...['iam', 'get-role', '--role-name', own.name, '--query', 'Role.AssumeRolePolicyDocument'],
  );
  const { source, target } = denied(subject, workload, own, 'pod-identity', live);
  if (source.length + target.length === 0)
    return [pass('the role can assume itself, also with session tags', { inspect })];
  const trust = workload.role.adopt ? `role.keepTrust of workloads.${workload.key}` : 'its trust policy';
  return [
    fail(
      'warning',
      [
        'an app that assumes its own role can do so on IRSA, but not on Pod Identity:',
        ...[...source, ...target].map(explain),
      ].join('\n'),
      [
        say('Configure the app to use its credentials without assuming the role: most apps have a setting for it.'),
        say(`Or allow sts:TagSession beside sts:AssumeRole in ${trust} and in its permissions.`),
      ],
      { inspect },
    ),
  ];
}
