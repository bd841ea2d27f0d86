import { isDeepStrictEqual } from 'node:util';
import { roleArn } from '../../../blueprint/arns';
import { compileWorkload } from '../../../blueprint/compileWorkload';
import { trustStatement } from '../../../blueprint/sourceTrust';
import { STAGE_TABLE, WIDEST_STAGE } from '../../../blueprint/stageTable';
import { listOf, type PolicyDocument, type Statement } from '../../../iam/PolicyDocument';
import { notCovered } from '../../../iam/sameMeaning';
import { matched, type TwoVersions } from '../../../inventory/compare/compare';
import type { Segments } from '../../../inventory/Finding';
import {
  type Environment,
  patternText,
  subjectName,
  type TrustStatement,
  type Workload,
} from '../../../inventory/Inventory';
import type { Grant, ReviewedWorkload, ReviewFinding, ReviewRule } from '../Review';

/**
 * Trust policies are compared by meaning: a statement that is written in another way, or is stricter, is no finding. The own statements of podlift
 * are compared at one stage, since a step adds and removes them.
 */
export const trustWidened: ReviewRule = {
  name: 'trust-widened',
  severities: ['warning'],
  what: 'No further identity can assume a role through `role.keepTrust` (also of a target), `role.adoptedTrust`, another cluster or another service account, also in new entries.',
  example: 'cluster "batch" is new in prod: the roles of "api" and "web" will trust its service accounts too',
  *check(workloads, versions) {
    for (const reviewed of workloads) {
      yield* writtenStatements(reviewed);
      yield* lostDenials(reviewed);
      yield* ownStatements(reviewed);
      yield* newPatterns(reviewed);
    }
    yield* newClusters(workloads, versions);
    yield* moreClusters(workloads);
  },
};

const CONFIRM =
  'Have a reviewer confirm that the trust policy of the role has this statement in AWS today. If it does not, remove the statement.';

/** A role of a workload, its own or that of a target, with the statements of its trust policy that people wrote. */
interface WrittenRole {
  /** The key of the target whose role it is. */
  readonly target?: string;
  readonly arn: string;
  readonly written: readonly { readonly statement: TrustStatement; readonly path: Segments }[];
  /** The whole trust policy at the workload's stage. */
  readonly trust: PolicyDocument;
}

function rolesOf(environment: Environment, workload: Workload): readonly WrittenRole[] {
  const { role, targetRoles } = compileWorkload(environment, workload);
  return [
    { arn: role.arn, trust: role.trust, written: writtenIn(workload.role, ['role']) },
    ...targetRoles.map(({ target, arn, trust }): WrittenRole => {
      const written = workload.targets.filter(({ key }) => key === target);
      return {
        target,
        arn,
        trust,
        written: written.flatMap((one) => writtenIn(one.role, ['targets', target, 'role'])),
      };
    }),
  ];
}

/** The statements of a role that people wrote, each with its place in the workload. */
function writtenIn(
  { keepTrust, adoptedTrust }: Pick<Workload['role'], 'keepTrust' | 'adoptedTrust'>,
  role: Segments,
): WrittenRole['written'] {
  const lists = [
    [['keepTrust'], keepTrust],
    [['adoptedTrust', 'oidc'], adoptedTrust?.oidc],
    [['adoptedTrust', 'podIdentity'], adoptedTrust?.podIdentity],
  ] as const;
  return lists.flatMap(([path, statements = []]) =>
    statements.map((statement, index) => ({ statement: trustStatement(statement), path: [...role, ...path, index] })),
  );
}

/** Statements of a role's trust policy as a document of their own, with the version that says whether `${…}` is a variable. */
function documentOf({ trust }: Pick<WrittenRole, 'trust'>, statements: readonly Statement[]): PolicyDocument {
  return { ...trust, Statement: statements };
}

/** The workload without what people wrote into the trust policies of its roles: podlift's own statements remain. */
function unwritten(workload: Workload): Workload {
  const { keepTrust, adoptedTrust, ...role } = workload.role;
  const targets = workload.targets.map(({ role: { keepTrust: kept, ...its }, ...target }) => ({
    ...target,
    role: its,
  }));
  return { ...workload, role, targets };
}

function trustOf(environment: Environment, workload: Workload): PolicyDocument {
  return compileWorkload(environment, workload).role.trust;
}

/** Each role of a workload, and itself before the change. */
function versionsOf({ environment, workload, before }: ReviewedWorkload) {
  const earlier = before === undefined ? [] : rolesOf(before.environment.base, before.base);
  return rolesOf(environment, workload).map((role) => ({
    role,
    base: earlier.find(({ target }) => target === role.target),
    whose: `the role of ${role.target === undefined ? '' : `target "${role.target}" of `}workload "${workload.key}" in ${environment.key}`,
  }));
}

/** `Allow` statements that admit more than the trust policy did before; for a new entry, more than podlift's own statements. */
function* writtenStatements(reviewed: ReviewedWorkload): Generator<ReviewFinding> {
  const { environment, workload } = reviewed;
  for (const { role, base, whose } of versionsOf(reviewed)) {
    if (role.written.length === 0) continue;
    const own = rolesOf(environment, unwritten({ ...workload, stage: WIDEST_STAGE }));
    const earlier =
      base === undefined
        ? own.filter(({ target }) => target === role.target).map(({ trust }) => trust)
        : [
            base.trust,
            documentOf(
              base,
              base.written.map(({ statement }) => statement),
            ),
          ];
    for (const { statement, path } of role.written) {
      if (statement.Effect === 'Deny') continue;
      const more = notCovered([documentOf(role, [statement])], earlier);
      if (more.length === 0) continue;
      const field = path.includes('keepTrust') ? 'keepTrust' : 'adoptedTrust';
      yield {
        path: ['workloads', workload.key, ...path],
        message: `${whose} ${
          base === undefined
            ? `is new here, with a statement of ${field} that admits others: ${named(statement)}`
            : `gets a new statement of ${field}${field === 'adoptedTrust' ? " instead of podlift's own" : ''}: ${named(statement)}`
        }`,
        hint: CONFIRM,
        grants: more.map((one) => assume(environment, workload, one, role)),
      };
    }
  }
}

/** Statements of people that denied, and that no statement of the later version replaces. */
function* lostDenials(reviewed: ReviewedWorkload): Generator<ReviewFinding> {
  const { environment, workload } = reviewed;
  for (const { role, base, whose } of versionsOf(reviewed)) {
    if (base === undefined) continue;
    const now = [
      documentOf(
        role,
        role.written.map(({ statement }) => statement),
      ),
    ];
    for (const { statement } of base.written) {
      if (statement.Effect === 'Allow') continue;
      const lost = notCovered([documentOf(base, [statement])], now);
      if (lost.length === 0) continue;
      yield {
        path: [
          'workloads',
          workload.key,
          ...(role.target === undefined ? [] : ['targets', role.target]),
          'role',
          'keepTrust',
        ],
        message: `${whose} loses a Deny statement of keepTrust: ${named(statement)}`,
        hint: 'Restore it, or have a reviewer confirm that the denied principals may assume the role.',
        grants: lost.map((one) => ({ ...assume(environment, workload, one, role), kind: 'denial' })),
      };
    }
  }
}

/** podlift's own statements for a kept workload on the clusters that it had. Clusters and session tags have findings of their own. */
function* ownStatements({ environment, workload, before }: ReviewedWorkload): Generator<ReviewFinding> {
  if (before === undefined) return;
  const { base } = before;
  const same = { stage: WIDEST_STAGE, sessionTags: base.sessionTags };
  const clusters = workload.clusters.filter((key) => base.clusters.includes(key));
  const earlier = trustOf(before.environment.base, { ...unwritten(base), ...same });
  const now = trustOf(environment, { ...unwritten(workload), ...same, clusters });
  const more = isDeepStrictEqual(now, earlier) ? [] : notCovered([now], [earlier]);
  if (more.length === 0) return;
  yield {
    path: ['workloads', workload.key, ...(workload.patterns === undefined ? [] : ['subjects'])],
    message: `the role of workload "${workload.key}" in ${environment.key} trusts others than before: ${othersText(base, workload, clusters) ?? more.map(whoIn).join('; ')}`,
    hint: `Have a reviewer confirm that these pods may have the permissions of the role.${withoutGate(base, workload, clusters)}`,
    grants: more.map((one) => assume(environment, workload, one)),
  };
}

/** A new entry with service accounts by pattern: whoever can create one of them gets the role. */
function* newPatterns({ environment, workload, before }: ReviewedWorkload): Generator<ReviewFinding> {
  const { key, patterns } = workload;
  if (before !== undefined || patterns === undefined) return;
  yield {
    path: ['workloads', key, 'subjects'],
    message: `the role of workload "${key}" in ${environment.key} is new here, for each service account that a pattern admits: ${patterns.map(patternText).join(', ')}`,
    hint: 'Have a reviewer confirm who can create namespaces and service accounts with such names.',
    grants: [
      {
        ...assumeBy(environment, workload, podsText(workload, workload.clusters)),
        actions: ['sts:AssumeRole', 'sts:AssumeRoleWithWebIdentity'],
      },
    ],
  };
}

/** The service accounts of a workload, named or by pattern, with their clusters. What `podlift expand` found is within the patterns. */
function accountsOf({
  subjects,
  patterns = [],
}: Pick<Workload, 'subjects' | 'patterns'>): ReadonlyMap<string, readonly string[]> {
  const named = subjects.filter(({ isExpanded }) => isExpanded !== true);
  return new Map([
    ...named.map((one) => [subjectName(one), one.clusters] as const),
    ...patterns.map((one) => [patternText(one), one.clusters] as const),
  ]);
}

/** Service accounts of a workload that are new on clusters that it had. */
function addedAccounts(base: Workload, workload: Workload, clusters: readonly string[]) {
  const [before, now] = [accountsOf(base), accountsOf(workload)];
  return [...now].flatMap(([name, there]) => {
    const on = clusters.filter((key) => there.includes(key) && before.get(name)?.includes(key) !== true);
    return on.length === 0 ? [] : [{ name, on }];
  });
}

/** From `dual` on an added service account gets its association with the next apply. The gate of the step to `dual` did not see its pods. */
function withoutGate(base: Workload, workload: Workload, clusters: readonly string[]): string {
  if (!STAGE_TABLE[workload.stage].association || addedAccounts(base, workload, clusters).length === 0) return '';
  return ` No gate has checked them, and their associations come with the next apply. Check before the apply whether their pods can use Pod Identity: npx podlift doctor ${workload.key}`;
}

/** Which service accounts of a workload are new on clusters that it had; undefined: none. */
function othersText(base: Workload, workload: Workload, clusters: readonly string[]): string | undefined {
  const [before, now] = [accountsOf(base), accountsOf(workload)];
  const added = addedAccounts(base, workload, clusters);
  if (added.length === 0) return undefined;
  const gone = [...before.keys()].filter((name) => !now.has(name));
  return gone.length === 0
    ? `pods of ${added.map(({ name, on }) => `${name} on ${on.join(', ')}`).join(' and ')} too`
    : `pods of ${added.map(({ name }) => name).join(', ')} instead of ${gone.join(', ')}`;
}

function* newClusters(
  workloads: readonly ReviewedWorkload[],
  { environments, isRenamed }: TwoVersions,
): Generator<ReviewFinding> {
  for (const environment of environments.kept) {
    for (const cluster of matched(environment.base.clusters, environment.head.clusters).added) {
      const there = workloads.filter(
        (one) =>
          one.environment === environment.head &&
          one.before !== undefined &&
          one.workload.clusters.includes(cluster.key),
      );
      if (isRenamed(cluster) || there.length === 0) continue;
      const roles = there.map(({ workload }) => `"${workload.key}"`).join(' and ');
      yield {
        path: ['environments', environment.head.key, 'clusters', cluster.key],
        message: `cluster "${cluster.key}" is new in ${environment.head.key}: the ${there.length === 1 ? 'role' : 'roles'} of ${roles} will trust its service accounts too`,
        hint: 'Have a reviewer confirm whose cluster it is, or exclude it with `clusters` in the workloads.',
        grants: there.map((one) => onCluster(one, cluster.key)),
      };
    }
  }
}

function* moreClusters(workloads: readonly ReviewedWorkload[]): Generator<ReviewFinding> {
  for (const reviewed of workloads) {
    const { environment, workload, before } = reviewed;
    if (before === undefined) continue;
    const known = new Set(before.environment.base.clusters.map(({ key }) => key));
    for (const cluster of workload.clusters.filter((key) => known.has(key) && !before.base.clusters.includes(key))) {
      yield {
        path: ['workloads', workload.key, 'clusters'],
        message: `workload "${workload.key}" now also runs on cluster "${cluster}" of ${environment.key}: its role will trust service accounts of that cluster`,
        hint: 'Have a reviewer confirm that the workload should run there.',
        grants: [onCluster(reviewed, cluster)],
      };
    }
  }
}

function onCluster({ environment, workload }: ReviewedWorkload, cluster: string): Grant {
  return {
    ...assumeBy(environment, workload, podsText(workload, [cluster])),
    actions: ['sts:AssumeRole', 'sts:AssumeRoleWithWebIdentity'],
  };
}

/** `pods of shop/api and shop/web on main`. */
export function podsText({ subjects, patterns = [] }: Workload, clusters: readonly string[]): string {
  const isThere = (one: { readonly clusters: readonly string[] }) => one.clusters.some((key) => clusters.includes(key));
  const there = accountsOf({ subjects: subjects.filter(isThere), patterns: patterns.filter(isThere) });
  return `pods of ${[...there.keys()].join(' and ')} on ${clusters.join(', ')}`;
}

/** `role`: default the workload's own. */
function assume(
  environment: Environment,
  workload: Workload,
  statement: Statement,
  role?: Pick<WrittenRole, 'target' | 'arn'>,
): Grant {
  const { Action, NotAction, Condition } = statement;
  return {
    ...assumeBy(environment, workload, whoIn(statement)),
    ...(role?.target !== undefined && { target: role.target, resources: [role.arn] }),
    actions: Action === undefined ? listOf(NotAction ?? []).map((one) => `all except ${one}`) : listOf(Action),
    ...(Condition !== undefined && { conditions: Condition }),
  };
}

function assumeBy({ key, partition, account }: Environment, workload: Workload, who: string): Omit<Grant, 'actions'> {
  const role = roleArn(partition, account.id, workload.role.path, workload.role.name);
  return { kind: 'assume', environment: key, workload: workload.key, who, resources: [role] };
}

/** The principals of a statement. */
function whoIn({ Principal, NotPrincipal }: Statement): string {
  const names = (principal: Statement['Principal']) =>
    typeof principal === 'object' ? Object.values(principal).flat().join(', ') : 'everyone';
  if (Principal === undefined) return `everyone except ${names(NotPrincipal)}`;
  return names(Principal) === '*' ? 'everyone' : names(Principal);
}

function named({ Sid, Principal, NotPrincipal, Action, NotAction }: TrustStatement): string {
  return Sid ?? JSON.stringify({ Principal, NotPrincipal, Action, NotAction });
}
