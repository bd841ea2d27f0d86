import type { Environment, Workload } from '../inventory/Inventory';
import type { Failure } from './Proof';
import { failuresOf } from './failuresOf';
import type { Subject } from './Subject';

/** Who is given which source role by the associations of any stage. */
export interface Claims {
  readonly add: (subject: Subject) => void;
  /** A failure for each claim on the role of a workload by somebody who is not its own pod. */
  readonly failures: (asked: (environment: Environment, workload: Workload) => boolean) => Failure[];
}

/**
 * Gathers the associations of every workload of the inventory, also of those that are not asked for. With session tags off the
 * trust policy cannot tell the service accounts of an account apart, and the associations alone decide who gets the role.
 */
export function claims(): Claims {
  const owners = new Map<string, Subject[]>();
  const claimed = new Map<string, Set<string>>();
  return {
    add: ({ stages, ...subject }) => {
      const { environment } = subject;
      // One stage is enough to name the role by; all stages of all workloads would fill the memory.
      const owner: Subject = { ...subject, stages: stages.slice(0, 1) };
      for (const { role } of owner.stages) owners.set(role.arn, [...(owners.get(role.arn) ?? []), owner]);
      for (const { roleArn, cluster, namespace, serviceAccount } of stages.flatMap(
        ({ associations }) => associations,
      )) {
        const who = `${namespace}/${serviceAccount} on cluster ${cluster} of ${environment.key}`;
        claimed.set(roleArn, (claimed.get(roleArn) ?? new Set()).add(who));
      }
    },
    failures: (asked) =>
      [...owners].flatMap(([arn, subjects]) =>
        subjects
          .filter(({ environment, workload }) => asked(environment, workload))
          .flatMap((subject) => {
            const own = ownClaims(subject);
            const others = [...(claimed.get(arn) ?? [])].filter((who) => !own.has(who));
            return failuresOf(
              subject,
              others.map((who) => ({
                rule: 'proof-shared-role',
                who: `an association of ${who}`,
                what: `hands out ${arn}`,
                why: `the role is that of workload ${subject.workload.key}`,
              })),
            );
          }),
      ),
  };
}

function ownClaims({ environment, workload, clusters }: Subject): ReadonlySet<string> {
  return new Set(
    clusters.map(
      ({ key }) => `${workload.namespace}/${workload.serviceAccount.name} on cluster ${key} of ${environment.key}`,
    ),
  );
}
