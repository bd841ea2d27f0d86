import { compileWorkload, type WorkloadParts } from '../blueprint/compileWorkload';
import { STAGE_TABLE } from '../blueprint/stageTable';
import type { Cluster, Compute, Environment, Stage, Workload } from '../inventory/Inventory';

/** What a workload compiles to at one stage. Documents that are equal at several stages are the same object. */
export interface StageParts extends WorkloadParts {
  readonly stage: Stage;
}

/** One workload of one environment, compiled at each stage that it can have. */
export interface StagedWorkload {
  readonly environment: Environment;
  readonly workload: Workload;
  /** The clusters that run the workload. */
  readonly clusters: readonly Cluster[];
  /** In the order of the stages; at least one. */
  readonly stages: readonly StageParts[];
}

/** Two neighbouring stages of the stage table. */
export interface StagePair {
  readonly earlier: StageParts;
  readonly later: StageParts;
}

const STAGE_ORDER = Object.keys(STAGE_TABLE) as readonly Stage[];

/** Compute without a Pod Identity agent. Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-identities.html#pod-id-restrictions */
const WITHOUT_AGENT: ReadonlySet<Compute> = new Set<Compute>(['fargate', 'windows']);

/** Compiles a workload at its current stage and at each other stage that it can have. */
export function stagedWorkloadOf(environment: Environment, workload: Workload): StagedWorkload {
  const clusters = environment.clusters.filter(({ key }) => workload.clusters.includes(key));
  const withoutOidc = clusters.some(({ oidc }) => oidc === undefined);
  const stages = STAGE_ORDER.filter(
    (stage) =>
      stage === workload.stage ||
      (WITHOUT_AGENT.has(workload.compute) ? stage === 'irsa' : !withoutOidc || !STAGE_TABLE[stage].trustsOidc),
  ).map((stage): StageParts => ({ stage, ...compileWorkload(environment, { ...workload, stage }) }));
  return { environment, workload, clusters, stages: shareDocuments(stages) };
}

/** The single steps that a workload can take, as pairs of neighbouring stages. */
export function stagePairsOf({ stages }: StagedWorkload): StagePair[] {
  return stages.flatMap((earlier) => {
    const next = STAGE_ORDER[STAGE_ORDER.indexOf(earlier.stage) + 1];
    const later = stages.find(({ stage }) => stage === next);
    return later === undefined ? [] : [{ earlier, later }];
  });
}

/** The same stages, with one object for equal documents, associations and service accounts: a step's changes are found by identity. */
export function shareDocuments(stages: readonly StageParts[]): StageParts[] {
  const known = new Map<string, object>();
  const shared = <Value extends object>(value: Value): Value => {
    const text = JSON.stringify(value);
    const first = known.get(text) ?? value;
    known.set(text, first);
    return first as Value;
  };
  return stages.map((parts) => ({
    ...parts,
    role: {
      ...parts.role,
      trust: shared(parts.role.trust),
      ...(parts.role.inline === undefined ? {} : { inline: shared(parts.role.inline) }),
    },
    targetRoles: parts.targetRoles.map((role) => ({ ...role, trust: shared(role.trust) })),
    associations: parts.associations.map(shared),
    // An empty annotation and an absent one are the same to every pod.
    serviceAccounts: parts.serviceAccounts.map((account) => shared({ ...account, clearsAnnotation: false })),
  }));
}
