import { timeContext } from '../../comparison/access';
import { comparePermissions, inlinePolicies } from '../../comparison/role';
import { ask, need } from '../../estate/ask';
import type { RolePolicyFacts } from '../../estate/aws/AwsPort';
import { decide } from '../../iam/decide';
import type { Decision, NamedPolicy } from '../../iam/Decision';
import { explain } from '../../iam/explain';
import { matchAction } from '../../iam/matchStatement';
import { listOf, type PolicyDocument, type Statement } from '../../iam/PolicyDocument';
import { notCovered } from '../../iam/sameMeaning';
import { type Advice, aws, inspectTrust, named } from '../remedies';
import {
  applyStage,
  type CheckAsk,
  type CheckFunction,
  type CheckResult,
  fail,
  neverApplied,
  pass,
  problem,
  removeImport,
  type WorkloadOnCluster,
} from './Check';
import { type LiveRole, needPermissions, policiesQuestion } from './rolePermissions';

/**
 * The role has the policies that the inventory says, and any at all. Before a step the role also allows what the inventory gives it: no statement of an
 * inline policy is lost, and no other policy and no boundary denies it. Without a step this is asked with `--action`.
 */
export const permissions: CheckFunction = (subject) => {
  const { parts, workload, questions, next } = subject;
  const { role } = parts;
  return need([questions.policies], (found) => {
    if (found === undefined) return [];
    if (role.manage === 'external') return externalPermissions(found);
    const missing = comparePermissions(role, found).filter(({ what }) => what === 'missing');
    const attached = missing.flatMap((one) => (one.of === 'managed-policy' ? [one.arn] : []));
    const inline = missing.flatMap((one) => (one.of === 'inline-policy' ? [one.name] : []));
    const counts = [found.attached.length, Object.keys(found.inline).length] as const;
    if (missing.length === 0 && counts[0] + counts[1] === 0)
      return fail(
        'warning',
        'the role has no policy: AWS denies every request',
        `Write what the workload needs into workloads.${workload.key}.permissions, then apply.`,
      );
    if (missing.length === 0) {
      const complete = pass(`${counts[0]} attached and ${counts[1]} inline policies, including those of the inventory`);
      return next === undefined ? complete : judgeContent(subject, found, complete);
    }
    return ask([questions.policies, questions.role], (_, live) => {
      const remedy = (gone: readonly string[], from: 'managedPolicies' | 'inlinePolicies') => {
        const due = neverApplied(live) ? gone.filter((one) => role.imports[from].includes(one)) : [];
        return due.length > 0 ? removeImport(subject, named(due), `role.imports.${from}`) : applyStage(subject);
      };
      if (attached.length > 0) return problem(`not attached: ${named(attached)}`, remedy(attached, 'managedPolicies'));
      return problem(`missing inline policies: ${named(inline)}`, remedy(inline, 'inlinePolicies'), {
        inspect: inspectInline(subject),
      });
    });
  });
};

/** The owner of an external role writes its policies, and `target-hop` evaluates what the workload's hops need of them. */
function externalPermissions({ attached, inline }: RolePolicyFacts): CheckResult {
  const counts = [attached.length, Object.keys(inline).length] as const;
  if (counts[0] + counts[1] > 0)
    return pass(`${counts[0]} attached and ${counts[1]} inline policies, which the owner of the role writes`);
  return fail(
    'warning',
    'the role has no policy: AWS denies every request',
    'The owner of the role must write what the workload needs: podlift never writes this role.',
  );
}

function inspectInline({ environment, parts }: WorkloadOnCluster) {
  return aws(environment.account)`iam list-role-policies --role-name ${parts.role.name}`;
}

/** Whether the role allows what the inventory gives it. Documents of attached policies are read only where the inline policies leave a doubt. */
function judgeContent(subject: WorkloadOnCluster, found: RolePolicyFacts, complete: CheckResult): CheckAsk {
  const { environment, parts, questions } = subject;
  const wanted = [...inlinePolicies(parts.role).values()];
  const inline = Object.values(found.inline);
  return need([questions.policies, questions.role], (_, live) => {
    // Without the role, the check role says so.
    if (live === undefined) return [];
    const undeclared = found.attached.some((arn) => !parts.role.managedPolicies.includes(arn));
    const lost = allowedBy(notCovered(wanted, inline));
    if (lost.length === 0 && !undeclared && live.permissionsBoundary === undefined) {
      const identity = Object.entries(found.inline).map(([name, document]) => ({
        name: `inline policy ${name}`,
        document,
      }));
      return judge(subject, wanted, { role: live, identity }, complete);
    }
    return needPermissions(environment.account, parts.role.name, (whole) =>
      whole === undefined ? [] : judge(subject, wanted, whole, complete),
    );
  });
}

function judge(
  subject: WorkloadOnCluster,
  wanted: readonly PolicyDocument[],
  live: LiveRole,
  complete: CheckResult,
): CheckAsk {
  const { environment, parts, questions } = subject;
  const lost = allowedBy(
    notCovered(
      wanted,
      live.identity.map(({ document }) => document),
    ),
  );
  const denied = deniedOf(subject, wanted, live);
  // What follows is about the policies of the role, and not about the last of their documents.
  return ask([policiesQuestion(environment.account, parts.role.name)], () => {
    if (lost.length > 0)
      return problem(
        `the role does not allow what the inventory gives it: ${named(lost.map(statementText), 3)}`,
        applyStage(subject),
        { inspect: inspectInline(subject) },
      );
    const [first] = denied;
    if (first === undefined) return complete;
    const more = { inspect: inspectTrust(environment.account, questions.role.name) };
    const texts = named(new Set(denied.map(({ action, resource }) => `${action} on ${resource}`)), 3);
    return first.decision.reason === 'explicit deny'
      ? problem(
          `a policy of the role denies what the inventory gives it: ${texts}\n${explain(first.decision)}`,
          denyFix(subject, first),
          { inspect: inspectInline(subject) },
        )
      : fail(
          // A limit that the inventory declares can be on purpose: the pods have lived with it.
          parts.role.permissionsBoundary === live.role.permissionsBoundary ? 'warning' : 'problem',
          `the permissions boundary of the role does not allow what the inventory gives it: ${texts}`,
          `Allow it in the permissions boundary ${live.role.permissionsBoundary ?? ''}, or detach the boundary: no policy of the role can allow it.`,
          more,
        );
  });
}

/** Where the statement is that denies: in the inventory, in a policy that it attaches, or only in AWS. */
function denyFix(
  { parts, workload }: WorkloadOnCluster,
  { decision: { decidedBy }, action, resource }: DeniedGrant,
): Advice {
  const { policy = '', index = 0, sid } = decidedBy ?? {};
  const place = `statement ${index}${sid === undefined ? '' : ` (${sid})`}`;
  const at = `workloads.${workload.key}.permissions`;
  const except = `Except ${action} on ${resource} from ${place}`;
  const name = [...inlinePolicies(parts.role).keys()].find(
    (one) => policy === `inline policy ${one}` || policy.startsWith(`inline policy ${one} of `),
  );
  if (name !== undefined) return [`${except} of inline policy ${name} in ${at}.`, 'Then apply.'];
  const arn = parts.role.managedPolicies.find((one) => policy === `policy ${one}`);
  if (arn !== undefined)
    return `${except} of ${arn}, where the policy is managed, or remove the policy from ${at}.managedPolicies.`;
  return `${except} of ${policy}, which the inventory does not have: it is only on the role in AWS. Ask its owner before you change it.`;
}

function allowedBy(statements: readonly Statement[]): readonly Statement[] {
  return statements.filter(({ Effect }) => Effect === 'Allow');
}

function statementText({ Action, Resource }: Statement): string {
  return `${named(listOf(Action ?? 'other actions'))} on ${named(listOf(Resource ?? 'other resources'))}`;
}

/** An action on a resource, as a statement of the inventory writes them, that the role does not have in spite of the statement. */
interface DeniedGrant {
  readonly action: string;
  readonly resource: string;
  readonly decision: Decision;
}

/** More pairs of actions and resources than these are not evaluated. */
const MOST_PAIRS = 500;

/**
 * What the inventory's statements give, and another policy or the boundary denies whatever else a request has. A pattern stands for itself: only what
 * denies the whole pattern counts, since a narrower limit can be on purpose.
 */
function deniedOf(
  { now }: WorkloadOnCluster,
  wanted: readonly PolicyDocument[],
  { role, identity, boundary }: LiveRole,
): readonly DeniedGrant[] {
  const own = wanted.map((document): NamedPolicy => ({ name: 'the inventory', document }));
  const pairs = wanted
    .flatMap(({ Statement }) => allowedBy(listOf(Statement)))
    .flatMap(({ Action = [], Resource = [] }) =>
      listOf(Action).flatMap((action) => listOf(Resource).map((resource) => ({ action, resource }))),
    )
    .filter(({ resource }) => !resource.includes('${'));
  return pairs.slice(0, MOST_PAIRS).flatMap(({ action, resource }): readonly DeniedGrant[] => {
    const caller = { kind: 'session', roleArn: role.arn, sessionName: 'pod' } as const;
    const request = { caller, action, resource, context: now === undefined ? {} : timeContext(now) };
    const decision = decide(request, { identity, ...(boundary && { boundary }) });
    if (decision.allowed || decision.dependsOn !== undefined) return [];
    const isLost =
      decision.reason === 'explicit deny'
        ? decide(request, { identity: own }).reason !== 'explicit deny'
        : decision.reason === 'permissions boundary does not allow it' &&
          (!/[*?]/.test(action + resource) || !allowsAny(boundary, action));
    return isLost ? [{ action, resource, decision }] : [];
  });
}

/** Whether a policy allows an action on anything. */
function allowsAny(policy: NamedPolicy | undefined, action: string): boolean {
  return allowedBy(listOf(policy?.document.Statement ?? [])).some((statement) => matchAction(statement, action));
}
