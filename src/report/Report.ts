import type { Blueprint } from '../blueprint/Blueprint';
import type { Finding } from '../inventory/Finding';
import type { Inventory } from '../inventory/Inventory';
import type { Drift } from '../operations/drift/drift';
import type { OutsideWaves, Status } from '../operations/status/statusOf';
import type { WaveGate } from '../operations/status/waveGates';
import { accessOf, type WorkloadAccess } from './access';
import { headroomOf, type QuotaHeadroom } from './headroom';
import { type EvidenceFile, movesOf, type StageMove } from './history';
import { progressOf, type WaveProgress } from './progress';
import { stagesByCluster, type WorkloadStages } from './stagesByCluster';
import { type TrustChange, trustChangesOf } from './trustChanges';

/** What `podlift report` shows, as plain data: the fields of its JSON document. */
export interface Report {
  /** The time of the report, or of the Estate that it judges: ISO 8601. */
  readonly when: string;
  /** The name of the inventory. Absent: it has none. */
  readonly inventory?: string;
  /** Keys. */
  readonly environments: readonly string[];
  readonly waves: readonly WaveProgress[];
  readonly outside: readonly OutsideWaves[];
  readonly history: History;
  readonly workloads: readonly WorkloadStages[];
  readonly access: readonly WorkloadAccess[];
  readonly trust: readonly TrustChange[];
  readonly findings: readonly Finding[];
  readonly quotas: readonly QuotaHeadroom[];
  /** How AWS and the clusters differ from the inventory. Absent: nothing was asked. */
  readonly drift?: Drift;
}

/** The steps that were taken, and where they are known from. */
interface History {
  /** The newest first. */
  readonly steps: readonly StageMove[];
  /** How many commits of the inventory were read. Absent: none, see `problem`. */
  readonly commits?: number;
  /** Earlier commits that were not read. Absent: none. */
  readonly left?: number;
  /** The reason why git says nothing, in one line. */
  readonly problem?: string;
  /** The folder of the evidence, and how many documents it has. Absent: no folder was read. */
  readonly evidence?: { readonly folder: string; readonly documents: number };
}

/** What a report is made of. */
export interface ReportFacts {
  readonly inventory: Inventory;
  /** Of all environments. */
  readonly blueprints: readonly Blueprint[];
  readonly findings: readonly Finding[];
  /** Keys: those that are asked for. */
  readonly environments: readonly string[];
  readonly when: string;
  /** Of these environments. */
  readonly status: Status;
  readonly commits:
    { readonly commits: Parameters<typeof movesOf>[2]; readonly left: number } | { readonly problem: string };
  /** Absent: no folder of evidence is known. */
  readonly evidence?: { readonly folder: string; readonly files: readonly EvidenceFile[] };
  /** What AWS and the clusters answered. Absent: nothing was asked. */
  readonly live?: { readonly gates: readonly WaveGate[]; readonly drift: Drift };
}

/** The report of some environments. Reads nothing. */
export function reportOf(facts: ReportFacts): Report {
  const { inventory, blueprints, findings, environments, when, status, commits, evidence, live } = facts;
  const read = 'problem' in commits ? [] : commits.commits;
  const steps = movesOf(inventory, environments, read, evidence?.files ?? []);
  const asked = blueprints.filter(({ environment }) => environments.includes(environment));
  return {
    when,
    ...(inventory.name !== undefined && { inventory: inventory.name }),
    environments,
    waves: progressOf(status, steps, live?.gates),
    outside: status.outside,
    history: {
      steps,
      ...('problem' in commits
        ? { problem: commits.problem }
        : { commits: read.length, ...(commits.left > 0 && { left: commits.left }) }),
      ...(evidence !== undefined && { evidence: { folder: evidence.folder, documents: evidence.files.length } }),
    },
    workloads: stagesByCluster(inventory, environments),
    access: accessOf(inventory, asked),
    trust: trustChangesOf(inventory, status.waves),
    findings,
    quotas: headroomOf(inventory, blueprints, environments),
    ...(live !== undefined && { drift: live.drift }),
  };
}
