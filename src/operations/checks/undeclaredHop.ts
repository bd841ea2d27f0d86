import { sessionAccess } from '../../comparison/access';
import { type Ask, ask, type NoAnswer } from '../../estate/ask';
import type { RoleFacts } from '../../estate/aws/AwsPort';
import { parseRoleArn } from '../../iam/Arn';
import { type DeniedHop, isSameAccess } from '../../iam/credentialAccess';
import { explain } from '../../iam/explain';
import { assumedRoles } from '../../iam/assumedRoles';
import type { Workload } from '../../inventory/Inventory';
import { aws, named } from '../remedies';
import {
  type CheckFunction,
  type CheckResult,
  depends,
  fail,
  isBack,
  judgedRow,
  pass,
  type WorkloadOnCluster,
  podsOf,
} from './Check';
import { asAssociated } from './pods';
import { hopFixes } from './refusedHop';
import { type LiveRole, needPermissions, roleQuestion } from './rolePermissions';

/**
 * A role that the workload's role may assume, and that is no target of the inventory: with Pod Identity the session tags are sent again, so that STS wants
 * `sts:TagSession` of both roles where IRSA needed none. The trust policy of each such role is evaluated for both modes. A role that cannot be read, or
 * that only a pattern names, could not be checked. The doctor warns from `prepared` on, and the gate of the step to `dual` fails.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_role-chaining
 */
export const undeclaredHop: CheckFunction = (subject) => {
  const { environment, parts, row, next, questions } = subject;
  const isDue = next === undefined ? row.trustsPodIdentity : judgedRow(subject).newPodUses === 'pod-identity';
  if (isBack(subject) || !isDue || parts.targetRoles.some(({ via }) => via === 'association')) return [];
  return ask([questions.association], (association) => {
    const workload = asAssociated(subject.workload, association);
    const chained = association.ok && association.value?.targetRoleArn !== undefined;
    if (!workload.sessionTags || chained) return undefined;
    return needPermissions(environment.account, parts.role.name, (own) =>
      own === undefined ? undefined : judge(subject, workload, own),
    );
  });
};

function judge(subject: WorkloadOnCluster, workload: Workload, own: LiveRole) {
  const known = [own.role.arn, ...subject.parts.targetRoles.map(({ arn }) => arn)];
  const { roles, patterns } = assumedRoles(own.identity);
  const others = roles.filter((arn) => !known.includes(arn));
  return [
    ...others.map((arn) => hopTo(subject, workload, own, arn, (hop) => resultOf(subject, workload, own, hop))),
    ...(patterns.length === 0 ? [] : [ofPatterns(subject, workload, patterns)]),
  ];
}

/** A hop to a role, from sessions of both modes. */
export interface Hop {
  readonly arn: string;
  /** Absent: it could not be read, for the reason. */
  readonly found?: RoleFacts;
  readonly unread?: Extract<CheckResult['reason'], string>;
  readonly message?: string;
  /** From a session with the session tags of EKS. */
  readonly tagged?: ReturnType<typeof sessionAccess>;
  /** From a session of IRSA. */
  readonly untagged?: ReturnType<typeof sessionAccess>;
}

/**
 * Asks for a role that the workload's role may assume. `next` receives what STS answers in both modes; nothing where there is no such role.
 *
 * @param workload with session tags as its association sends them
 */
export function hopTo<V>(
  { environment, cluster, serviceAccount, now }: WorkloadOnCluster,
  workload: Workload,
  { role, ...policies }: LiveRole,
  arn: string,
  next: (hop: Hop | undefined) => V,
): Ask<V | NoAnswer> {
  const { accountId = '', name = '' } = parseRoleArn(arn) ?? {};
  return ask([roleQuestion({ id: accountId }, name)], (answer): V => {
    if (!answer.ok) return next({ arn, unread: answer.why, message: answer.message });
    if (answer.value?.arn !== arn) return next(undefined);
    const found = answer.value;
    const access = (mode: 'irsa' | 'pod-identity') => {
      const session = { from: role.arn, ...policies, roleTags: role.tags, mode, chained: false };
      return sessionAccess(found, environment, podsOf({ serviceAccount, workload }), cluster, session, now);
    };
    return next({ arn, found, tagged: access('pod-identity'), untagged: access('irsa') });
  });
}

function resultOf(
  subject: WorkloadOnCluster,
  workload: Workload,
  own: LiveRole,
  hop: Hop | undefined,
): CheckResult | undefined {
  if (hop === undefined) return undefined;
  const { arn, found, tagged, untagged, unread, message } = hop;
  if (found === undefined || tagged === undefined || untagged === undefined) {
    const result = notRead(subject, workload, arn, message);
    return unread === undefined ? result : { ...result, reason: unread };
  }
  const more = { inspect: aws({ key: found.arn, id: accountOf(arn) })`iam get-role --role-name ${found.name}` };
  // What IRSA cannot assume either, the app does not use.
  if (untagged.result === 'denied') return undefined;
  if (tagged.result === 'allowed') return pass(`pods can assume ${arn} on Pod Identity too`, more);
  if (isSameAccess(untagged, tagged)) return undefined;
  if (tagged.result === 'depends')
    return depends(`whether pods can assume ${arn} on Pod Identity too`, tagged.dependsOn, more);
  const { source, target } = tagged.denied;
  return fail(
    severity(subject),
    [
      `pods can assume ${arn} on IRSA, but not on Pod Identity, whose sessions have session tags:`,
      ...source.map((one) => `permissions of ${own.role.name}: ${explain(one)}`),
      ...target.map((one) => `trust policy of ${found.name}: ${explain(one)}`),
    ].join('\n'),
    adviceFor(workload, arn, { source: own.role.arn, denied: tagged.denied }),
    more,
  );
}

/** What the sessions of a role are refused at a further role. */
export interface Refused {
  readonly source: string;
  readonly denied: DeniedHop;
}

/** What helps, by what decided. Without `refused` the trust policy could not be read: then what it needs in general. */
export function adviceFor(
  { key, role }: Pick<Workload, 'key' | 'role'>,
  arn: string,
  refused?: Refused,
): readonly string[] {
  const isExternal = role.manage === 'external';
  if (refused !== undefined) {
    const fixes = hopFixes(refused.denied, { workload: key, source: refused.source, target: arn, isExternal });
    const { source, target } = refused.denied;
    // Without session tags STS asks for sts:AssumeRole alone.
    const byTags = [...source, ...target].every(({ action }) => action === 'sts:TagSession');
    return byTags
      ? [
          ...fixes,
          `Or write workloads.${key}.sessionTags: false, if no policy needs the session tags.`,
          declare(key, arn),
        ]
      : fixes;
  }
  return [
    `Allow sts:TagSession beside sts:AssumeRole in the trust policy of ${arn}, for the same principal and on no other conditions, and in the permissions of ${isExternal ? `role ${role.name}, which its owner writes` : `workload ${key}`}.`,
    `Or write workloads.${key}.sessionTags: false, if no policy needs the session tags.`,
    declare(key, arn),
  ];
}

/** As a target that stays with its owner: others can use the role, and podlift would create a target without `manage` or `adopt`. */
function declare(key: string, arn: string): string {
  const { accountId = '', path = '/', name = 'NAME' } = parseRoleArn(arn) ?? {};
  const account = accountId === '' ? '' : ` (account ${accountId})`;
  const place = path === '/' ? '' : `, path: ${path}`;
  return `Or write the role into workloads.${key}.targets${account} with role: { manage: external, name: ${name}${place} }: podlift then prints the trust policy that its owner must write, and the gate compares it.`;
}

function notRead(subject: WorkloadOnCluster, workload: Workload, arn: string, message = 'no answer'): CheckResult {
  const found = [
    `could not be checked: the trust policy of ${arn} (${message})`,
    `Pods can assume ${arn}, which is no target. On Pod Identity their sessions have session tags, so its trust policy must allow sts:TagSession.`,
  ].join('\n');
  const read = `To let podlift read the role, add account ${accountOf(arn)} to accounts, with a readRole.`;
  return fail(unreadState(subject), found, [...adviceFor(workload, arn), read]);
}

function ofPatterns(subject: WorkloadOnCluster, workload: Workload, patterns: readonly string[]): CheckResult {
  const found = [
    `could not be checked: pods can assume each role that ${named(patterns)} matches`,
    'On Pod Identity their sessions have session tags, so the trust policy of each role that the app assumes must allow sts:TagSession.',
  ].join('\n');
  return fail(unreadState(subject), found, [
    `Name the roles that the app assumes instead of the pattern: podlift then reads their trust policies.`,
    `Or write workloads.${workload.key}.sessionTags: false, if no policy needs the session tags.`,
  ]);
}

/** A step must not be taken on what is not known; at a stage, the app may use none of it. */
function unreadState({ next }: WorkloadOnCluster): 'unknown' | 'warning' {
  return next === undefined ? 'warning' : 'unknown';
}

/** At `prepared` pods still use IRSA. */
function severity(subject: WorkloadOnCluster): 'problem' | 'warning' {
  return judgedRow(subject).newPodUses === 'pod-identity' ? 'problem' : 'warning';
}

function accountOf(arn: string): string {
  return parseRoleArn(arn)?.accountId ?? '';
}
