import { compileWorkload } from '../blueprint/compileWorkload';
import { STAGE_TABLE } from '../blueprint/stageTable';
import type { Compute, Environment, Stage, Workload } from '../inventory/Inventory';
import { shareDocuments } from './shareDocuments';
import type { Pair, StageParts, Subject } from './Subject';

/** The stages in order: the keys of the stage table. */
export const STAGE_ORDER = Object.keys(STAGE_TABLE) as readonly Stage[];

/** Pods on these have no Pod Identity agent. Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-identities.html#pod-id-restrictions */
const WITHOUT_AGENT: ReadonlySet<Compute> = new Set<Compute>(['fargate', 'windows']);

/** A workload of an environment, compiled at each stage that it can be at, and at the one where it is. */
export function subjectOf(environment: Environment, workload: Workload): Subject {
  const stages = provableStages(environment, workload).map((stage): StageParts => ({
    stage,
    ...compileWorkload(environment, { ...workload, stage }),
  }));
  return { environment, workload, clusters: clustersOf(environment, workload), stages: shareDocuments(stages) };
}

/** The single steps that a subject can take, as pairs of neighbours. */
export function pairsOf({ stages }: Subject): Pair[] {
  return stages.flatMap((earlier) => {
    const next = STAGE_ORDER[STAGE_ORDER.indexOf(earlier.stage) + 1];
    const later = stages.find(({ stage }) => stage === next);
    return later === undefined ? [] : [{ earlier, later }];
  });
}

function provableStages(environment: Environment, workload: Workload): readonly Stage[] {
  const withoutOidc = clustersOf(environment, workload).some(({ oidc }) => oidc === undefined);
  return STAGE_ORDER.filter(
    (stage) =>
      stage === workload.stage ||
      (WITHOUT_AGENT.has(workload.compute) ? stage === 'irsa' : !withoutOidc || !STAGE_TABLE[stage].trustsOidc),
  );
}

function clustersOf({ clusters }: Environment, workload: Workload) {
  return clusters.filter(({ key }) => workload.clusters.includes(key));
}
