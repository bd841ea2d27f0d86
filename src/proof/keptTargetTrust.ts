import type { TargetRole } from '../blueprint/Blueprint';
import { listOf, type PolicyDocument, type Statement } from '../iam/PolicyDocument';
import type { KeptStatement, Workload } from '../inventory/Inventory';

/** A target role without the statements that it keeps: podlift's own, which admit the workload alone. */
export function ownTarget<T extends Pick<TargetRole, 'target' | 'trust'>>(workload: Workload, role: T): T {
  const kept = keptOf(workload, role).length;
  return kept === 0 ? role : { ...role, trust: documentOf(role.trust, listOf(role.trust.Statement).slice(0, -kept)) };
}

/** The statements that a target role keeps without a reason: whom they admit, the inventory does not say. They are the last ones of its trust policy. */
export function unexplainedTrust(
  workload: Workload,
  role: Pick<TargetRole, 'target' | 'trust'>,
): PolicyDocument | undefined {
  const kept = keptOf(workload, role);
  const statements = listOf(role.trust.Statement).slice(-kept.length);
  const unexplained = kept.flatMap(({ because }, index) => (because === undefined ? (statements[index] ?? []) : []));
  return unexplained.length === 0 ? undefined : documentOf(role.trust, unexplained);
}

function keptOf({ targets }: Workload, { target }: Pick<TargetRole, 'target'>): readonly KeptStatement[] {
  return targets.find(({ key }) => key === target)?.role.keepTrust ?? [];
}

function documentOf(trust: PolicyDocument, statements: readonly Statement[]): PolicyDocument {
  return { ...trust, Statement: statements };
}
