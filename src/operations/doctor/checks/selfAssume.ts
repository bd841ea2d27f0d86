import { explain } from '../../../iam/explain';
import { shellWord } from '../../../estate/shellWord';
import { refusedHop } from '../hopDecisions';
import type { Judge } from '../Judge';
import { iamLook, ill, well } from '../judgement';

/**
 * A role that lets its own sessions assume it again, as some apps do (External Secrets, Argo CD): on Pod Identity the session tags go along,
 * so that `sts:TagSession` is needed where IRSA needed none. Whether the app does it cannot be seen; that its role was made for it can.
 */
export const selfAssume: Judge = (patient, facts) => {
  const { role, permissions } = facts.source;
  if (patient.row.newPodUses !== 'pod-identity' || !role.ok || !permissions.ok) return [];
  if (role.value === undefined || permissions.value === undefined) return [];
  const own = role.value;
  const way = { from: own, to: own, permissions: permissions.value, chained: false } as const;
  const untagged = refusedHop(patient, facts, { ...way, mode: 'irsa' });
  if (untagged.source.length + untagged.target.length > 0) return [];
  const look = iamLook(patient, `get-role --role-name ${shellWord(own.name)} --query Role.AssumeRolePolicyDocument`);
  const { source, target } = refusedHop(patient, facts, { ...way, mode: 'pod-identity' });
  if (source.length + target.length === 0) return [well(look, 'it may assume itself, session tags included')];
  const adopted = patient.workload.role.adopt ? `role.keepTrust of workloads.${patient.workload.key}` : 'its trust';
  return [
    ill(
      look,
      'warning',
      [
        'an app that assumes its own role could do so on IRSA, and cannot on Pod Identity:',
        ...[...source, ...target].map(explain),
      ].join('\n'),
      `Let the app use its credentials as they are (most have a setting for it), or allow sts:TagSession beside sts:AssumeRole in ${adopted} and in its permissions.`,
    ),
  ];
};
