import { issuerName } from '../../blueprint/arns';
import type { Blueprint, Role } from '../../blueprint/Blueprint';
import { compileWorkload } from '../../blueprint/compileWorkload';
import { serviceAccountSubject } from '../../blueprint/sourceTrust';
import { otherOwner } from '../../comparison/otherOwner';
import type { RoleFacts, TrailEvent } from '../../estate/aws/AwsPort';
import type { Remedy } from '../../estate/Remedy';
import { parseRoleArn } from '../../iam/Arn';
import type { PolicyDocument, Statement } from '../../iam/PolicyDocument';
import type { Account, Environment, Stage } from '../../inventory/Inventory';
import { inSentence } from '../../inventory/printable';
import { printTrust } from '../ownerRemedy';
import { type Advice, applyStacks, aws, named, remedyOf, run, say, stacks } from '../remedies';
import { type LeftOver, valueOf } from './leftOvers';
import { admitsSubject, type ProviderTrust, providerTrust, type TrustEdit, withoutIssuers } from './providerTrust';
import type { FinishScope, Readings } from './readings';

/** The sessions of a role by tokens of the clusters, as CloudTrail has them. */
export interface RoleSessions {
  readonly count: number;
  /** The time of the last one. Absent: there was none. */
  readonly last?: string;
  /** Who started the last one: `system:serviceaccount:shop:api`. Absent: the event does not say. */
  readonly by?: string;
}

/** A role that trusts the provider of a cluster. */
export interface RoleLeft {
  /** The id of its account. */
  readonly account: string;
  readonly name: string;
  readonly arn: string;
  /** The keys of the clusters whose tokens it admits. */
  readonly clusters: readonly string[];
  /** The subjects that its statements name, as they are written. */
  readonly subjects: readonly string[];
  /** A statement names no subject: every service account of a cluster can assume the role. */
  readonly anySubject: boolean;
  /** The workload of the inventory whose role it is, with its environment and stage. Absent: no workload has it. */
  readonly workload?: string;
  readonly environment?: string;
  readonly stage?: Stage;
  /** The tool that owns it, by its tags. Absent: no tag says so. */
  readonly owner?: string;
  /** ISO 8601. IAM does not say how. Absent: IAM knows of no use. */
  readonly lastUsed?: string;
  /** Absent: CloudTrail could not be read. */
  readonly sessions?: RoleSessions;
  /** What still gets the role through the provider: `shop/api on main`. */
  readonly usedBy: readonly string[];
  /** `in-use`: something uses it through the provider. `not-known`: podlift cannot tell. `removable`: nothing that podlift read uses it through the provider. */
  readonly state: 'in-use' | 'not-known' | 'removable';
  /** The statements that go or change. */
  readonly statements: readonly Statement[];
  /** The trust policy without them. Absent: a person must write it. */
  readonly trust?: PolicyDocument;
  readonly remedy: Remedy;
}

/** A cluster and its issuer. */
export interface IssuerOf {
  readonly cluster: string;
  readonly issuer: string;
}

/** Sessions of a role through the issuers, the newest first; nothing where CloudTrail of its account could not be read, or was not asked. */
export function sessionsOf(
  { arn }: Pick<RoleFacts, 'arn'>,
  account: string,
  { sessions }: Readings,
  issuers: readonly IssuerOf[],
): readonly TrailEvent[] | undefined {
  const own = sessions.filter((one) => one.account.id === account);
  const lists = own.map(({ events }) => valueOf(events));
  if (own.length === 0 || lists.includes(undefined)) return undefined;
  const names = issuers.map(({ issuer }) => `oidc-provider/${issuerName(issuer)}`);
  const events = lists.flatMap((list) => list ?? []);
  return [...new Map(events.map((event) => [event.id, event])).values()]
    .filter(({ error, roleArns }) => error === undefined && roleArns.includes(arn))
    .filter(({ provider }) => provider === undefined || names.some((name) => provider.endsWith(`:${name}`)))
    .toSorted((one, other) => (one.at < other.at ? 1 : -1));
}

/** What decides about the roles of an account. */
export interface RolesContext {
  readonly scope: FinishScope;
  readonly readings: Readings;
  readonly issuers: readonly IssuerOf[];
  /** Those of all environments. */
  readonly blueprints: readonly Blueprint[];
  readonly leftOvers: readonly LeftOver[];
  /** The keys of clusters of which something could not be read: nobody knows what uses a role there. */
  readonly unreadClusters: ReadonlySet<string>;
}

/** Every role of every account that could be read and that trusts a provider of the clusters; those in use first. */
export function rolesLeft(context: RolesContext): readonly RoleLeft[] {
  const all = context.readings.roles.flatMap(({ account, roles }) =>
    (valueOf(roles) ?? []).flatMap((role) => roleLeft(context, account, role)),
  );
  const order: readonly RoleLeft['state'][] = ['in-use', 'not-known', 'removable'];
  return all.toSorted((one, other) => order.indexOf(one.state) - order.indexOf(other.state));
}

function roleLeft(context: RolesContext, account: Account, role: RoleFacts): readonly RoleLeft[] {
  const { issuers, leftOvers, readings } = context;
  const trusts = issuers.flatMap(({ cluster, issuer }) => {
    const trust = providerTrust(role, issuer);
    return trust === undefined ? [] : [{ cluster, issuer, trust }];
  });
  if (trusts.length === 0) return [];
  const edit = withoutIssuers(
    role,
    issuers.map(({ issuer }) => issuer),
  );
  const planned = plannedRole(context, role);
  const events = sessionsOf(role, account.id, readings, issuers);
  const users = leftOvers.filter((one) => one.state === 'uses' && canUse(one, role, issuers));
  const [last] = events ?? [];
  const usedBy = [
    ...new Set([
      ...users.map(
        ({ namespace, name, cluster }) => `${namespace === undefined ? '' : `${namespace}/`}${name} on ${cluster}`,
      ),
      ...(events ?? []).map(({ by = 'an unknown caller' }) => by),
    ]),
  ];
  const isUnread = events === undefined || trusts.some(({ cluster }) => context.unreadClusters.has(cluster));
  const state = usedBy.length > 0 || planned?.isMoving === true ? 'in-use' : isUnread ? 'not-known' : 'removable';
  const owner = planned === undefined ? otherOwner(role.tags) : undefined;
  const left: Omit<RoleLeft, 'remedy'> = {
    account: account.id,
    name: role.name,
    arn: role.arn,
    clusters: trusts.map(({ cluster }) => cluster),
    subjects: [...new Set(trusts.flatMap(({ trust }) => trust.subjects))],
    anySubject: trusts.some(({ trust }) => trust.anySubject),
    ...(planned && {
      workload: planned.role.workload,
      environment: planned.environment.key,
      stage: planned.role.stage,
    }),
    ...(owner && { owner: owner.name }),
    ...(role.lastUsed !== undefined && { lastUsed: role.lastUsed }),
    ...(events && {
      sessions: {
        count: events.length,
        ...(last && { last: last.at, ...(last.by !== undefined && { by: last.by }) }),
      },
    }),
    ...{ usedBy, state, statements: statementsOf(trusts) },
    ...(edit.kind === 'write' && { trust: edit.trust }),
  };
  const [problem] = trusts.flatMap(({ trust }) => trust.problem ?? []);
  return [{ ...left, remedy: remedyOfRole(context, account, left, { edit, planned, problem }) }];
}

/** Whether something gets its credentials from a role: the one that it names. Where podlift does not see which, each role that admits its service account. */
function canUse(one: LeftOver, role: RoleFacts, issuers: readonly IssuerOf[]): boolean {
  const { role: named = '', namespace, serviceAccount, cluster } = one;
  if (parseRoleArn(named) !== undefined) return named === role.arn;
  if (namespace === undefined || serviceAccount === undefined) return false;
  const subject = serviceAccountSubject(namespace, serviceAccount);
  return issuers.some((of) => of.cluster === cluster && admitsSubject(role, of.issuer, subject));
}

function statementsOf(trusts: readonly { readonly trust: ProviderTrust }[]): readonly Statement[] {
  return [...new Set(trusts.flatMap(({ trust }) => trust.statements))];
}

/** A role of the inventory, as its stage has it. */
interface PlannedRole {
  readonly role: Role;
  readonly environment: Environment;
  /** The key of the target whose role it is. Absent: it is a workload's own. */
  readonly target?: string;
  /** Of the target. */
  readonly account?: Account;
  readonly isExternal: boolean;
  /** A later stage of the workload no longer trusts the providers. */
  readonly isMoving: boolean;
  /** Its trust policy of the last stage still trusts a provider: `keepTrust` has the statement. */
  readonly isKept: boolean;
}

function plannedRole({ scope, blueprints, issuers }: RolesContext, { arn }: RoleFacts): PlannedRole | undefined {
  for (const blueprint of blueprints) {
    const environment = scope.inventory.environments.find(({ key }) => key === blueprint.environment);
    const own = blueprint.roles.find((one) => one.arn === arn);
    const target = blueprint.targetRoles.find((one) => one.arn === arn);
    const role = own ?? target;
    if (environment === undefined || role === undefined) continue;
    const workload = environment.workloads.find(({ key }) => key === role.workload);
    if (workload === undefined) continue;
    const last = compileWorkload(environment, { ...workload, stage: 'pod-identity' });
    const trust = [last.role, ...last.targetRoles].find((one) => one.arn === arn)?.trust ?? role.trust;
    const isKept = issuers.some(({ issuer }) => providerTrust({ arn, trust }, issuer) !== undefined);
    return {
      ...{ role, environment, isKept },
      ...(own === undefined && target && { target: target.target, account: target.account }),
      isExternal: role.manage === 'external',
      isMoving: !isKept && role.stage !== 'pod-identity',
    };
  }
  return undefined;
}

interface Facts {
  readonly edit: TrustEdit;
  readonly planned: PlannedRole | undefined;
  readonly problem: string | undefined;
}

function remedyOfRole(context: RolesContext, account: Account, left: Omit<RoleLeft, 'remedy'>, facts: Facts): Remedy {
  const { state, usedBy, sessions } = left;
  const { planned, problem } = facts;
  const { days } = context.scope;
  if (problem !== undefined)
    return remedyOf(
      `podlift cannot evaluate this trust policy (${inSentence(problem)}). Find out by hand who can assume the role.`,
    );
  if (planned?.isMoving === true)
    return remedyOf(
      `Workload ${planned.role.workload} is at ${planned.role.stage} in ${planned.environment.key}. Move it to pod-identity:`,
      run`npx podlift next --environment ${planned.environment.key}`,
    );
  if (state === 'in-use')
    return remedyOf(
      `Change nothing yet: ${named(usedBy.map(inSentence), 3)} would lose this role. Move them first, then run finish again.`,
      sessions?.last === undefined
        ? []
        : `The last session through the provider was at ${sessions.last}. If it was before the move, wait, or count fewer days: --days 1.`,
    );
  if (state === 'not-known')
    return remedyOf(
      `Change nothing yet: ${sessions === undefined ? 'CloudTrail' : named(left.clusters)} could not be read, so nobody knows whether something uses this role through the provider.`,
    );
  return remedyOf(notSeen(left, days), editOf(account, left, facts));
}

/** What podlift knows of the use of a role that nothing uses through the provider. */
function notSeen({ lastUsed, arn }: Omit<RoleLeft, 'remedy'>, days: number): Advice {
  const used =
    lastUsed === undefined
      ? 'IAM knows of no use of the role.'
      : `IAM saw the role in use at ${lastUsed}, in whatever way.`;
  return `${used} CloudTrail has no session through the provider in the last ${days} days, and nothing on the clusters names ${arn}. A job that runs less often is not seen: ask the owner of the role.`;
}

function editOf(account: Account, left: Omit<RoleLeft, 'remedy'>, { edit, planned }: Facts): Advice {
  if (planned !== undefined) return plannedEdit(planned);
  if (edit.kind === 'by-hand')
    return [
      'The statement admits everyone, or every provider. Write a statement that names who must keep the role, and remove this one:',
      edit.statements.map((one) => say(JSON.stringify(one))),
    ];
  const closed = edit.isClosed
    ? 'Nobody else can assume the role: afterwards it is of no use, and its owner can delete it later.'
    : [];
  if (left.owner !== undefined)
    return [
      `The role belongs to ${inSentence(left.owner)}. Change its trust policy there: a change by hand would be set again. The trust policy afterwards:`,
      closed,
      say(JSON.stringify(edit.trust)),
    ];
  return [
    'Write the trust policy without the provider. If another tool manages the role, write it there instead:',
    closed,
    aws(
      account,
    )`iam update-assume-role-policy --role-name ${left.name} --policy-document ${JSON.stringify(edit.trust)}`,
  ];
}

/** The role of a workload at the last stage: either the inventory keeps a statement, or AWS has one that the inventory does not have. */
function plannedEdit({ role, environment, target, account, isExternal, isKept }: PlannedRole): Advice {
  const of = `workloads.${role.workload}${target === undefined ? '' : `.targets.${target}`}.role.keepTrust`;
  const external = {
    ...{ environment, workload: { key: role.workload }, role: role.name },
    ...(target !== undefined && { target }),
  };
  const own = account === undefined ? stacks.identity(environment) : stacks.target(environment, account);
  const apply = isExternal
    ? [
        `The owner of role ${role.name} writes its trust policy. podlift prints the policy:`,
        printTrust(external, role.stage),
      ]
    : applyStacks(own, 'Compare with the plan, then apply:');
  const edit = { say: `The inventory keeps a statement for the provider. Remove it from ${of}.`, at: of };
  return isKept ? [edit, apply] : apply;
}
