import { canAssume, deniedToPods, type Mode } from '../../comparison/access';
import { compareTrust } from '../../comparison/trust';
import type { Role } from '../../blueprint/Blueprint';
import { explain } from '../../iam/explain';
import { ask, need } from '../../estate/ask';
import type { RoleFacts } from '../../estate/aws/AwsPort';
import type { Remedy } from '../../estate/Remedy';
import type { Decision } from '../../iam/Decision';
import { applyStacks, aws, say, stacks } from '../remedies';
import { applyStage } from './applying';
import { type CheckAsk, type CheckFunction, type CheckResult, fail, pass, type WorkloadOnCluster } from './Check';
import { asAssociated, associationOf, MODE_TEXT, podsOf, severity } from './modes';

/**
 * The trust policy of the role in AWS allows the workload's pods to assume the role in each mode that the stage promises, by an evaluation. Before a
 * step, it allows no other mode, and the trust policies of the role and of its target roles say what the inventory says. An adopted role may have statements of others
 * besides (GitHub's OIDC provider, another cluster).
 */
export const trust: CheckFunction = (subject) => {
  const { environment, parts, next } = subject;
  const question = { ask: 'role', account: environment.account.id, name: parts.role.name } as const;
  return [
    ask([podsOf(subject), associationOf(subject)], (pods, associated) =>
      need([question], (found) => {
        if (found?.arn !== parts.role.arn) return [];
        const workload = asAssociated(subject.workload, associated);
        const modes = (['pod-identity', 'irsa'] as const).flatMap((mode) =>
          judgeMode(
            { ...subject, workload },
            found,
            mode,
            next === undefined ? severity(subject, pods, mode) : 'problem',
          ),
        );
        if (next === undefined || modes.some(({ state }) => state !== 'ok')) return modes;
        return [...modes, statements(subject, parts.role, found, subject.workload.role.adopt)];
      }),
    ),
    ...(next === undefined ? [] : parts.targetRoles).map((target): CheckAsk =>
      need([{ ask: 'role', account: target.account.id, name: target.name }], (found) =>
        found?.arn !== target.arn ? [] : [statements(subject, target, found, false)],
      ),
    ),
  ];
};

function judgeMode(
  subject: WorkloadOnCluster,
  found: RoleFacts,
  mode: Mode,
  state: 'problem' | 'warning',
): readonly CheckResult[] {
  const { environment, workload, cluster, row, next } = subject;
  const promised = mode === 'irsa' ? row.trustsOidc && cluster.oidc !== undefined : row.trustsPodIdentity;
  const inspect = aws(
    environment.account,
    ...['iam', 'get-role', '--role-name', found.name, '--query', 'Role.AssumeRolePolicyDocument'],
  );
  if (!promised) {
    if (next === undefined || !canAssume(found, environment, workload, cluster, mode)) return [];
    return [
      fail(
        'problem',
        `pods on ${cluster.key} can assume the role through ${MODE_TEXT[mode]}, and must not at ${workload.stage}`,
        applyStage(subject),
        { inspect },
      ),
    ];
  }
  const denied = deniedToPods(found, environment, workload, cluster, mode) ?? [];
  if (denied.length === 0)
    return [pass(`the trust policy allows its pods to assume the role through ${MODE_TEXT[mode]}`, { inspect })];
  return [
    fail(
      state,
      [`the trust policy denies its pods the role through ${MODE_TEXT[mode]}:`, ...denied.map(explain)].join('\n'),
      remedyFor(subject, denied),
      { inspect },
    ),
  ];
}

/** An apply writes podlift's own statements again; a Deny is a statement that the entry keeps, or came from elsewhere. */
function remedyFor(subject: WorkloadOnCluster, denied: readonly Decision[]): Remedy {
  const { key, role } = subject.workload;
  const kept = role.keepTrust !== undefined && denied.some(({ reason }) => reason === 'explicit deny');
  return kept
    ? [say(`Change the statement that denies it in workloads.${key}.role.keepTrust.`), ...applyStage(subject)]
    : applyStage(subject);
}

function statements(
  { environment, workload }: WorkloadOnCluster,
  wanted: Role & { readonly account?: WorkloadOnCluster['environment']['account'] },
  found: RoleFacts,
  mayHaveOthers: boolean,
): CheckResult {
  const { missing, extra } = compareTrust(wanted.trust, found.trust);
  if (missing.length > 0 || (extra.length > 0 && !mayHaveOthers))
    return fail(
      'problem',
      `the trust policy of ${wanted.name} does not match the stage ${workload.stage}: ${counted(missing.length)} missing, ${counted(extra.length)} too many`,
      applyStacks(stacks.target(environment, wanted.account ?? environment.account)),
    );
  return pass(
    extra.length > 0
      ? `the trust policy of ${wanted.name} matches the stage ${workload.stage}, and has ${counted(extra.length)} of others`
      : `the trust policy of ${wanted.name} matches the stage ${workload.stage}`,
  );
}

function counted(count: number): string {
  return count === 1 ? '1 statement' : `${count} statements`;
}
