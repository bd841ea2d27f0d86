import { hasGroupOf, resourceOf } from '../../catalogue/catalogue';
import {
  type ControllerUse,
  kindsFor,
  needsController,
  neverMoves,
  type ObjectRef,
  oldImages,
  type OwnPods,
  resourcesOf,
  unreadSecrets,
  usesOf,
} from '../../comparison/controllerUse';
import { type Ask, askAll, isNoAnswer, need, type NoAnswer } from '../../estate/ask';
import type { CustomObjectFacts } from '../../estate/kubernetes/KubernetesPort';
import type { Question } from '../../estate/questions';
import type { RemedyStep } from '../../estate/Remedy';
import type { Cluster } from '../../inventory/Inventory';
import { type Advice, kubectl, named, remedyOf, run } from '../remedies';
import {
  type CheckAsk,
  type Checked,
  type CheckFunction,
  type CheckResult,
  fail,
  isBack,
  needsPodIdentity,
  partsOf,
  pass,
  problem,
  usesPodIdentity,
  type WorkloadOnCluster,
} from './Check';
import { ownPods } from './pods';

/**
 * No controller that podlift knows uses the role of the workload in a way that ends at the stage: by a token for the service account, by the annotation, or
 * by a field of its own that must change with the move. A kind that the cluster does not have is nothing to judge. On the way back a kind that cannot
 * be read stops nothing.
 */
export const controllers: CheckFunction = (subject) => {
  const asked = needUses<Checked>(subject, (kinds, pods) => [
    ...ofOldImages(subject, pods),
    ...ofSecrets(subject, pods),
    ...kinds.map((kind) => ofUses(kind, (uses) => judge(subject, uses))),
    ...(oldImages(pods).length > 0 || ofSecrets(subject, pods).length > 0 ? [] : nothingUses(kinds)),
  ]);
  return isBack(subject) ? stoppingNothing(asked) : asked;
};

/** The uses of the role by the objects of one kind. */
type UsesFound = readonly ControllerUse[] | NoAnswer;
type UsesOfKind = Ask<UsesFound>;

/**
 * Asks for the objects on the cluster that use the role of a workload, kind by kind, so that a kind that cannot be read hides no other.
 *
 * @param next receives an ask for each kind of the catalogue that the cluster has, and the pods of the workload, those of its templates included
 */
function needUses<V>(
  { cluster: { arn: cluster }, parts, questions, serviceAccount, next: to }: WorkloadOnCluster,
  next: (kinds: readonly UsesOfKind[], pods: OwnPods) => V | Ask<V | NoAnswer>,
): Ask<V | NoAnswer> {
  const { namespace, name } = serviceAccount;
  const templates = { ask: 'templates', cluster, namespace } as const;
  return need([questions.pods, templates, { ask: 'apiGroups', cluster }], (running, all, groups) => {
    const pods = [
      ...ownPods({ serviceAccount, ...(to !== undefined && { next: to }) }, running),
      ...all.filter((one) => one.serviceAccount === name && one.finished !== true),
    ];
    const account = { namespace, name, roleArn: parts.role.arn, pods };
    const kinds = kindsFor(account).filter((kind) => hasGroupOf(groups, resourceOf(kind)));
    const asks = kinds.map((kind): UsesOfKind => {
      const resources = resourcesOf(kind).filter((resource) => hasGroupOf(groups, resource));
      const asked = resources.map((resource): Question => ({ ask: 'customObjects', cluster, resource }));
      return need(asked, (...lists): UsesFound | Ask<UsesFound> => {
        const objects = new Map(resources.map((one, at) => [one, lists[at] as readonly CustomObjectFacts[]]));
        // Only where such an object is one of the account, the version of its controller is worth a list of all templates.
        if (!needsController(kind) || usesOf(kind, objects, account).length === 0)
          return usesOf(kind, objects, account);
        return need([{ ask: 'allTemplates', cluster }], (templates) =>
          usesOf(kind, objects, { ...account, cluster: templates }),
        );
      });
    });
    return next(asks, pods);
  });
}

/** Judges the uses of one kind when they are known. */
function ofUses({ questions, next }: UsesOfKind, judged: (uses: readonly ControllerUse[]) => Checked): CheckAsk {
  return {
    questions,
    next: (answers) => {
      const found = next(answers);
      if (isNoAnswer(found)) return found;
      return 'questions' in found ? ofUses(found, judged) : judged(found);
    },
  };
}

/** What cannot be read is said, and passes: the way back needs no answer. */
function stoppingNothing(asked: CheckAsk): CheckAsk {
  return {
    questions: asked.questions,
    next: (answers) => {
      const found = asked.next(answers);
      if (isNoAnswer(found)) return pass(`not inspected: ${found.answer.message}`);
      return partsOf(found).map((part) => ('questions' in part ? stoppingNothing(part) : part));
    },
  };
}

/** One result where no object uses the role. Kinds without an answer have results of their own. */
function nothingUses(kinds: readonly UsesOfKind[]): readonly (CheckResult | CheckAsk)[] {
  if (kinds.length === 0) return [pass('the cluster has no object of a controller that podlift knows')];
  const all = askAll<readonly ControllerUse[] | NoAnswer, Checked>(kinds, (found) =>
    found.every((one) => !isNoAnswer(one) && one.length === 0)
      ? pass(`no object of ${kinds.length} kinds of known controllers uses the role`)
      : [],
  );
  return partsOf(all);
}

/** Images of known controllers that are too old for Pod Identity. */
function ofOldImages(subject: WorkloadOnCluster, pods: OwnPods): readonly CheckResult[] {
  const { row, next, workload } = subject;
  return oldImages(pods).map(({ image, controller: { title, podIdentity } }) => {
    const found = `${image}: ${title} cannot use Pod Identity. ${podIdentity?.because ?? ''}`;
    const onIrsa = row.newPodUses === 'irsa';
    if (isBack(subject) || (next === undefined && onIrsa && isFixed(workload))) return pass(found);
    const since = podIdentity?.since;
    const upgrade =
      since === undefined
        ? `Use another controller instead of ${title}, or leave the workload at irsa.`
        : `Upgrade ${title} to ${since} or later, then run the command again.`;
    if (next === undefined) return fail(onIrsa ? 'warning' : 'problem', found, upgrade);
    return problem(found, [upgrade, ...(onIrsa ? stay(subject, `${title} is too old for Pod Identity`) : [])]);
  });
}

/**
 * Secrets whose values decide how the pods of a controller use their role. They could not be checked: podlift reads no values of Secrets, and may not list them.
 * They matter as soon as sessions come from Pod Identity: the doctor says so one stage ahead.
 */
function ofSecrets(subject: WorkloadOnCluster, pods: OwnPods): readonly CheckResult[] {
  const { workload, serviceAccount, next, cluster, parts } = subject;
  if (next === undefined ? !needsPodIdentity(subject) : !usesPodIdentity(subject)) return [];
  const { namespace } = serviceAccount;
  const { key } = workload;
  return unreadSecrets(pods).map(({ controller, label, field, because, instead }) =>
    fail(
      'unknown',
      `could not be checked: ${field} in the Secrets with the label ${label} of ${controller.title} in ${namespace}. ${because}`,
      [
        `${instead} The role of ${controller.title} here is ${parts.role.arn}. The Secrets are:`,
        kubectl(cluster, namespace)`get secrets -l ${label} -o name`,
        `Then accept the check by name, with the reason: --accept controllers:${key} --because REASON.`,
      ],
    ),
  );
}

/** Whether a workload stays at its stage: it is in no wave. */
function isFixed({ wave }: WorkloadOnCluster['workload']): boolean {
  return wave === undefined;
}

function judge(subject: WorkloadOnCluster, uses: readonly ControllerUse[]): readonly CheckResult[] {
  const groups = new Map<string, ControllerUse[]>();
  for (const use of uses) {
    const key = JSON.stringify([use.mode.mode, use.value, use.versionUnknown]);
    groups.set(key, [...(groups.get(key) ?? []), use]);
  }
  return [...groups.values()].map((alike) => resultOf(subject, alike));
}

/** The result for uses of one mode, with the same value. */
function resultOf(subject: WorkloadOnCluster, uses: readonly ControllerUse[]): CheckResult {
  const [first] = uses;
  if (first === undefined) throw new Error('a group without uses');
  const { workload, next, cluster } = subject;
  const { mode, versionUnknown } = first;
  const [from, to] = [workload.stage, next ?? workload.stage];
  const inspect = { inspect: inspectObject(cluster, first.decidedBy) };
  const what = `${objectsText(uses)} of ${first.controller.title}`;
  const found = `${what}: ${mode.because}`;
  // As in `cannotMove`: neither a step back nor a workload that stays at its stage needs the version.
  if (versionUnknown === true && (isBack(subject) || (next === undefined && isFixed(workload))))
    return pass(found, inspect);
  if (versionUnknown === true)
    return fail(
      'unknown',
      `could not be checked: the version of ${first.controller.title} is not known by an image. ${found}`,
      `Compare the version with ${mode.below ?? ''}: older ones cannot use Pod Identity here. If it is not older, accept the check by name, with the reason: --accept controllers:${workload.key} --because REASON.`,
      inspect,
    );
  if (neverMoves(mode)) return cannotMove(subject, uses, found, inspect);
  const { works, change } = mode;
  // Without a field of its own the object works as it is.
  if (change === undefined) return pass(found, inspect);
  const changed = `${change.field} is ${shown(first.value)}`;
  const edit = changeObjects(cluster, uses);
  if (next === undefined) {
    if (works.includes(from)) return pass(`${found} (${changed})`, inspect);
    return problem(`${found} It does not work at ${from}: ${changed}`, edit, inspect);
  }
  if (works.includes(to)) return pass(`${found} (${changed})`, inspect);
  const before = change.works.includes(from) || !works.includes(from);
  if (before) return problem(`${found} It does not work at ${to}: ${changed}`, edit, inspect);
  const due = pass(`${found} It does not work at ${to}: ${changed}, and must change together with the step`, inspect);
  return { ...due, remedy: remedyOf(edit), due: 'after-step' };
}

/** A use that never works on Pod Identity. It stops the way forward from the first step on, since the wave could not end. */
function cannotMove(
  subject: WorkloadOnCluster,
  uses: readonly ControllerUse[],
  found: string,
  inspect: Pick<CheckResult, 'inspect'>,
): CheckResult {
  const { workload, next } = subject;
  const [{ mode }] = uses as readonly [ControllerUse];
  if (isBack(subject) || (next === undefined && isFixed(workload))) return pass(found, inspect);
  const never = `${found} ${mode.below === undefined ? 'This cannot move to Pod Identity.' : 'This version cannot use Pod Identity.'}`;
  const advice: Advice = [mode.instead ?? [], ...stay(subject, reasonOf(uses))];
  // Where no step is judged, it works up to the last of its stages.
  return next === undefined && mode.works.includes(workload.stage)
    ? fail('warning', never, advice, inspect)
    : problem(never, advice, inspect);
}

/** How to keep a workload at IRSA, with the reason for its entry. Past `irsa` only the steps back lead there: an edit of the stage would skip them. */
function stay(
  { workload, environment }: Pick<WorkloadOnCluster, 'workload' | 'environment'>,
  reason: string,
): readonly Advice[] {
  const { key, stage, wave } = workload;
  const entry = `remove the workload from its wave, and write \`stage: irsa, because: ${reason}\` into workloads.${key}.`;
  if (stage === 'irsa' || wave === undefined) return [`Or keep the workload at IRSA: ${entry}`];
  return [
    `Or keep the workload at IRSA: roll its wave back to irsa, step by step. Then ${entry}`,
    run`npx podlift rollback ${wave} --environment ${environment.key}`,
  ];
}

/** The reason why a workload stays at IRSA, for its entry in the inventory. */
export function reasonOf(uses: readonly ControllerUse[]): string {
  const [{ controller, mode }] = uses as readonly [ControllerUse];
  const does = {
    token: 'requests a token for the service account',
    annotation: 'reads the annotation',
    'annotation-first': 'reads the annotation',
    credentials: 'needs the variables of IRSA',
  }[mode.reads];
  return `${controller.title}${mode.below === undefined ? '' : ` below ${mode.below}`} ${does} for ${objectsText(uses)}`;
}

/** `SecretStore shop/orders, SecretStore shop/payments`. */
function objectsText(uses: readonly ControllerUse[]): string {
  return named(new Set(uses.flatMap(({ object, decidedBy }) => [objectText(object), objectText(decidedBy)])));
}

/** `SecretStore shop/orders`. */
function objectText({ kind, namespace, name }: ObjectRef): string {
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}

function shown(value: string | undefined): string {
  return value === undefined ? 'not set' : JSON.stringify(value);
}

/** Changes the field of a mode in each of its objects. */
function changeObjects(cluster: Cluster, uses: readonly ControllerUse[]): Advice {
  const [{ mode, value }] = uses as readonly [ControllerUse];
  if (mode.change === undefined) return [];
  const { field, to } = mode.change;
  const patch = JSON.stringify(field.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), to));
  const objects = new Map(uses.map(({ decidedBy }) => [objectText(decidedBy), decidedBy]));
  const change =
    to === null ? `Remove ${field}, which is ${shown(value)}` : `Change ${field} from ${shown(value)} to ${shown(to)}`;
  return [
    `${change}: where the object is written (Git, Helm), or by kubectl:`,
    [...objects.values()].map(
      ({ resource, namespace, name }) =>
        kubectl(cluster, namespace)`patch ${resource} ${name} --type=merge -p ${patch}`,
    ),
  ];
}

function inspectObject(cluster: Cluster, { resource, namespace, name }: ObjectRef): RemedyStep {
  return kubectl(cluster, namespace)`get ${resource} --field-selector ${`metadata.name=${name}`} -o yaml`;
}

/** Who assumes the role of a workload from pods that are not its own. */
export interface Readers {
  /** The objects as people name them: `SecretStore shop/orders of External Secrets`. */
  readonly objects: readonly string[];
  /** Those of them that use Pod Identity as soon as there is no annotation, and web identity until then. */
  readonly following: readonly string[];
  /** Questions that have no answer: kinds that could not be read. */
  readonly unread: readonly NoAnswer[];
}

/**
 * Asks for the objects whose controllers assume the role of a workload from their own pods, by a token for the service account or by the annotation: the
 * sources of web identity that are no pods of the workload. What cannot be read hides nothing else: `next` receives it too.
 */
export function needReaders(subject: WorkloadOnCluster, next: (readers: Readers) => Checked): CheckAsk {
  const uses = needUses<readonly (ControllerUse | NoAnswer)[]>(subject, (kinds) =>
    askAll<readonly ControllerUse[] | NoAnswer, readonly (ControllerUse | NoAnswer)[]>(kinds, (found) => found.flat()),
  );
  const asked = askAll<readonly (ControllerUse | NoAnswer)[] | NoAnswer, Checked>([uses], ([found = []]) => {
    const all = isNoAnswer(found) ? [found] : found;
    const reading = all.filter((one): one is ControllerUse => !isNoAnswer(one) && one.mode.reads !== 'credentials');
    const textsOf = (uses: readonly ControllerUse[]) => [
      ...new Set(uses.map(({ object, controller }) => `${objectText(object)} of ${controller.title}`)),
    ];
    const following = textsOf(reading.filter(({ mode }) => mode.reads === 'annotation-first'));
    const unread = all.filter((one) => isNoAnswer(one)).flatMap((one) => [one, ...(one.others ?? [])]);
    return next({ objects: textsOf(reading), following, unread });
  });
  return asked as CheckAsk;
}
