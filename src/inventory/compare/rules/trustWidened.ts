import { isDeepStrictEqual } from 'node:util';
import type { KeptStatement } from '../../Inventory';
import type { Found } from '../../rules/Rule';
import { matched, type Comparison, type KeptWorkload } from '../compare';
import type { CompareRule } from '../CompareRule';
import { renamedClusters } from '../renames';

/** Who may take a role that exists: more than before is seen in review. */
export const trustWidened: CompareRule = {
  name: 'trust-widened',
  severities: ['warning'],
  what: 'A role that exists is open to nobody new: by `role.keepTrust`, `role.adoptedTrust`, or by another cluster.',
  example: 'cluster "batch" is new in prod: the roles of "api" and "web" will trust its service accounts as well',
  *check(comparison) {
    for (const workload of comparison.workloads) {
      yield* keptTrust(workload);
      yield* adoptedTrust(workload);
    }
    yield* newClusters(comparison);
    yield* moreClusters(comparison);
  },
};

function* keptTrust({ base, head, environment }: KeptWorkload): Generator<Found> {
  const [before, now] = [base, head].map(({ role }) => role.keepTrust ?? []) as [
    readonly KeptStatement[],
    readonly KeptStatement[],
  ];
  const whose = `the role of workload "${head.key}" in ${environment.head.key}`;
  const path = ['workloads', head.key, 'role', 'keepTrust'];
  for (const [index, statement] of now.entries()) {
    if (statement.Effect === 'Deny' || isIn(before, statement)) continue;
    yield {
      path: [...path, index],
      message: `${whose} is opened by a statement of keepTrust that was not there: ${named(statement)}`,
      hint: 'Have someone confirm in review that it stands in the trust policy of the role today, or take it out.',
    };
  }
  for (const statement of before) {
    if (statement.Effect === 'Allow' || isIn(now, statement)) continue;
    yield {
      path,
      message: `${whose} loses a denial of keepTrust: ${named(statement)}`,
      hint: 'Put it back, or have someone confirm in review that whom it kept out may come in.',
    };
  }
}

function* adoptedTrust({ base, head, environment }: KeptWorkload): Generator<Found> {
  for (const field of ['oidc', 'podIdentity'] as const) {
    const before = base.role.adoptedTrust?.[field] ?? [];
    for (const [index, statement] of (head.role.adoptedTrust?.[field] ?? []).entries()) {
      if (isIn(before, statement)) continue;
      yield {
        path: ['workloads', head.key, 'role', 'adoptedTrust', field, index],
        message: `the role of workload "${head.key}" in ${environment.head.key} gets a statement of adoptedTrust in place of podlift's own that was not there: ${named(statement)}`,
        hint: 'Have someone confirm in review that it stands in the trust policy of the role today, or take it out.',
      };
    }
  }
}

function* newClusters({ environments, workloads }: Comparison): Generator<Found> {
  for (const environment of environments.kept) {
    const renamed = new Set(renamedClusters(environment).map(({ to }) => to));
    for (const cluster of matched(environment.base.clusters, environment.head.clusters).added) {
      const there = workloads.filter(
        ({ head, environment: place }) => place === environment && head.clusters.includes(cluster.key),
      );
      if (renamed.has(cluster) || there.length === 0) continue;
      const roles = there.map(({ head }) => `"${head.key}"`).join(' and ');
      yield {
        path: ['environments', environment.head.key, 'clusters', cluster.key],
        message: `cluster "${cluster.key}" is new in ${environment.head.key}: the ${there.length === 1 ? 'role' : 'roles'} of ${roles} will trust its service accounts as well`,
        hint: 'Have someone confirm in review whose cluster it is, or keep workloads off it with `clusters`.',
      };
    }
  }
}

function* moreClusters({ workloads }: Comparison): Generator<Found> {
  for (const { base, head, environment } of workloads) {
    const known = new Set(environment.base.clusters.map(({ key }) => key));
    for (const cluster of head.clusters.filter((key) => known.has(key) && !base.clusters.includes(key))) {
      yield {
        path: ['workloads', head.key, 'clusters'],
        message: `workload "${head.key}" runs on cluster "${cluster}" of ${environment.head.key} as well now: its role will trust that cluster's service accounts`,
        hint: 'Have someone confirm in review that it is to run there.',
      };
    }
  }
}

function isIn(statements: readonly KeptStatement[], statement: KeptStatement): boolean {
  return statements.some((other) => isDeepStrictEqual(other, statement));
}

function named({ Sid, Principal, NotPrincipal, Action, NotAction }: KeptStatement): string {
  return Sid ?? JSON.stringify({ Principal, NotPrincipal, Action, NotAction });
}
