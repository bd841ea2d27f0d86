import { podOf } from '../../blueprint/pods';
import { originOf, timeContext } from '../../comparison/access';
import { ask } from '../../estate/ask';
import type { AssociationFacts } from '../../estate/aws/AwsPort';
import { parseArn, parseRoleArn } from '../../iam/Arn';
import { accountRootOf, ANY_POD, OF_ONE_POD, sessionTagsOf } from '../../iam/credentialRequests';
import { decide } from '../../iam/decide';
import type { Decision, NamedPolicy, Policies } from '../../iam/Decision';
import { explain } from '../../iam/explain';
import type { Request } from '../../iam/Request';
import { resourcesOf } from '../../inventory/iamCatalogue';
import type { Account, Workload } from '../../inventory/Inventory';
import { type Advice, aws, named } from '../remedies';
import { deniesBySession, sessionPolicyOf, withoutSessionPolicy } from './association';
import {
  type Checked,
  type CheckFunction,
  type CheckResult,
  depends,
  fail,
  pass,
  problem,
  type WorkloadOnCluster,
} from './Check';
import { asAssociated } from './pods';
import { type LiveRole, needPermissions } from './rolePermissions';
import { adviceFor as hopAdvice, hopTo } from './undeclaredHop';

/** What an operator asks whether the workload may do it. */
export interface Access {
  /** `s3:GetObject`. */
  readonly action: string;
  /** An ARN, or `*` where the action takes none. */
  readonly resource: string;
}

/** What an evaluation of the role's own policies cannot see. */
const UNSEEN =
  'Not evaluated: service control policies, session policies other than that of the association, VPC endpoint policies';

const RESOURCE_POLICY = 'the resource’s own policy, taken to allow it';

/**
 * Whether a new pod may do something, by an evaluation of all policies of its role as they stand in AWS: attached policies, inline ones
 * and the boundary, with the session tags of EKS as `aws:PrincipalTag/…` where a new pod has them, and limited by the session policy of the association. With an
 * association that names a target role, the pod has the credentials of that role, and the session policy limits only them. The resource's own policy is taken to allow it, and the result says so. Of the request only the role,
 * its tags and the time are known: where a condition is on anything else (the address, the region, a VPC endpoint), the result depends on it.
 */
export function access(request: Access): CheckFunction {
  return (subject) =>
    ask([subject.questions.association], (association) => {
      const { environment, parts, row, workload } = subject;
      const eks = row.newPodUses === 'pod-identity';
      const found = association.ok ? association.value : undefined;
      const chained = parts.targetRoles.find(({ via, arn }) =>
        found === undefined ? via === 'association' : arn === found.targetRoleArn,
      );
      const held = eks && chained !== undefined ? chained : { account: environment.account, ...parts.role };
      const tagged = eks && asAssociated(workload, association).sessionTags;
      return needPermissions(held.account, held.name, (live) =>
        live === undefined
          ? undefined
          : withTrust(
              subject,
              asAssociated(workload, association),
              request,
              live,
              judge(subject, request, held, live, tagged, eks ? found : undefined),
            ),
      );
    });
}

/** The role whose credentials a new pod has. */
interface HeldRole {
  readonly account: Account;
  readonly name: string;
  /** The key of the target whose role it is. */
  readonly target?: string;
}

/**
 * The result of `sts:AssumeRole` on a role: its trust policy decides too, and it alone needs no `sts:TagSession` for IRSA. Of a stage at which new pods use
 * IRSA, the result also says whether they can assume the role on Pod Identity.
 */
function withTrust(
  subject: WorkloadOnCluster,
  workload: Workload,
  { action, resource }: Access,
  live: LiveRole,
  own: CheckResult,
): Checked {
  const isRole = action.toLowerCase() === 'sts:assumerole' && parseRoleArn(resource) !== undefined;
  if (!isRole || /[*?]/.test(resource) || own.state !== 'ok') return own;
  return hopTo(subject, workload, live, resource, (hop): CheckResult => {
    const { inspect } = own;
    const more = inspect === undefined ? {} : { inspect };
    if (hop === undefined)
      return problem(`there is no role ${resource}`, 'Correct the ARN, and run the command again.', more);
    const { found, tagged, untagged, message = '', unread } = hop;
    const now = subject.row.newPodUses === 'pod-identity' ? tagged : untagged;
    if (found === undefined || tagged === undefined || now === undefined) {
      const text = [
        `could not be checked: the trust policy of ${resource} (${message})`,
        `The permissions allow ${action}. On Pod Identity the trust policy must allow sts:TagSession too${workload.sessionTags ? '' : ', unless session tags are disabled, as they are here'}.`,
      ];
      const result = fail('unknown', text.join('\n'), hopAdvice(workload, resource), more);
      return unread === undefined ? result : { ...result, reason: unread };
    }
    const trust = `the trust policy of ${found.name}`;
    if (now.result === 'depends') return depends(`whether ${trust} allows it`, now.dependsOn, more);
    const refused = (these: typeof now) =>
      these.result === 'denied' ? [...these.denied.source, ...these.denied.target].map(explain) : [];
    if (now.result === 'denied')
      return problem(
        [`${action} on ${resource} is not allowed, ${trust} included:`, ...refused(now)].join('\n'),
        hopAdvice(workload, resource, { source: live.role.arn, denied: now.denied }),
        more,
      );
    if (tagged.result === 'denied')
      return fail(
        'warning',
        [
          `${action} on ${resource} is allowed on IRSA, but not on Pod Identity, which pods use from dual on:`,
          ...refused(tagged),
        ].join('\n'),
        hopAdvice(workload, resource, { source: live.role.arn, denied: tagged.denied }),
        more,
      );
    const [allowed = ''] = own.found.split('\n');
    return { ...own, found: [`${allowed}, and by ${trust}`, `${UNSEEN}.`].join('\n') };
  });
}

function judge(
  subject: WorkloadOnCluster,
  request: Access,
  { account, name, target }: HeldRole,
  { role, ...policies }: LiveRole,
  tagged: boolean,
  association: AssociationFacts | undefined,
): CheckResult {
  const { environment, workload, cluster, serviceAccount, row, now } = subject;
  const session = sessionPolicyOf(association);
  const { action, resource } = request;
  const origin = originOf(row.newPodUses, environment, cluster);
  const more = {
    inspect: aws(account)`iam simulate-principal-policy --policy-source-arn ${role.arn}
      --action-names ${action} --resource-arns ${resource}`,
  };
  const kinds = resourcesOf(action);
  if (!takes(kinds, resource)) return notTaken(request, kinds, more);
  const tags = { ...role.tags, ...(tagged ? sessionTagsOf(podOf(environment, serviceAccount, cluster)) : {}) };
  const decision = decideForPods(
    {
      caller: { kind: 'session', roleArn: role.arn, sessionName: 'pod', ...origin },
      action,
      resource,
      context: {
        ...(now && timeContext(now)),
        ...Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:PrincipalTag/${key}`, value])),
      },
      completeKeys: ['aws:PrincipalTag/'],
    },
    { ...policies, ...(session === undefined ? {} : { session: [session] }), resource: resourcePolicy(role.arn) },
    tagged,
  );
  const evaluated = `${name}, with ${tagged ? 'the session tags of EKS' : 'no session tags'}`;
  const note = noteOf(role.arn, resource);
  if (decision.allowed) {
    const by = deciding(decision, [policies.boundary, session]);
    return pass([`${action} on ${resource} is allowed by ${by} (${evaluated})`, note].join('\n'), more);
  }
  if (decision.dependsOn !== undefined) {
    const { found, ...result } = depends(
      `whether ${action} on ${resource} is allowed (${evaluated})`,
      decision.dependsOn,
      more,
    );
    return { ...result, found: [found, note].join('\n') };
  }
  const own = { ...decision, statements: decision.statements.filter(({ policy }) => policy !== RESOURCE_POLICY) };
  return problem(
    [`${action} on ${resource} is not allowed (${evaluated}):`, explain(own), note].join('\n'),
    association !== undefined && deniesBySession(decision, session)
      ? withoutSessionPolicy(subject, association)
      : adviceFor(workload.key, decision, request, target),
    more,
  );
}

/** Decides for a pod with the name of one of a Deployment; where it is denied, another name or uid of the pod can be allowed: then that decides. */
function decideForPods(request: Request, policies: Policies, tagged: boolean): Decision {
  const usual = decide(request, policies);
  if (!tagged || usual.allowed || usual.dependsOn !== undefined) return usual;
  const ofOnePod = new Set(OF_ONE_POD.map((tag) => `aws:PrincipalTag/${tag}`));
  const other = decide(
    {
      ...request,
      context: Object.fromEntries(Object.entries(request.context ?? {}).filter(([key]) => !ofOnePod.has(key))),
      sets: Object.fromEntries([...ofOnePod].map((key) => [key, ANY_POD])),
    },
    policies,
  );
  return other.dependsOn === undefined ? usual : other;
}

/** A policy of the resource that allows everything to the role's account, which leaves the decision to the role's own policies. */
function resourcePolicy(roleArn: string): NamedPolicy {
  const Principal = { AWS: accountRootOf(roleArn) };
  return {
    name: RESOURCE_POLICY,
    document: { Statement: { Effect: 'Allow', Principal, Action: '*', Resource: '*' } },
  };
}

function deciding({ statements }: Decision, limits: readonly (NamedPolicy | undefined)[]): string {
  const others = [RESOURCE_POLICY, ...limits.map((limit) => limit?.name)];
  const by = statements.find(
    ({ applies, policy, statement }) => applies && statement.Effect === 'Allow' && !others.includes(policy),
  );
  if (by === undefined) return 'its policies';
  return `${by.policy}, statement ${by.index}${by.sid === undefined ? '' : ` (${by.sid})`}`;
}

function noteOf(roleArn: string, resource: string): string {
  const { service, account: owner = '' } = parseArn(resource) ?? {};
  if (owner !== '' && owner !== 'aws' && owner !== parseArn(roleArn)?.account)
    return `${resource} is of account ${owner}: its own policy must allow the role as well. ${UNSEEN}.`;
  if (service === 'iam') return `The role’s trust policy must allow it as well. ${UNSEEN}.`;
  if (service === 'kms') return `The key’s policy must allow it as well. ${UNSEEN}.`;
  return `${UNSEEN}, and the resource’s own policy (a bucket of another account must allow it too).`;
}

function adviceFor(
  workload: string,
  { reason, decidedBy, statements }: Decision,
  request: Access,
  target: string | undefined,
): Advice {
  if (reason === 'explicit deny')
    return `Except ${request.resource} from statement ${decidedBy?.index ?? 0}${decidedBy?.sid === undefined ? '' : ` (${decidedBy.sid})`} of ${decidedBy?.policy ?? 'the policy'}, which denies it, or meet its conditions.`;
  if (reason === 'permissions boundary does not allow it')
    return 'Allow it in the permissions boundary: no policy of the role can.';
  const near = statements.find(({ mismatch, statement }) => mismatch === 'condition' && statement.Effect === 'Allow');
  if (near !== undefined)
    return [
      `Statement ${near.index} of ${near.policy} allows it under ${near.failedConditions.map(({ operator, key }) => `${operator} ${key}`).join(' and ')}: meet the condition. Or add a statement without it, then apply:`,
      statementText(workload, target, request),
    ];
  const place = target === undefined ? 'the workload' : `its target ${target}, whose credentials the pod has`;
  return [
    `Add the statement to those of ${place} in the inventory, then apply:`,
    statementText(workload, target, request),
  ];
}

/** The statement that allows it, at its place in the inventory: YAML that stands by itself. */
function statementText(workload: string, target: string | undefined, { action, resource }: Access): string {
  const targets = target === undefined ? [] : ['targets', target];
  const path = ['workloads', workload, ...targets, 'permissions', 'statements'];
  const lines = path.map((key, depth) => `${'  '.repeat(depth)}${key}:`);
  const inset = '  '.repeat(path.length);
  return [...lines, `${inset}- actions: [${action}]`, `${inset}  resources: [${JSON.stringify(resource)}]`].join('\n');
}

/**
 * Whether an action that takes these kinds of resources takes one. Resources of the right service are all taken: their forms in the
 * catalogue are not precise enough to exclude one.
 */
export function takes(kinds: readonly string[], resource: string): boolean {
  const wanted = parseArn(resource)?.service.toLowerCase();
  const services = kinds.map((kind) => parseArn(kind)?.service.toLowerCase());
  if (resource === '*' || services.includes(undefined)) return true;
  return services.some((service = '') => service.includes('$') || service === '*' || service === wanted);
}

function notTaken(
  { action, resource }: Access,
  kinds: readonly string[],
  more: Pick<CheckResult, 'inspect'>,
): CheckResult {
  const none = kinds.length === 0;
  const found = `${action} takes no such resource as ${resource}: no request has it, whatever a policy allows`;
  const again = none
    ? 'Run the command again with --resource "*".'
    : 'Run the command again with a resource that the action takes, or with another action.';
  return problem(`${found}\nthe action takes ${none ? 'none but *' : named(kinds)}`, again, more);
}
