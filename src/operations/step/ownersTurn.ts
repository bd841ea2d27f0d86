import { ownedRoles, type OwnerWrites } from '../../blueprint/ownerWrites';
import type { Remedy } from '../../estate/Remedy';
import type { Stage } from '../../inventory/Inventory';
import type { Step } from '../gate/Step';
import { ownerMustWrite, printTrust } from '../ownerRemedy';
import { remedyOf } from '../remedies';

/** What the owner of an external role writes for a step. */
export interface OwnersTurn {
  readonly workload: string;
  /** The key of the target whose role it is. Absent: it is the workload's own role. */
  readonly target?: string;
  /** The ARN of the role. */
  readonly role: string;
  /** `before`: before the apply, and the gate asks for it. `after`: after the apply and the restarts. `never`: nothing. */
  readonly when: OwnerWrites['when'];
  /** The stage whose trust policy the role must have: before the apply, or after it. */
  readonly stage: Stage;
  /** The sentence, and the command that prints the trust policy. */
  readonly steps: Remedy;
}

/** The external roles of the workloads of a step, those of their targets too, and what their owners write for it. */
export function ownersTurns({ environment, workloads, from, to }: Step): readonly OwnersTurn[] {
  return workloads.flatMap((workload) =>
    ownedRoles(environment, workload, from, to).map(({ name, arn, target, when }): OwnersTurn => {
      const external = { environment, workload, role: name, ...(target !== undefined && { target }) };
      return {
        workload: workload.key,
        ...(target !== undefined && { target }),
        role: arn,
        when,
        stage: to,
        steps:
          when === 'never'
            ? remedyOf(
                `The owner of role ${name} has nothing to write: its trust policy of ${from} and of ${to} are the same. To print it:`,
                printTrust(external, to),
              )
            : ownerMustWrite(external, to),
      };
    }),
  );
}
