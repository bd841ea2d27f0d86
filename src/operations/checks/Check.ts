import { placesIn } from '../../blueprint/places';
import { compileWorkload, type WorkloadParts } from '../../blueprint/compileWorkload';
import { STAGE_TABLE, type StageRow } from '../../blueprint/stageTable';
import type { ServiceAccountPods } from '../../comparison/access';
import { isApplied } from '../../comparison/role';
import type { Ask, NoAnswer } from '../../estate/ask';
import type { Answer, RoleFacts } from '../../estate/aws/AwsPort';
import type { Question } from '../../estate/questions';
import type { Remedy, RemedyStep } from '../../estate/Remedy';
import type { DecidingCondition } from '../../iam/Decision';
import { dependsText, explainConditions } from '../../iam/explain';
import {
  type Cluster,
  type Environment,
  type Stage,
  STAGES,
  type Subject,
  type Workload,
} from '../../inventory/Inventory';
import { type Advice, applyStacks, type Reason, remedyOf, stacks } from '../remedies';

/** A service account of a workload on one of its clusters, with what must exist for it at its stage. */
export interface WorkloadOnCluster {
  readonly environment: Environment;
  readonly workload: Workload;
  readonly cluster: Cluster;
  readonly serviceAccount: Subject;
  /** The roles of the workload, and the association and the annotation of the service account on the cluster. */
  readonly parts: WorkloadParts;
  /** The row of its stage. */
  readonly row: StageRow;
  /** The stage to which a step leads; absent where no step is judged. */
  readonly next?: Stage;
  /** The time of the Estate, which decides conditions on the time; absent: what they decide is not known. */
  readonly now?: Date;
  /** The questions about what it has in its account and on its cluster. */
  readonly questions: ReturnType<typeof questionsAbout>;
}

/** Each service account of a workload on each of its clusters. `next`: the stage to which a step leads; `now`: the time of the Estate. */
export function onClusters(
  environment: Environment,
  workload: Workload,
  next?: Stage,
  now?: Date,
): readonly WorkloadOnCluster[] {
  const parts = compileWorkload(environment, workload);
  const row = STAGE_TABLE[workload.stage];
  return placesIn(workload, environment.clusters).map(({ cluster, subject: serviceAccount }) => {
    const questions = questionsAbout(environment, serviceAccount, cluster, parts.role.name);
    const known = { ...(next !== undefined && { next }), ...(now !== undefined && { now }) };
    const own = narrowed(parts, serviceAccount, cluster);
    return { environment, workload, cluster, serviceAccount, parts: own, row, questions, ...known };
  });
}

function narrowed(parts: WorkloadParts, { namespace, name }: Subject, { key }: Cluster): WorkloadParts {
  return {
    ...parts,
    associations: parts.associations.filter(
      (one) => one.cluster === key && one.namespace === namespace && one.serviceAccount === name,
    ),
    serviceAccounts: parts.serviceAccounts.filter(
      (one) => one.cluster === key && one.namespace === namespace && one.name === name,
    ),
  };
}

/** The pods of the service account, as the trust policies see them. */
export function podsOf({
  serviceAccount: { namespace, name },
  workload: { sessionTags },
}: Pick<WorkloadOnCluster, 'serviceAccount' | 'workload'>): ServiceAccountPods {
  return { namespace, name, sessionTags };
}

function questionsAbout(
  { account: { id: account } }: Environment,
  { namespace, name }: Subject,
  { arn: cluster }: Cluster,
  role: string,
) {
  return {
    role: { ask: 'role', account, name: role },
    policies: { ask: 'rolePolicies', account, name: role },
    cluster: { ask: 'cluster', cluster },
    association: { ask: 'association', cluster, namespace, serviceAccount: name },
    serviceAccount: { ask: 'serviceAccount', cluster, namespace, name },
    pods: { ask: 'pods', cluster, namespace },
    templates: { ask: 'templates', cluster, namespace },
    nodes: { ask: 'nodes', cluster },
  } as const satisfies Readonly<Record<string, Question>>;
}

type Staged = Pick<WorkloadOnCluster, 'workload' | 'row' | 'next'>;

/** The row of the stage that is judged: the one to which a step leads, or that of the workload. */
export function judgedRow({ row, next }: Pick<Staged, 'row' | 'next'>): StageRow {
  return next === undefined ? row : STAGE_TABLE[next];
}

/** Whether a step is judged that leads back. */
export function isBack({ workload, next }: Pick<Staged, 'workload' | 'next'>): boolean {
  return next !== undefined && STAGES.indexOf(next) < STAGES.indexOf(workload.stage);
}

/**
 * Whether the cluster must be ready for Pod Identity: at the stage of the workload, or at the one to which a step forward leads. A step back asks
 * for nothing that only the way forward needs: operators roll back because Pod Identity does not work.
 */
export function needsPodIdentity(subject: Staged): boolean {
  return !isBack(subject) && judgedRow(subject).trustsPodIdentity;
}

/** Whether new pods use Pod Identity: at the stage of the workload, or after a step forward. Not asked for before a step back, see `needsPodIdentity`. */
export function usesPodIdentity(subject: Staged): boolean {
  return !isBack(subject) && judgedRow(subject).newPodUses === 'pod-identity';
}

/** `warning`: it works now, and it needs attention; it stops no step. `unknown`: it could not be checked, which never counts as `ok`. */
export type State = 'ok' | 'problem' | 'warning' | 'unknown';

/** What a check found. */
export interface CheckResult {
  readonly state: State;
  /** In lines; the first stands for itself. */
  readonly found: string;
  /** What to do. Present unless the state is `ok`, and also there where something is to be done before or after a step. */
  readonly remedy?: Remedy;
  /** When the remedy of a result that is `ok` is due. */
  readonly due?: 'before-step' | 'after-step';
  /** Names of the pods that the result is about. */
  readonly pods?: readonly string[];
  /** A command that shows what was found. Default: the command that reads the same as the check. */
  readonly inspect?: RemedyStep;
  /** An apply would cost running pods their role: no other remedy may be an apply. */
  readonly blocksApply?: true;
  /** The kubeconfig context leads to another cluster, or could not be verified: nobody can accept this result. */
  readonly identity?: true;
  /** Why a question had no answer. */
  readonly reason?: Reason;
  /** The conditions of policies on which the result depends, and that podlift cannot evaluate; the state is `unknown` then. */
  readonly dependsOn?: readonly DecidingCondition[];
}

/**
 * What a check gives: a result, a question from which further results come, several of these, or nothing where there is nothing to judge or another
 * check says what is missing. Each ask of a list is judged by itself: one without an answer hides no other.
 */
export type Checked = CheckResult | CheckAsk | readonly (CheckResult | CheckAsk)[] | undefined;

/** Questions, and what a check gives after their answers. */
export type CheckAsk = Ask<Checked | NoAnswer>;

/** One check of a workload on a cluster. */
export type CheckFunction = (subject: WorkloadOnCluster) => Checked;

/** The parts of what a check gives. */
export function partsOf(checked: Checked): readonly (CheckResult | CheckAsk)[] {
  return [checked ?? []].flat();
}

/** The check passes. */
export function pass(found: string, more: Pick<CheckResult, 'inspect' | 'remedy' | 'due'> = {}): CheckResult {
  return { state: 'ok', found, ...more };
}

type More = Pick<CheckResult, 'inspect' | 'pods' | 'blocksApply' | 'identity'>;

/** The check fails, needs attention, or could not be made. */
export function fail(state: Exclude<State, 'ok'>, found: string, advice: Advice, more: More = {}): CheckResult {
  const { pods = [], ...rest } = more;
  return { state, found, remedy: remedyOf(advice), ...rest, ...(pods.length > 0 && { pods }) };
}

/**
 * Something is not as the stage has it, and a step back costs no pod its credentials by it: a note, which does not stop the step.
 *
 * @param why what makes it harmless, as a sentence
 */
export function note(found: string, why: string): CheckResult {
  return fail('warning', found, why);
}

/** The check fails. */
export function problem(found: string, advice: Advice, more?: More): CheckResult {
  return fail('problem', found, advice, more);
}

/**
 * The check could not be made: what IAM answers depends on these conditions. Nothing is wrong for all that is known, so nothing is to be changed.
 *
 * @param question what the conditions decide: `whether …`
 */
export function depends(question: string, dependsOn: readonly DecidingCondition[], more: More = {}): CheckResult {
  const found = [`could not be checked: ${dependsText(dependsOn)}`, `${question}:`, ...explainConditions(dependsOn)];
  return { ...fail('unknown', found.join('\n'), DEPENDS_ADVICE, more), dependsOn };
}

/** What to do about conditions that podlift cannot evaluate. It never changes anything: the requests can meet the conditions. */
export const DEPENDS_ADVICE =
  'podlift does not know whether the requests of the pods meet these conditions. Compare the conditions with the requests in CloudTrail, and change nothing before.';

/** Applies what the inventory has: the identity stack. */
export function applyStage({ environment }: Pick<WorkloadOnCluster, 'environment'>): Remedy {
  return applyStacks(stacks.identity(environment));
}

/**
 * Whether no apply has brought the workload's role into podlift's state yet: it has none of podlift's tags. As long as that is so, what the
 * inventory imports must be there; later an import does nothing, and an apply creates again what is gone. False where the role is not known.
 * Source: blueprint/roleTags.ts; https://developer.hashicorp.com/terraform/language/import
 */
export function neverApplied(role: Answer<RoleFacts | undefined>): boolean {
  return role.ok && role.value !== undefined && !isApplied(role.value.tags);
}

/** What an apply says where something that the inventory imports is gone. */
export function importFails(what: string): string {
  return `The inventory imports ${what}, and an apply fails now with “Cannot import non-existent remote object”`;
}

/** What to do where something that a workload imports is gone before the first apply; `key` is that of the workload's settings. */
export function removeImport(subject: WorkloadOnCluster, what: string, key: string): Remedy {
  const path = `workloads.${subject.workload.key}.${key}`;
  return remedyOf(`${importFails(what)}. Remove it from ${path}, or create it again by hand.`, applyStage(subject));
}
