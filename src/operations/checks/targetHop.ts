import type { TargetRole } from '../../blueprint/Blueprint';
import { ownerWrites } from '../../blueprint/ownerWrites';
import { type Mode, sessionAccess } from '../../comparison/access';
import { ask, need } from '../../estate/ask';
import type { AssociationFacts, RoleFacts } from '../../estate/aws/AwsPort';
import { explain } from '../../iam/explain';
import type { Account, Workload } from '../../inventory/Inventory';
import { ownerMustWrite } from '../ownerRemedy';
import { type Advice, applyStacks, aws, inspectTrust, stacks } from '../remedies';
import {
  type CheckAsk,
  type Checked,
  type CheckFunction,
  depends,
  judgedRow,
  pass,
  problem,
  type WorkloadOnCluster,
  podsOf,
} from './Check';
import { deniesBySession, sessionPolicyOf, withoutSessionPolicy } from './association';
import { asAssociated, modesInUse, MODE_TEXT } from './pods';
import { existingTargetAdvice, otherPathAdvice } from './role';
import { type LiveRole, needPermissions, policiesQuestion, roleQuestion } from './rolePermissions';

/**
 * With the credentials of a pod the app can assume each target role, in every mode that pods use now and the stage serves: by the permissions of the pod's role, and
 * by the trust policy of the target role, with `sts:TagSession` at both ends where EKS sends session tags.
 */
export const targetHop: CheckFunction = (subject) =>
  subject.parts.targetRoles.map((target) => {
    const { name, account, arn } = target;
    const { row, workload, questions } = subject;
    const after = judgedRow(subject);
    return need([roleQuestion(account, name)], (found): Checked => {
      if (found === undefined)
        return problem(
          `there is no target role ${name} in ${account.key}`,
          existingTargetAdvice(subject, target) ?? applyBoth(subject, account),
        );
      if (found.arn !== arn)
        return problem(
          `the target role is ${found.arn}, not ${arn}`,
          otherPathAdvice(subject, target) ?? applyBoth(subject, account),
        );
      return ask([questions.pods, questions.association], (pods, association) => {
        // The apply of a step changes the trust policies of target roles: what it adds or removes is not judged.
        const modes = [...modesInUse(subject, pods)].filter((mode) =>
          mode === 'irsa'
            ? row.servesUntaggedHop && after.servesUntaggedHop
            : row.servesTaggedHop && after.servesTaggedHop,
        );
        const associated = association.ok ? association.value : undefined;
        return modes.map((mode) =>
          inMode({ subject, workload: asAssociated(workload, association), target, found, mode, associated }),
        );
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
  /** The association as it stands, if one is known. */
  readonly associated: AssociationFacts | undefined;
}

/** Whether the step makes the association, so that none is known yet. */
function isAhead({ subject, associated }: Hop): boolean {
  return associated === undefined && !subject.row.association && judgedRow(subject).association;
}

/** With Pod Identity pods have the credentials of the association's target role instead of those of the source role. */
function inMode(hop: Hop): CheckAsk {
  const { environment, parts } = hop.subject;
  const source = { account: environment.account, name: parts.role.name };
  const instead =
    hop.mode === 'pod-identity' && hop.target.via !== 'association'
      ? parts.targetRoles.find(({ arn, via }) =>
          isAhead(hop) ? via === 'association' : arn === hop.associated?.targetRoleArn,
        )
      : undefined;
  const { account, name } = instead ?? source;
  return needPermissions(account, name, (from) => (from === undefined ? undefined : judge(hop, account, from)));
}

function judge(
  { subject, workload, target, found, mode, associated }: Hop,
  account: Account,
  { role, ...policies }: LiveRole,
): CheckAsk {
  const { environment, cluster, serviceAccount, now } = subject;
  const chained = target.via === 'association';
  // The session policy limits what pods get; EKS makes its own hop without it.
  const limit = mode === 'pod-identity' && !chained ? sessionPolicyOf(associated) : undefined;
  const sessionPolicies = limit === undefined ? {} : { sessionPolicies: [limit] };
  const session = { from: role.arn, ...policies, ...sessionPolicies, roleTags: role.tags, mode, chained };
  const access = sessionAccess(found, environment, podsOf({ serviceAccount, workload }), cluster, session, now);
  const question = roleQuestion(target.account, target.name);
  const inspectTarget = { inspect: inspectTrust(target.account, found.name) };
  if (access.result === 'allowed')
    return ask([question], () => pass(`pods can assume ${found.name} through ${MODE_TEXT[mode]}`));
  if (access.result === 'depends') {
    const text = `whether pods can assume ${found.name} through ${MODE_TEXT[mode]}`;
    return ask([question], () => depends(text, access.dependsOn, inspectTarget));
  }
  const { source, target: trust } = access.denied;
  const by = trust.length === 0 ? 'the source role' : source.length === 0 ? 'the target role' : 'both roles';
  const text = [
    `pods cannot assume ${found.name} through ${MODE_TEXT[mode]}, denied by ${by}:`,
    ...source.map((one) => `permissions of ${role.name}: ${explain(one)}`),
    ...trust.map((one) => `trust policy of ${found.name}: ${explain(one)}`),
  ].join('\n');
  const remedy =
    associated !== undefined && source.some((one) => deniesBySession(one, limit))
      ? withoutSessionPolicy(subject, associated)
      : remedyFor(subject, target, { from: role, source: source.length > 0, trust: trust.length > 0 });
  if (trust.length > 0) return ask([question], () => problem(text, remedy, inspectTarget));
  const inspect = aws(account)`iam list-role-policies --role-name ${role.name}`;
  return ask([policiesQuestion(account, role.name)], () => problem(text, remedy, { inspect }));
}

/** The hop of an external role: its owner writes its permissions. */
function ownerMustAllow(role: string, target: string): string {
  return `The owner of role ${role} must allow sts:AssumeRole and sts:TagSession on ${target} in its permissions, and nothing may deny them: podlift never writes this role.`;
}

/** Which end of a hop denies it. */
interface DeniedBy {
  /** The role whose credentials pods have: the workload's, or the target role of its association. */
  readonly from: Pick<RoleFacts, 'name' | 'arn'>;
  readonly source: boolean;
  readonly trust: boolean;
}

/** What lets a hop pass: the owner of an external role writes what denies it there, and an apply the rest. */
function remedyFor(subject: WorkloadOnCluster, target: TargetRole, { from, source, trust }: DeniedBy): Advice {
  const { environment, workload, parts, next } = subject;
  const external = [parts.role, ...parts.targetRoles].some(
    ({ arn, manage }) => arn === from.arn && manage !== undefined,
  );
  if (!external && target.manage === undefined) return applyBoth(subject, target.account);
  const stage = next === undefined ? workload.stage : ownerWrites(workload.stage, next).during;
  const write = { environment, workload, role: target.name, target: target.target };
  return [
    source && external ? ownerMustAllow(from.name, target.arn) : [],
    trust && target.manage !== undefined ? ownerMustWrite(write, stage) : [],
    source && !external ? applyStacks(stacks.identity(environment)) : [],
    trust && target.manage === undefined ? applyStacks(stacks.target(environment, target.account)) : [],
  ];
}

/** Either end may be what is wrong: the stack of the target role and that of the source role. */
function applyBoth({ environment }: WorkloadOnCluster, account: Account) {
  return applyStacks([...new Set([...stacks.target(environment, account), ...stacks.identity(environment)])]);
}
