import type { PolicyDocument, Statement } from '../../src/iam/PolicyDocument';
import { proveWorkload, type WorkloadProof } from '../../src/proof/proveWorkload';
import { shareDocuments, type StageParts, type StagedWorkload, stagedWorkloadOf } from '../../src/proof/stagedWorkload';
import {
  clusterOf,
  environmentOf,
  inventoryOf,
  targetOf,
  workloadOf,
  type WorkloadParts,
} from '../blueprint/inventoryOf';

// Workloads on two clusters of three, one for each kind of target and tags on or off, and a neighbour.

const CLUSTERS = [clusterOf(), clusterOf({ key: 'batch' }), clusterOf({ key: 'lonely' })];

export const KINDS: readonly WorkloadParts[] = [
  { key: 'plain' },
  { key: 'hops', targets: [targetOf({ via: 'workload' }), targetOf({ key: 'second', via: 'workload' })] },
  { key: 'chained', targets: [targetOf({ via: 'association' })] },
  { key: 'untagged-hops', sessionTags: false, targets: [targetOf({ via: 'workload' })] },
  { key: 'untagged-chained', sessionTags: false, targets: [targetOf({ via: 'association' })] },
];

export function inventoryOfKinds(parts: WorkloadParts = {}, kinds = KINDS) {
  const workloads = kinds.map((kind) => {
    const targets = (kind.targets ?? []).map((target) => ({
      ...target,
      role: { ...target.role, name: `prod-${kind.key ?? ''}-${target.key}` },
    }));
    return workloadOf({ clusters: ['main', 'batch'], ...kind, targets, ...parts });
  });
  return inventoryOf(
    environmentOf({ clusters: CLUSTERS, workloads: [...workloads, workloadOf({ key: 'neighbour' })] }),
  );
}

/** Proves one of the kinds after `tamper` has changed what stands at each stage. */
export function provedWith(
  key: string,
  tamper: (parts: StageParts) => StageParts,
  parts: WorkloadParts = {},
): WorkloadProof {
  const inventory = inventoryOfKinds(parts);
  const [environment] = inventory.environments;
  const subject: StagedWorkload = stagedWorkloadOf(
    environment!,
    environment!.workloads.find((workload) => workload.key === key)!,
  );
  return proveWorkload({ ...subject, stages: shareDocuments(subject.stages.map(tamper)) });
}

/** A document with its statements changed. */
export function edited(
  document: PolicyDocument,
  edit: (statement: Statement) => Statement | undefined,
): PolicyDocument {
  return {
    ...document,
    Statement: (document.Statement as readonly Statement[]).flatMap((statement) => edit(statement) ?? []),
  };
}

/** A statement without some condition keys. */
export function without(statement: Statement, ...keys: string[]): Statement {
  const condition = Object.entries(statement.Condition ?? {}).map(([operator, block]) => [
    operator,
    Object.fromEntries(Object.entries(block).filter(([key]) => !keys.some((part) => key.endsWith(part)))),
  ]);
  return { ...statement, Condition: Object.fromEntries(condition) };
}

export const isService = ({ Principal }: Statement) => typeof Principal === 'object' && 'Service' in Principal;

/** Changes the source role's trust at some stages, or at all. */
export function onTrust(edit: (statement: Statement) => Statement | undefined, at?: readonly string[]) {
  return (parts: StageParts): StageParts =>
    at === undefined || at.includes(parts.stage)
      ? { ...parts, role: { ...parts.role, trust: edited(parts.role.trust, edit) } }
      : parts;
}

/** Changes the trust of every target role. */
export function onTargets(edit: (statement: Statement) => Statement | undefined) {
  return (parts: StageParts): StageParts => ({
    ...parts,
    targetRoles: parts.targetRoles.map((role) => ({ ...role, trust: edited(role.trust, edit) })),
  });
}
