import { isDeepStrictEqual } from 'node:util';
import { roleArn } from '../../../blueprint/arns';
import { compileWorkload } from '../../../blueprint/compileWorkload';
import { trustFrame, trustStatement } from '../../../blueprint/sourceTrust';
import { WIDEST_STAGE } from '../../../blueprint/stageTable';
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
  what: 'No further identity can assume a role through `role.keepTrust`, `role.adoptedTrust`, another cluster or another service account, also in new entries.',
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

/** The statements of a workload's role that people wrote, each with its place below the role. */
function writtenIn({ role }: Workload): readonly { readonly statement: TrustStatement; readonly path: Segments }[] {
  const lists = [
    [['keepTrust'], role.keepTrust],
    [['adoptedTrust', 'oidc'], role.adoptedTrust?.oidc],
    [['adoptedTrust', 'podIdentity'], role.adoptedTrust?.podIdentity],
  ] as const;
  return lists.flatMap(([path, statements = []]) =>
    statements.map((statement, index) => ({ statement: trustStatement(statement), path: [...path, index] })),
  );
}

/** Statements of a workload's trust policy as a document, with the version that says whether `${…}` is a variable. */
function documentOf(workload: Workload, statements: readonly Statement[]): PolicyDocument {
  return { ...trustFrame(workload), Statement: statements };
}

function writtenDocument(workload: Workload): PolicyDocument {
  return documentOf(
    workload,
    writtenIn(workload).map(({ statement }) => statement),
  );
}

/** The workload without what people wrote into its trust policy: podlift's own statements remain. */
function unwritten(workload: Workload): Workload {
  const { keepTrust, adoptedTrust, ...role } = workload.role;
  return { ...workload, role };
}

function trustOf(environment: Environment, workload: Workload): PolicyDocument {
  return compileWorkload(environment, workload).role.trust;
}

/** `Allow` statements that admit more than the trust policy did before; for a new entry, more than podlift's own statements. */
function* writtenStatements({ environment, workload, before }: ReviewedWorkload): Generator<ReviewFinding> {
  const base = before?.base;
  const earlier =
    before === undefined
      ? [trustOf(environment, unwritten({ ...workload, stage: WIDEST_STAGE }))]
      : [trustOf(before.environment.base, before.base), writtenDocument(before.base)];
  for (const { statement, path } of writtenIn(workload)) {
    if (statement.Effect === 'Deny') continue;
    const more = notCovered([documentOf(workload, [statement])], earlier);
    if (more.length === 0) continue;
    const [field] = path;
    yield {
      path: ['workloads', workload.key, 'role', ...path],
      message:
        `the role of workload "${workload.key}" in ${environment.key} ` +
        (base === undefined
          ? `is new here, with a statement of ${String(field)} that admits others: ${named(statement)}`
          : `gets a new statement of ${String(field)}${field === 'adoptedTrust' ? " instead of podlift's own" : ''}: ${named(statement)}`),
      hint: CONFIRM,
      grants: more.map((one) => assume(environment, workload, one)),
    };
  }
}

/** Statements of people that denied, and that no statement of the later version replaces. */
function* lostDenials({ environment, workload, before }: ReviewedWorkload): Generator<ReviewFinding> {
  if (before === undefined) return;
  const now = [writtenDocument(workload)];
  for (const { statement } of writtenIn(before.base)) {
    if (statement.Effect === 'Allow') continue;
    const lost = notCovered([documentOf(before.base, [statement])], now);
    if (lost.length === 0) continue;
    yield {
      path: ['workloads', workload.key, 'role', 'keepTrust'],
      message: `the role of workload "${workload.key}" in ${environment.key} loses a Deny statement of keepTrust: ${named(statement)}`,
      hint: 'Restore it, or have a reviewer confirm that the denied principals may assume the role.',
      grants: lost.map((one) => ({ ...assume(environment, workload, one), kind: 'denial' })),
    };
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
    hint: 'Have a reviewer confirm that these pods may have the permissions of the role.',
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

/** Which service accounts of a workload are new on clusters that it had; undefined: none. */
function othersText(base: Workload, workload: Workload, clusters: readonly string[]): string | undefined {
  const [before, now] = [accountsOf(base), accountsOf(workload)];
  const added = [...now].flatMap(([name, there]) => {
    const on = clusters.filter((key) => there.includes(key) && before.get(name)?.includes(key) !== true);
    return on.length === 0 ? [] : [{ name, on }];
  });
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

function assume(environment: Environment, workload: Workload, statement: Statement): Grant {
  const { Action, NotAction, Condition } = statement;
  return {
    ...assumeBy(environment, workload, whoIn(statement)),
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
