import type { Remedy } from '../estate/Remedy';
import type { Environment, Stage, Workload } from '../inventory/Inventory';
import { remedyOf, run } from './remedies';

/** An external role: of a workload, or of one of its targets. */
export interface ExternalRole {
  readonly environment: Pick<Environment, 'key'>;
  readonly workload: Pick<Workload, 'key'>;
  /** Its name in IAM. */
  readonly role: string;
  /** The key of the target whose role it is. Absent: it is the workload's own role. */
  readonly target?: string;
}

/**
 * What to do where the trust policy of an external role is not that of a stage: its owner writes it, and no apply of podlift does.
 *
 * @param others how many statements the role has that the inventory does not: what `podlift trust` prints would remove them
 */
export function ownerMustWrite(external: ExternalRole, stage: Stage, others = 0): Remedy {
  const { workload, role, target } = external;
  const field = ['workloads', workload.key, ...(target === undefined ? [] : ['targets', target]), 'role.keepTrust'];
  return remedyOf(
    others > 0 ? keepFirst(others, field.join('.')) : [],
    `The owner of role ${role} must write its trust policy of the stage ${stage}: podlift never writes this role. To print the policy (--format hcl or cloudformation for these tools):`,
    printTrust(external, stage),
  );
}

/** Statements that only AWS has: the owner would remove them by what podlift prints. */
function keepFirst(count: number, field: string): string {
  const [have, them] = count === 1 ? ['1 statement that is', 'it'] : [`${count} statements that are`, 'them'];
  return `First: the role has ${have} not in the inventory. If others need ${them}, write ${them} into ${field}. What podlift prints does not have ${them} otherwise.`;
}

/** The command that prints the trust policy of a role at a stage. */
export function printTrust({ environment, workload, target }: ExternalRole, stage: Stage) {
  const of = target === undefined ? [] : ['--target', target];
  return run`npx podlift trust ${workload.key} --environment ${environment.key} ${of} --stage ${stage}`;
}
