import { managedOn, type ManageServiceAccount, subjectName, subjectsOn } from '../../Inventory';
import { subjectField } from '../../resolve/resolveSubjects';
import type { RuleFinding } from '../../rules/Rule';
import type { CompareRule, KeptWorkload, TwoVersions } from '../compare';

/** An account that exists must be imported, and an account in Terraform's state must not be deleted. */
export const serviceAccountManagement: CompareRule = {
  name: 'service-account-management',
  severities: ['error', 'warning'],
  what: 'A service account that changes to `manage: create` is adopted, since it exists. `kubernetes` is removed from a cluster only if all its accounts are `none`.',
  example: 'service account shop/api on main changes from annotate to create: it exists, and the apply would fail',
  *check(comparison) {
    yield* contextsRemoved(comparison);
    for (const workload of comparison.workloads) if (!workload.released) yield* changed(workload, comparison);
  },
};

/** Without its context a cluster has no stack, but its state remains: an apply with the restored context would delete the accounts. */
function* contextsRemoved(comparison: TwoVersions): Generator<RuleFinding> {
  for (const { base, head, environment } of comparison.clusters) {
    if (base.kubernetes === undefined || head.kubernetes !== undefined) continue;
    const managed = environment.base.workloads.filter((workload) =>
      subjectsOn(workload, base).some((subject) => managedOn(workload, subject, base) !== 'none'),
    );
    if (managed.length === 0) continue;
    yield {
      path: ['environments', environment.head.key, 'clusters', head.key],
      message: `kubernetes is removed from cluster "${head.key}" of ${environment.head.key}, but Terraform’s state has the service accounts of ${managed.map(({ key }) => `"${key}"`).join(', ')}`,
      hint: 'First write manage: none for these workloads and apply: Terraform then forgets the accounts. After that remove kubernetes.',
    };
  }
}

function* changed({ base, head, environment }: KeptWorkload, { clusters }: TwoVersions): Generator<RuleFinding> {
  for (const cluster of clusters) {
    if (cluster.environment !== environment) continue;
    // All accounts of a cluster that loses its context share one finding.
    if (cluster.base.kubernetes !== undefined && cluster.head.kubernetes === undefined) continue;
    for (const now of subjectsOn(head, cluster.head)) {
      const before = subjectsOn(base, cluster.base).find((one) => subjectName(one) === subjectName(now));
      if (before === undefined) continue;
      const [from, to] = [managedOn(base, before, cluster.base), managedOn(head, now, cluster.head)];
      if (from === to || (to === 'create' && now.adopt === true)) continue;
      const account = `service account ${subjectName(now)} on ${cluster.head.key}`;
      const path =
        before.manage === now.manage
          ? ['environments', environment.head.key, 'clusters', cluster.head.key]
          : ['workloads', head.key, ...subjectField(now)];
      if (to === 'create') {
        yield {
          path,
          message: `${account} changes from ${from} to create: it exists, and the apply would fail`,
          hint: `Write serviceAccount: { name: ${now.name}, manage: create, adopt: true }: the account is imported, and nothing on it changes.`,
        };
      } else if (from !== 'none') {
        yield { severity: 'warning', path, ...lettingGo(account, from, to) };
      }
    }
  }
}

function lettingGo(account: string, from: ManageServiceAccount, to: ManageServiceAccount) {
  if (to === 'none')
    return {
      message: `${account} changes from ${from} to ${to}: podlift no longer changes its annotation`,
      hint: 'The apply deletes nothing: account and annotation stay. From now on change the annotation yourself or in GitOps at each step.',
    };
  return {
    message: `${account} changes from ${from} to ${to}: podlift no longer creates it`,
    hint: 'The apply deletes nothing: the account stays. Have a reviewer confirm who creates it from now on.',
  };
}
