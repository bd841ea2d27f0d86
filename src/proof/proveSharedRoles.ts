import { placesIn } from '../blueprint/places';
import type { Environment, Inventory, Workload } from '../inventory/Inventory';
import { failuresOf } from './failures';
import type { Failure } from './Proof';
import type { StagedWorkload } from './stagedWorkload';

/** Which service accounts get which source role through the associations of all stages. */
export interface SharedRoles {
  readonly add: (staged: StagedWorkload) => void;
  /** A failure for each association that gives the role of a selected workload to another service account. */
  readonly failures: (isSelected: (environment: Environment, workload: Workload) => boolean) => Failure[];
}

/**
 * Collects the associations of every workload of the inventory, also of workloads that are not selected. Without session tags a
 * trust policy cannot tell the service accounts of an account apart: only the associations decide who gets the role.
 */
export function sharedRoles(): SharedRoles {
  const owners: StagedWorkload[] = [];
  const users = new Map<string, Set<string>>();
  return {
    add: (staged) => {
      // One stage has the role's name. All stages of all workloads would fill the memory.
      owners.push({ ...staged, stages: staged.stages.slice(0, 1) });
      for (const { roleArn, cluster, namespace, serviceAccount } of staged.stages.flatMap((one) => one.associations)) {
        const user = userOf(staged.environment, cluster, namespace, serviceAccount);
        users.set(roleArn, (users.get(roleArn) ?? new Set()).add(user));
      }
    },
    failures: (isSelected) =>
      owners
        .filter(({ environment, workload }) => isSelected(environment, workload))
        .flatMap((staged) => staged.stages.flatMap(({ role }) => sharedRole(staged, role.arn, users.get(role.arn)))),
  };
}

function sharedRole(staged: StagedWorkload, arn: string, users: Iterable<string> = []): Failure[] {
  const { environment, workload, clusters } = staged;
  const own = new Set(
    placesIn(workload, clusters).map(({ cluster, subject: { namespace, name } }) =>
      userOf(environment, cluster.key, namespace, name),
    ),
  );
  return failuresOf(
    staged,
    [...users]
      .filter((user) => !own.has(user))
      .map((user) => ({
        rule: 'proof-shared-role',
        who: `an association of ${user}`,
        what: `gives role ${arn}`,
        reason: { note: `the role belongs to workload ${workload.key}` },
      })),
  );
}

/** Whether several workloads of the inventory have the role of a workload. An account has one role of a name, whatever the paths. */
export function sharesRole({ environments }: Inventory): (environment: Environment, workload: Workload) => boolean {
  const roleOf = ({ account }: Environment, { role }: Workload) => `${account.id} ${role.name}`;
  const seen = new Set<string>();
  const shared = new Set<string>();
  for (const environment of environments)
    for (const workload of environment.workloads) {
      const role = roleOf(environment, workload);
      (seen.has(role) ? shared : seen).add(role);
    }
  return (environment, workload) => shared.has(roleOf(environment, workload));
}

function userOf({ key }: Environment, cluster: string, namespace: string, serviceAccount: string): string {
  return `${namespace}/${serviceAccount} on cluster ${cluster} of ${key}`;
}
