import { compileWorkload } from '../../blueprint/compileWorkload';
import { STAGE_TABLE } from '../../blueprint/stageTable';
import type { Environment, Inventory, Stage } from '../../inventory/Inventory';
import { identityStackName } from '../../inventory/stackNames';
import { askOnce } from '../../estate/askOnce';
import type { Ports } from '../../estate/Ports';
import { access, type Access } from './access';
import type { DoctorFinding } from './DoctorFinding';
import { DOCTOR_TABLE } from './doctorTable';
import { explainLater } from './explainLater';
import { adoptionProblem } from './adoptionProblem';
import type { Facts } from './Facts';
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
  const gathered = await Promise.all(
    patients.map(async (patient) => {
      const facts = ownCluster(patient, await gatherFacts(patient, asked));
      return { patient, facts, problem: adoptionProblem(patient, facts) };
    }),
  );
  let done = 0;
  return Promise.all(
    gathered.map(async ({ patient, facts, problem }) => {
      const { environment, workload, cluster, row } = patient;
      // Stacks are applied whole: an apply for one workload is an apply for all of its environment.
      const blocked = gathered.find((one) => one.problem !== undefined && one.patient.environment === environment);
      const mustNotApply = problem?.remedy ?? (blocked && notYet(blocked.patient));
      const examined = mustNotApply === undefined ? patient : { ...patient, mustNotApply };
      const findings = (await examine(examined, facts, request)).map((finding) =>
        problem === undefined || finding.check === 'role' || finding.mends === undefined
          ? finding
          : { ...finding, mends: 'Correct the stage of the adopted role first (see role), then run the doctor again.' },
      );
      done += 1;
      onDone(done, patients.length);
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

function notYet({ environment, workload }: Patient): string {
  return `Do not apply ${identityStackName(environment.key)} yet: the adopted role of ${workload.key} would be closed to running pods. Correct the stage of workloads.${workload.key} first.`;
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

async function examine(patient: Patient, facts: Facts, request: DoctorRequest): Promise<DoctorFinding[]> {
  const { environment, workload, cluster } = patient;
  const answered =
    request.access === undefined ? [] : access(patient, facts, request.access, await takenResources(request.access));
  const findings = DOCTOR_TABLE.flatMap(({ check, explains, judge }) => {
    const judged = judge === undefined ? answered : judge(patient, facts);
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
