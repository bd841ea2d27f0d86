import { compileWorkload } from '../../blueprint/compileWorkload';
import { STAGE_TABLE } from '../../blueprint/stageTable';
import type { Environment, Inventory, Stage } from '../../inventory/Inventory';
import { askOnce } from '../askOnce';
import type { Ports } from '../Ports';
import { access, type Access } from './access';
import type { DoctorFinding } from './DoctorFinding';
import { DOCTOR_TABLE } from './doctorTable';
import { explainLater } from './explainLater';
import { adoptionProblem } from './adoptionProblem';
import { gatherFacts } from './gatherFacts';
import type { Mode, Patient } from './Patient';
import { ownCluster } from './ownCluster';
import { takenResources } from './takenResources';
import { wholeLists } from './wholeLists';

/** Whom the doctor is to look at; both by key. */
export interface DoctorRequest {
  readonly environments: readonly string[];
  /** Default: all. */
  readonly workload?: string;
  readonly access?: Access;
}

/** What the doctor found about a workload on a cluster. */
export interface Diagnosis {
  readonly environment: string;
  readonly workload: string;
  readonly cluster: string;
  readonly stage: Stage;
  readonly newPodUses: Mode;
  /** In the order of causes. */
  readonly findings: readonly DoctorFinding[];
}

/**
 * Looks at workloads on their clusters and judges what stands in AWS and in the cluster against the stage that the inventory has. Every question
 * is asked once, a few at a time; nothing is changed anywhere. Diagnoses are in the inventory's order. `onDone` hears how many of
 * how many are done.
 */
export async function diagnose(
  inventory: Inventory,
  request: DoctorRequest,
  ports: Ports,
  onDone: (done: number, all: number) => void = () => undefined,
): Promise<Diagnosis[]> {
  const patients = inventory.environments
    .filter(({ key }) => request.environments.includes(key))
    .flatMap((environment) => patientsOf(environment, request.workload));
  const asked = askOnce(wholeLists(patients, askOnce(ports)));
  let done = 0;
  return Promise.all(
    patients.map(async (patient) => {
      const findings = await examine(patient, request, asked);
      done += 1;
      onDone(done, patients.length);
      const { environment, workload, cluster, row } = patient;
      return {
        environment: environment.key,
        workload: workload.key,
        cluster: cluster.key,
        stage: workload.stage,
        newPodUses: row.newPodUses,
        findings,
      };
    }),
  );
}

/** Each workload of an environment with each of its clusters. */
export function patientsOf(environment: Environment, only?: string): Patient[] {
  return environment.workloads
    .filter(({ key }) => only === undefined || key === only)
    .flatMap((workload) => {
      const parts = compileWorkload(environment, workload);
      const row = STAGE_TABLE[workload.stage];
      return environment.clusters
        .filter(({ key }) => workload.clusters.includes(key))
        .map((cluster) => ({ environment, workload, cluster, parts, row }));
    });
}

async function examine(patient: Patient, request: DoctorRequest, ports: Ports): Promise<DoctorFinding[]> {
  const facts = ownCluster(patient, await gatherFacts(patient, ports));
  const { environment, workload, cluster } = patient;
  const problem = adoptionProblem(patient, facts);
  const examined = problem === undefined ? patient : { ...patient, mustNotApply: problem.remedy };
  const answered =
    request.access === undefined ? [] : access(examined, facts, request.access, await takenResources(request.access));
  const findings = DOCTOR_TABLE.flatMap(({ check, explains, judge }) => {
    const judged = judge === undefined ? answered : judge(examined, facts);
    return judged.map((judgement) => ({
      check,
      environment: environment.key,
      workload: workload.key,
      cluster: cluster.key,
      ...judgement,
      explains,
    }));
  });
  return explainLater(findings);
}
