import type { TargetRole } from '../../blueprint/Blueprint';
import { deniedToSession, type Mode } from '../../comparison/access';
import { ask, need } from '../../estate/ask';
import type { RoleFacts } from '../../estate/aws/AwsPort';
import { explain } from '../../iam/explain';
import type { Account, Workload } from '../../inventory/Inventory';
import { aws, stacks } from '../remedies';
import { applyStage } from './applying';
import { type CheckAsk, type Checked, type CheckFunction, fail, pass, type WorkloadOnCluster } from './Check';
import { asAssociated, associationOf, modesInUse, MODE_TEXT, podsOf } from './modes';
import { type LiveRole, needPermissions, policiesQuestion, roleQuestion } from './rolePermissions';

/**
 * With the credentials of a pod the app can assume each target role, in every mode that pods use now and the stage serves: by the permissions of the pod's role, and
 * by the trust policy of the target role, with `sts:TagSession` at both ends where EKS sends session tags.
 */
export const targetHop: CheckFunction = (subject) =>
  subject.parts.targetRoles.map((target) => {
    const question = roleQuestion(target.account, target.name);
    return need([question], (found): Checked | CheckAsk => {
      const { name, account, arn } = target;
      const remedy = applyTarget(subject, account);
      if (found === undefined) return [fail('problem', `there is no target role ${name} in ${account.key}`, remedy)];
      if (found.arn !== arn) return [fail('problem', `the target role is ${found.arn}, not ${arn}`, remedy)];
      return ask([podsOf(subject), associationOf(subject)], (pods, association) => {
        const { servesUntaggedHop, servesTaggedHop } = subject.row;
        const modes = [...modesInUse(subject, pods)].filter((mode) =>
          mode === 'irsa' ? servesUntaggedHop : servesTaggedHop,
        );
        const workload = asAssociated(subject.workload, association);
        const handedOut = association.ok ? association.value?.targetRoleArn : undefined;
        return modes.map((mode) => inMode({ subject, workload, target, found, mode }, handedOut));
      });
    });
  });

/** A target role as it stands, and a mode in which pods reach it. */
interface Hop {
  readonly subject: WorkloadOnCluster;
  /** With session tags as its association sends them. */
  readonly workload: Workload;
  readonly target: TargetRole;
  readonly found: RoleFacts;
  readonly mode: Mode;
}

/** `handedOut`: the ARN of the association's target role. With Pod Identity pods have its credentials instead of those of the source role. */
function inMode(hop: Hop, handedOut: string | undefined): CheckAsk {
  const { environment, parts } = hop.subject;
  const source = { account: environment.account, name: parts.role.name };
  const instead =
    hop.mode === 'pod-identity' && hop.target.via !== 'association'
      ? parts.targetRoles.find(({ arn }) => arn === handedOut)
      : undefined;
  const { account, name } = instead ?? source;
  return needPermissions(account, name, (from) => (from === undefined ? [] : judge(hop, account, from)));
}

function judge(
  { subject, workload, target, found, mode }: Hop,
  account: Account,
  { role, identity, boundary }: LiveRole,
): Checked {
  const { source, target: trust } = deniedToSession(found, subject.environment, workload, subject.cluster, {
    from: role.arn,
    identity,
    ...(boundary && { boundary }),
    roleTags: role.tags,
    mode,
    chained: target.via === 'association',
  });
  const question = roleQuestion(target.account, target.name);
  if (source.length + trust.length === 0)
    return [ask([question], () => [pass(`pods can assume ${found.name} through ${MODE_TEXT[mode]}`)])];
  const by = trust.length === 0 ? 'the source role' : source.length === 0 ? 'the target role' : 'both roles';
  const text = [
    `pods cannot assume ${found.name} through ${MODE_TEXT[mode]}, denied by ${by}:`,
    ...source.map((one) => `permissions of ${role.name}: ${explain(one)}`),
    ...trust.map((one) => `trust policy of ${found.name}: ${explain(one)}`),
  ].join('\n');
  const remedy = applyTarget(subject, target.account);
  if (trust.length === 0)
    return [
      ask([policiesQuestion(account, role.name)], () => [
        fail('problem', text, remedy, { inspect: aws(account, 'iam', 'list-role-policies', '--role-name', role.name) }),
      ]),
    ];
  const get = ['iam', 'get-role', '--role-name', found.name, '--query', 'Role.AssumeRolePolicyDocument'];
  return [ask([question], () => [fail('problem', text, remedy, { inspect: aws(target.account, ...get) })])];
}

/** Either end may be what is wrong: the stack of the target role and that of the source role. */
function applyTarget(subject: WorkloadOnCluster, account: Account) {
  const { environment } = subject;
  return applyStage(subject, [...new Set([...stacks.target(environment, account), ...stacks.identity(environment)])]);
}
