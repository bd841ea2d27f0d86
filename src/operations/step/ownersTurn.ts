import { type OwnerWrites, ownerWrites } from '../../blueprint/ownerWrites';
import { roleArn } from '../../blueprint/arns';
import type { Remedy } from '../../estate/Remedy';
import type { Stage } from '../../inventory/Inventory';
import type { Step } from '../gate/Step';
import { ownerMustWrite, printTrust } from '../ownerRemedy';
import { remedyOf } from '../remedies';

/** What the owner of an external role writes for a step. */
export interface OwnersTurn {
  readonly workload: string;
  /** The ARN of the role. */
  readonly role: string;
  /** `before`: before the apply, and the gate asks for it. `after`: after the apply and the restarts. `never`: nothing. */
  readonly when: OwnerWrites['when'];
  /** The stage whose trust policy the role must have: before the apply, or after it. */
  readonly stage: Stage;
  /** The sentence, and the command that prints the trust policy. */
  readonly steps: Remedy;
}

/** The external roles of the workloads of a step, and what their owners write for it. */
export function ownersTurns({ environment, workloads, from, to }: Step): readonly OwnersTurn[] {
  const { when } = ownerWrites(from, to);
  return workloads
    .filter(({ role }) => role.manage === 'external')
    .map((workload): OwnersTurn => {
      const { name, path } = workload.role;
      const external = { environment, workload, role: name };
      return {
        workload: workload.key,
        role: roleArn(environment.partition, environment.account.id, path, name),
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
    });
}
