import type { TargetRole } from '../../blueprint/Blueprint';
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
      const remedy = remedyFor(subject, target);
      if (found === undefined) return problem(`there is no target role ${name} in ${account.key}`, remedy);
      if (found.arn !== arn) return problem(`the target role is ${found.arn}, not ${arn}`, remedy);
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
      : source.length > 0 && subject.parts.role.manage === 'external' && role.arn === subject.parts.role.arn
        ? [ownerMustAllow(role.name, target.arn), trust.length > 0 ? remedyFor(subject, target) : []]
        : remedyFor(subject, target);
  if (trust.length > 0) return ask([question], () => problem(text, remedy, inspectTarget));
  const inspect = aws(account)`iam list-role-policies --role-name ${role.name}`;
  return ask([policiesQuestion(account, role.name)], () => problem(text, remedy, { inspect }));
}

/** The hop of an external role: its owner writes its permissions. */
function ownerMustAllow(role: string, target: string): string {
  return `The owner of role ${role} must allow sts:AssumeRole and sts:TagSession on ${target} in its permissions, and nothing may deny them: podlift never writes this role.`;
}

/** What lets a hop pass: the apply of both stacks. The owner of an external target role writes its trust policy. */
function remedyFor(subject: WorkloadOnCluster, { account, manage, name, target }: TargetRole): Advice {
  if (manage === undefined) return applyBoth(subject, account);
  const { environment, workload, parts } = subject;
  return [
    ownerMustWrite({ environment, workload, role: name, target }, workload.stage),
    parts.role.manage === undefined ? applyStacks(stacks.identity(environment)) : [],
  ];
}

/** Either end may be what is wrong: the stack of the target role and that of the source role. */
function applyBoth({ environment }: WorkloadOnCluster, account: Account) {
  return applyStacks([...new Set([...stacks.target(environment, account), ...stacks.identity(environment)])]);
}
