import { openQuestions } from '../../estate/ask';
import type { Estate } from '../../estate/Estate';
import { placesOf } from '../../estate/places';
import type { Question } from '../../estate/questions';
import type { Remedy } from '../../estate/Remedy';
import { type Inventory, nameAmongSeveral, type Stage } from '../../inventory/Inventory';
import { type CheckResult, onClusters, type State } from '../checks/Check';
import { CHECK_TABLE, type GateCheck, type GateCheckName } from '../checks/checkTable';
import { judge } from '../checks/judge';
import { remedyOf } from '../remedies';
import { checksOf } from './gateTable';
import { type Concern, type Step, stepOf, type StepRequest } from './Step';

/** Whether a condition holds. A condition that could not be checked is `unknown`, and never counts as `yes`. */
export type Holds = 'yes' | 'no' | 'unknown';

const HOLDS: Readonly<Record<State, Holds>> = { ok: 'yes', warning: 'yes', unknown: 'unknown', problem: 'no' };

/** One thing that was asked, of whom, when, and what was found. */
export interface Evidence extends Pick<CheckResult, 'found' | 'blocksApply' | 'identity' | 'reason' | 'dependsOn'> {
  readonly check: GateCheckName;
  /** The workload's key; absent where the question is about a cluster or a wave. */
  readonly workload?: string;
  readonly environment: string;
  /** The cluster's key. */
  readonly cluster?: string;
  /** `argocd/argocd-server`: which service account of a workload that has several. Absent: the workload has one, or it is about all of them. */
  readonly serviceAccount?: string;
  /** The question: `eks:DescribeAddon eks-pod-identity-agent`, `get pods -n shop`. */
  readonly asked: string;
  /** `apps-prod (333333333333) us-west-2`, `kubectl --context prod-main`, `inventory`. */
  readonly of: string;
  /** ISO 8601. */
  readonly when: string;
  readonly holds: Holds;
  /** The operator accepts that the condition does not hold, or could not be checked. */
  readonly accepted?: true;
  /** The condition holds, and needs attention: `found` and `remedy` say what. It does not stop the step. */
  readonly warning?: true;
  /** The question that has no answer. */
  readonly question?: Question;
  /** The question has no answer, since there are no valid credentials of AWS. */
  readonly noCredentials?: true;
  /** What to do. Present unless the condition holds, and also there where something is to be done before the step or after it. */
  readonly remedy?: Remedy;
  /** When the remedy of evidence that holds is due. */
  readonly remedyDue?: 'before-step' | 'after-step';
}

/** Whether a wave may take its next step in an environment, and all evidence for and against it. */
export interface GateResult {
  readonly wave: string;
  readonly environment: string;
  readonly direction: 'forward' | 'back';
  readonly from: Stage;
  /** The stage that the step leads to; absent at the last stage (forward) and at the first (back): there is no step. */
  readonly to?: Stage;
  readonly evidence: readonly Evidence[];
  /** True when there is a step and every evidence says `yes`, warnings included, or is accepted; `unknown` never holds. */
  readonly holds: boolean;
}

/** What the gate must know for the next step of a wave, from what is known already. Throws when the inventory has no such wave or environment. */
export function gateQuestions(inventory: Inventory, request: StepRequest): (estate: Estate) => readonly Question[] {
  const { step, to } = stepOf(inventory, request);
  if (to === undefined) return () => [];
  return (estate) => [
    // What another cluster shows is not judged.
    ...step.environment.clusters
      .filter(({ key }) => step.workloads.some(({ clusters }) => clusters.includes(key)))
      .flatMap(({ arn }): Question[] => [
        { ask: 'issuer', cluster: arn },
        { ask: 'cluster', cluster: arn },
      ]),
    ...checksOf(step.from, step.direction, request.admission).flatMap((name) =>
      concernsOf(step, CHECK_TABLE[name].gate, new Date(estate.at)).flatMap(({ checked }) =>
        openQuestions(checked, estate),
      ),
    ),
  ];
}

/**
 * Judges the next step of a wave in an environment, as the gate table asks for it. Workloads of the wave that do not run in the environment have no
 * part in it. "Now" is the Estate's time. Throws when the inventory has no such wave or environment.
 */
export function gate(inventory: Inventory, request: StepRequest, estate: Estate): GateResult {
  const { step, to } = stepOf(inventory, request);
  const { wave, environment, direction } = request;
  const result = { wave, environment, direction, from: step.from };
  if (to === undefined) return { ...result, evidence: [], holds: false };
  const places = placesOf(inventory);
  const evidence = checksOf(step.from, step.direction, request.admission).flatMap((name): readonly Evidence[] => {
    const all = concernsOf(step, CHECK_TABLE[name].gate, new Date(estate.at)).flatMap((concern) => {
      const { workload, cluster, serviceAccount, path, checked } = concern;
      const account = workload && serviceAccount && nameAmongSeveral(workload, serviceAccount);
      return judge(checked, path, estate, places, cluster).map(
        ({ state, found, asked, of, remedy, due, blocksApply, identity, reason, noAnswer, dependsOn }): Evidence => ({
          check: name,
          ...(workload !== undefined && { workload: workload.key }),
          environment: step.environment.key,
          ...(cluster !== undefined && { cluster: cluster.key }),
          ...(account !== undefined && { serviceAccount: account }),
          asked,
          of,
          when: estate.at,
          found,
          holds: HOLDS[state],
          ...(state === 'warning' && { warning: true as const }),
          ...(remedy !== undefined && { remedy }),
          ...(due !== undefined && { remedyDue: due }),
          ...(blocksApply !== undefined && { blocksApply }),
          ...(identity !== undefined && { identity }),
          ...(reason !== undefined && { reason }),
          ...(dependsOn !== undefined && { dependsOn }),
          ...(noAnswer !== undefined && { question: noAnswer.noAnswer }),
          ...(noAnswer?.answer.noCredentials && { noCredentials: true as const }),
        }),
      );
    });
    return once(all.map((one) => aboutIts(one, CHECK_TABLE[name].gate)));
  });
  const all = withoutApply(evidence);
  return { ...result, to, evidence: all, holds: all.every(({ holds }) => holds === 'yes') };
}

/** `argo-cd (argocd/argocd-server)`: the workload of evidence, and its service account where the workload has several. */
export function whoOf({ workload, serviceAccount }: Pick<Evidence, 'workload' | 'serviceAccount'>): string | undefined {
  return workload === undefined || serviceAccount === undefined ? workload : `${workload} (${serviceAccount})`;
}

/** What a check asks for: of each workload on each of its clusters, or of the step. */
function concernsOf(step: Step, check: GateCheck, now: Date): readonly Concern[] {
  if ('stepCheck' in check) return check.stepCheck(step, now);
  return step.workloads
    .flatMap((workload) => onClusters(step.environment, { ...workload, stage: step.from }, step.to, now))
    .map((subject) => ({
      workload: subject.workload,
      cluster: subject.cluster,
      serviceAccount: subject.serviceAccount,
      path: `workloads.${subject.workload.key}`,
      checked: check.check(subject),
    }));
}

/** Evidence without the workload, the cluster or the service account that it is not about. */
function aboutIts({ workload, cluster, serviceAccount, ...one }: Evidence, check: GateCheck): Evidence {
  const about = 'about' in check ? check.about : 'workload on cluster';
  return {
    ...one,
    ...(workload !== undefined && about !== 'cluster' && { workload }),
    ...(cluster !== undefined && about !== 'workload' && { cluster }),
    ...(serviceAccount !== undefined && about === 'workload on cluster' && { serviceAccount }),
  };
}

/**
 * Where an apply would cost running pods their role, no other check advises anything before that is fixed: stacks are applied whole. What the owner of an
 * association or of a role writes is no part of them.
 */
function withoutApply(evidence: readonly Evidence[]): readonly Evidence[] {
  const blocking = new Set(evidence.flatMap(({ check, blocksApply }) => (blocksApply === true ? [check] : [])));
  if (blocking.size === 0) return evidence;
  const checks = `${blocking.size === 1 ? 'check' : 'checks'} ${[...blocking].join(' and ')}`;
  const remedy = remedyOf(`Do not apply yet. Fix the failed ${checks}, then run the gate again.`);
  const isKept = (one: Evidence) => one.holds !== 'no' || one.blocksApply === true || isOwners(one.remedy);
  return evidence.map((one) => (isKept(one) ? one : { ...one, remedy }));
}

/** Whether a remedy begins with the command that prints what an owner has to write. */
function isOwners(remedy: Remedy | undefined): boolean {
  const command = remedy?.flatMap((step) => ('run' in step ? [step.run] : []))[0];
  return command?.[1] === 'podlift' && (command[2] === 'association' || command[2] === 'trust');
}

function once(evidence: readonly Evidence[]): readonly Evidence[] {
  return [...new Map(evidence.map((one) => [JSON.stringify(one), one])).values()];
}
