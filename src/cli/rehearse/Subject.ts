import type { Blueprint } from '../../blueprint/Blueprint';
import type { Compute, Environment } from '../../inventory/Inventory';
import type { ClusterRef } from '../../sandbox/kubernetes/ClusterRef';
import { clusterRef } from '../kubernetes/applyServiceAccounts';
import type { WorkloadRoles } from '../pods/askRoles';

/** A workload on one of its clusters, whose pods ask for credentials throughout a rehearsal. */
export interface Subject {
  readonly workload: string;
  /** The cluster's key in the inventory. */
  readonly cluster: string;
  readonly ref: ClusterRef;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly compute: Compute;
  readonly roles: WorkloadRoles;
}

/** The subjects of an environment. Roles keep their ARNs through every stage, so that one blueprint names them for the whole walk. */
export function subjectsOf({ workloads }: Environment, blueprint: Blueprint): Subject[] {
  return blueprint.serviceAccounts.map((account) => ({
    workload: account.workload,
    cluster: account.cluster,
    ref: clusterRef(blueprint, account),
    namespace: account.namespace,
    serviceAccount: account.name,
    compute: workloads.find(({ key }) => key === account.workload)?.compute ?? 'ec2',
    roles: rolesOf(blueprint, account.workload),
  }));
}

function rolesOf({ roles, targetRoles }: Blueprint, workload: string): WorkloadRoles {
  const source = roles.find((role) => role.workload === workload);
  if (source === undefined) throw new Error(`the blueprint has a service account but no role for "${workload}"`);
  return { source, targets: targetRoles.filter((role) => role.workload === workload) };
}
