import { isDeepStrictEqual } from 'node:util';
import type { KeptStatement } from '../../Inventory';
import type { RuleFinding } from '../../rules/Rule';
import { type CompareRule, type TwoVersions, type KeptWorkload, matched } from '../compare';

export const trustWidened: CompareRule = {
  name: 'trust-widened',
  severities: ['warning'],
  what: 'No further identity can assume an existing role through `role.keepTrust`, `role.adoptedTrust` or another cluster.',
  example: 'cluster "batch" is new in prod: the roles of "api" and "web" will trust its service accounts too',
  *check(comparison) {
    for (const workload of comparison.workloads) {
      yield* keptTrust(workload);
      yield* adoptedTrust(workload);
    }
    yield* newClusters(comparison);
    yield* moreClusters(comparison);
  },
};

const CONFIRM = 'Have a reviewer confirm that the trust policy of the role has this statement today, or remove it.';

function* keptTrust({ base, head, environment }: KeptWorkload): Generator<RuleFinding> {
  const before = base.role.keepTrust ?? [];
  const now = head.role.keepTrust ?? [];
  const whose = `the role of workload "${head.key}" in ${environment.head.key}`;
  const path = ['workloads', head.key, 'role', 'keepTrust'];
  for (const [index, statement] of now.entries()) {
    if (statement.Effect === 'Deny' || isIn(before, statement)) continue;
    yield {
      path: [...path, index],
      message: `${whose} gets a new statement of keepTrust: ${named(statement)}`,
      hint: CONFIRM,
    };
  }
  for (const statement of before) {
    if (statement.Effect === 'Allow' || isIn(now, statement)) continue;
    yield {
      path,
      message: `${whose} loses a Deny statement of keepTrust: ${named(statement)}`,
      hint: 'Restore it, or have a reviewer confirm that the denied principals may assume the role.',
    };
  }
}

function* adoptedTrust({ base, head, environment }: KeptWorkload): Generator<RuleFinding> {
  for (const field of ['oidc', 'podIdentity'] as const) {
    const before = base.role.adoptedTrust?.[field] ?? [];
    for (const [index, statement] of (head.role.adoptedTrust?.[field] ?? []).entries()) {
      if (isIn(before, statement)) continue;
      yield {
        path: ['workloads', head.key, 'role', 'adoptedTrust', field, index],
        message: `the role of workload "${head.key}" in ${environment.head.key} gets a new statement of adoptedTrust instead of podlift's own: ${named(statement)}`,
        hint: CONFIRM,
      };
    }
  }
}

function* newClusters({ environments, workloads, isRenamed }: TwoVersions): Generator<RuleFinding> {
  for (const environment of environments.kept) {
    for (const cluster of matched(environment.base.clusters, environment.head.clusters).added) {
      const there = workloads.filter(
        ({ head, environment: place }) => place === environment && head.clusters.includes(cluster.key),
      );
      if (isRenamed(cluster) || there.length === 0) continue;
      const roles = there.map(({ head }) => `"${head.key}"`).join(' and ');
      yield {
        path: ['environments', environment.head.key, 'clusters', cluster.key],
        message: `cluster "${cluster.key}" is new in ${environment.head.key}: the ${there.length === 1 ? 'role' : 'roles'} of ${roles} will trust its service accounts too`,
        hint: 'Have a reviewer confirm whose cluster it is, or exclude it with `clusters` in the workloads.',
      };
    }
  }
}

function* moreClusters({ workloads }: TwoVersions): Generator<RuleFinding> {
  for (const { base, head, environment } of workloads) {
    const known = new Set(environment.base.clusters.map(({ key }) => key));
    for (const cluster of head.clusters.filter((key) => known.has(key) && !base.clusters.includes(key))) {
      yield {
        path: ['workloads', head.key, 'clusters'],
        message: `workload "${head.key}" now also runs on cluster "${cluster}" of ${environment.head.key}: its role will trust service accounts of that cluster`,
        hint: 'Have a reviewer confirm that the workload should run there.',
      };
    }
  }
}

function isIn(statements: readonly KeptStatement[], statement: KeptStatement): boolean {
  return statements.some((other) => isDeepStrictEqual(withoutReason(other), withoutReason(statement)));
}

/** A new reason admits nobody: `bounds-loosened` reports it. */
function withoutReason({ because, ...statement }: KeptStatement): KeptStatement {
  return statement;
}

function named({ Sid, Principal, NotPrincipal, Action, NotAction }: KeptStatement): string {
  return Sid ?? JSON.stringify({ Principal, NotPrincipal, Action, NotAction });
}
