import { isPast, type Stage } from '../../inventory/Inventory';
import { type KnownKeys, ownerOfAddress } from './ownerOfAddress';

/** A planned change of a resource, of Terraform. */
interface Change {
  readonly address: string;
  readonly type: string;
  readonly action: string;
}

/** A change that takes credentials from pods, or can: it needs `--allow-destroy`. */
export interface Loss {
  readonly stack: string;
  readonly address: string;
  readonly action: 'delete' | 'replace';
  readonly kind: 'role' | 'association';
  /** Absent: the inventory has no such workload any more. */
  readonly workload?: string;
  /** Of the workload, in the inventory. */
  readonly stage?: Stage;
}

/** A stack's plan, and what its environment has. */
export interface StackChanges {
  readonly stack: string;
  readonly changes: readonly Change[];
  readonly known: KnownKeys;
  /** The stages of the environment's workloads. */
  readonly stages: ReadonlyMap<string, Stage>;
}

const KINDS: Readonly<Record<string, Loss['kind'] | undefined>> = {
  aws_iam_role: 'role',
  aws_eks_pod_identity_association: 'association',
};

/**
 * What needs `--allow-destroy`: a role that is destroyed or replaced, at whatever stage, and an association whose workload is at `dual` or later in the inventory. A stage before
 * `dual` has no association: a rollback takes it away, and the gate has asked. An association of a workload that the inventory no longer has can have pods too.
 */
export function lossesOf({ stack, changes, known, stages }: StackChanges): readonly Loss[] {
  return changes.flatMap(({ address, type, action }): readonly Loss[] => {
    const kind = KINDS[type];
    if (kind === undefined || (action !== 'delete' && action !== 'replace')) return [];
    const { workload } = ownerOfAddress(address, known);
    const stage = workload === undefined ? undefined : stages.get(workload);
    if (kind === 'association' && stage !== undefined && !isPast(stage, 'prepared')) return [];
    return [
      {
        ...{ stack, address, action, kind },
        ...(workload !== undefined && { workload }),
        ...(stage !== undefined && { stage }),
      },
    ];
  });
}
