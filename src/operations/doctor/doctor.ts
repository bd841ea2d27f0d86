import type { Mode } from '../../comparison/access';
import { atTimeOf, isNoAnswer, openQuestions } from '../../estate/ask';
import type { Estate } from '../../estate/Estate';
import { type Places, placesOf } from '../../estate/places';
import { pathOf, type Question } from '../../estate/questions';
import type { Remedy } from '../../estate/Remedy';
import { type Environment, type Inventory, nameAmongSeveral, type Stage } from '../../inventory/Inventory';
import { identityStackName } from '../../inventory/stackNames';
import { type Access, access } from '../checks/access';
import { type CheckFunction, onClusters, type WorkloadOnCluster } from '../checks/Check';
import { CHECK_NAMES, CHECK_TABLE, type CheckName } from '../checks/checkTable';
import { judge, type Judged } from '../checks/judge';
import { remedyOf } from '../remedies';

/** What the doctor is to examine; both by key. */
export interface DoctorRequest {
  readonly environments: readonly string[];
  /** Default: all. */
  readonly workload?: string;
  readonly access?: Access;
  /** Also the checks that need `--admission`. Default: false. */
  readonly admission?: boolean;
}

/** One result of a check of a workload on a cluster. */
export interface DoctorFinding extends Judged {
  readonly check: CheckName;
  /** The environment's, the workload's and the cluster's key. */
  readonly environment: string;
  readonly workload: string;
  readonly cluster: string;
  /** As in its `Diagnosis`. */
  readonly serviceAccount?: string;
  /** Why the check matters, in one sentence. */
  readonly explains: string;
  /** The earlier check whose finding explains this one: fix that first, and run the command again. */
  readonly follows?: CheckName;
}

/** What the doctor found about a service account of a workload on a cluster. */
export interface Diagnosis {
  readonly environment: string;
  readonly workload: string;
  readonly cluster: string;
  /** `argocd/argocd-server`: which service account of a workload that has several. Absent: the workload has one. */
  readonly serviceAccount?: string;
  readonly stage: Stage;
  readonly newPodUses: Mode;
  /** In the order of causes. */
  readonly findings: readonly DoctorFinding[];
}

/** What must be known for a diagnosis. */
export function doctorQuestions(
  { environments }: Inventory,
  request: DoctorRequest,
): (estate: Estate) => readonly Question[] {
  const checkedAt = atTimeOf((now) =>
    environments
      .flatMap((environment) => subjectsOf(environment, request, now))
      .flatMap((subject) => checksOf(request).map(({ run }) => run(subject))),
  );
  return (estate) => openQuestions(checkedAt(estate), estate);
}

/**
 * Checks workloads on their clusters: what stands in AWS and in the cluster against the stage that the inventory has. Diagnoses are in the order
 * of the inventory.
 */
export function doctor(inventory: Inventory, request: DoctorRequest, estate: Estate): readonly Diagnosis[] {
  const places = placesOf(inventory);
  return inventory.environments.flatMap((environment) => {
    const subjects = subjectsOf(environment, request, new Date(estate.at));
    const diagnoses = subjects.map((subject) => diagnosisOf(subject, request, estate, places));
    const blocking = diagnoses.find(({ findings }) => findings.some(isBlocking));
    return blocking === undefined ? diagnoses : diagnoses.map((one) => withoutApplies(one, blocking));
  });
}

function subjectsOf(
  environment: Environment,
  { environments, workload }: DoctorRequest,
  now: Date,
): readonly WorkloadOnCluster[] {
  if (!environments.includes(environment.key)) return [];
  return environment.workloads
    .filter(({ key }) => workload === undefined || key === workload)
    .flatMap((one) => onClusters(environment, one, undefined, now));
}

/** The checks of the doctor, in the order of causes. */
function checksOf({
  access: requested,
  admission = false,
}: DoctorRequest): readonly { readonly check: CheckName; readonly run: CheckFunction }[] {
  return CHECK_NAMES.flatMap((check) => {
    const { doctor: own, onlyWith } = CHECK_TABLE[check];
    if (onlyWith === '--admission' && !admission) return [];
    const run = check === 'access' ? requested && access(requested) : own;
    return run === undefined ? [] : [{ check, run }];
  });
}

function diagnosisOf(subject: WorkloadOnCluster, request: DoctorRequest, estate: Estate, places: Places): Diagnosis {
  const { environment, workload, cluster, serviceAccount, row } = subject;
  const account = nameAmongSeveral(workload, serviceAccount);
  const keys = {
    environment: environment.key,
    workload: workload.key,
    cluster: cluster.key,
    ...(account !== undefined && { serviceAccount: account }),
  };
  const findings = checksOf(request).flatMap(({ check, run }) =>
    judge(run(subject), `workloads.${workload.key}`, estate, places, cluster).map((result) => ({
      check,
      ...keys,
      ...result,
      explains: CHECK_TABLE[check].explains,
    })),
  );
  return { ...keys, stage: workload.stage, newPodUses: row.newPodUses, findings: explained(saidOnce(findings)) };
}

/** Findings without those whose question had no answer for an earlier check either. */
function saidOnce(findings: readonly DoctorFinding[]): readonly DoctorFinding[] {
  const said = new Set<string>();
  return findings.filter(({ noAnswer }) => {
    if (!isNoAnswer(noAnswer)) return true;
    const question = pathOf(noAnswer.noAnswer).join('\n');
    const first = !said.has(question);
    said.add(question);
    return first;
  });
}

/**
 * Marks the findings that an earlier one explains: those of a check that comes after one with a problem, by the table and what that comes
 * after in turn; those that are not judged, since the context may lead to another cluster; and questions to an account or a cluster that has given no answer
 * before, for the same reason.
 */
function explained(findings: readonly DoctorFinding[]): readonly DoctorFinding[] {
  const broken = new Map<string, CheckName>();
  const silent = new Map<string, CheckName>();
  return findings.map((finding) => {
    const { check, state, of, reason } = finding;
    if (state === 'ok') return finding;
    const [cause] = CHECK_TABLE[check].after.flatMap((one) => broken.get(one) ?? []);
    const asked = `${of} ${reason ?? ''}`;
    const before = reason === 'not-judged' ? 'cluster' : reason === undefined ? undefined : silent.get(asked);
    const follows = cause ?? before;
    if (state === 'problem') broken.set(check, broken.get(check) ?? cause ?? check);
    if (reason !== undefined && before === undefined) silent.set(asked, check);
    return follows === undefined || follows === check ? finding : { ...finding, follows };
  });
}

function isBlocking({ blocksApply }: DoctorFinding): boolean {
  return blocksApply === true;
}

/** Stacks are applied whole: where an apply would cost the pods of one workload their role, no remedy in its environment is an apply. */
function withoutApplies(diagnosis: Diagnosis, { environment, workload }: Diagnosis): Diagnosis {
  const own = diagnosis.findings.some(isBlocking);
  const byTrust = own && diagnosis.findings.filter(isBlocking).every(({ check }) => check === 'trust');
  const correct = own
    ? `First correct the ${byTrust ? 'trust policy in the inventory (see the check trust)' : 'stage of the adopted role (see the check role)'}, then run the command again.`
    : `Do not apply ${identityStackName(environment)} yet: running pods would lose the adopted role of ${workload}. First fix what podlift doctor ${workload} shows.`;
  const findings = diagnosis.findings.map((finding) => {
    const { remedy } = finding;
    const replaced = remedy !== undefined && !isBlocking(finding) && (own || applies(remedy));
    return replaced ? { ...finding, remedy: remedyOf(correct) } : finding;
  });
  return { ...diagnosis, findings };
}

/** Whether a step of a remedy is an apply. */
function applies(remedy: Remedy): boolean {
  return remedy.some((step) => 'run' in step && step.run[1] === 'cdktf' && step.run[2] === 'apply');
}
