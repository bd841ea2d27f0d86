import type { SourceRole } from '../blueprint/Blueprint';
import { compileWorkload } from '../blueprint/compileWorkload';
import type { Inventory, Stage } from '../inventory/Inventory';
import type { WaveStatus } from '../operations/status/statusOf';

/** The trust policy of a role before and after the next step of its wave. */
export interface TrustChange {
  readonly environment: string;
  readonly wave: string;
  readonly from: Stage;
  readonly to: Stage;
  /** The key of the workload. */
  readonly workload: string;
  /** The key of the target, whose role it is. Absent: it is the role of the workload. */
  readonly target?: string;
  /** ARN. */
  readonly role: string;
  /** The owner of the role writes the policy. Absent: podlift does. */
  readonly manage?: 'external';
  readonly before: SourceRole['trust'];
  /** Absent: the step does not change the policy. */
  readonly after?: SourceRole['trust'];
}

/** What the next step of each wave changes in trust policies: every role of its workloads, compiled at both stages. */
export function trustChangesOf(inventory: Inventory, waves: readonly WaveStatus[]): readonly TrustChange[] {
  return waves.flatMap(({ wave, environment: key, stage: from, next }) => {
    const environment = inventory.environments.find((one) => one.key === key);
    if (environment === undefined || next.kind === 'done' || next.kind === 'empty') return [];
    const { to } = next;
    return environment.workloads
      .filter((one) => one.wave === wave)
      .flatMap((workload) => {
        const [before, after] = [
          compileWorkload(environment, workload),
          compileWorkload(environment, { ...workload, stage: to }),
        ];
        const change = (
          role: Pick<SourceRole, 'arn' | 'trust' | 'manage'>,
          later: SourceRole['trust'] | undefined,
          target?: string,
        ): TrustChange => ({
          environment: key,
          wave,
          from,
          to,
          workload: workload.key,
          ...(target !== undefined && { target }),
          role: role.arn,
          ...(role.manage !== undefined && { manage: role.manage }),
          before: role.trust,
          ...(later !== undefined && JSON.stringify(later) !== JSON.stringify(role.trust) && { after: later }),
        });
        return [
          change(before.role, after.role.trust),
          ...before.targetRoles.map((role) =>
            change(role, after.targetRoles.find(({ target }) => target === role.target)?.trust, role.target),
          ),
        ];
      });
  });
}
