import { nameAmongSeveral, type Workload } from '../../inventory/Inventory';
import { need } from '../../estate/ask';
import { kindOf, type Question } from '../../estate/questions';
import type { Step, StepCheck } from '../gate/Step';
import { callersText, silenceOf, TRAIL_DELAY, type WebIdentityCalls, webIdentityCalls } from '../gate/trail';
import { formatTimeSpan } from '../timeSpan';
import { named } from '../remedies';
import { type CheckAsk, type CheckResult, onClusters, pass, problem, type WorkloadOnCluster } from './Check';
import { needReaders } from './controllers';
import { roleQuestion } from './rolePermissions';
import { compileWorkload } from '../../blueprint/compileWorkload';
import { againAfter } from './webIdentityUnused';

/** How long no web identity session may have started, in milliseconds, where the soak is shorter: jobs and refreshes that happen once a day are seen. */
const LONG_ENOUGH = 24 * 3_600_000;

/**
 * Nobody but pods of the workload reads its annotation: while new pods get Pod Identity, the last web identity session of its role was 24 hours ago, or the
 * soak of the wave, if that is longer, counted back from AWS's time. Controllers assume the role of a service account from their own pods (External Secrets and the
 * Secrets Store CSI driver request a token for it, KEDA reads the annotation), so that restarted pods of the workload prove nothing.
 * The finding names their objects, as far as they can be read.
 * Source: external-secrets #2951, secrets-store-csi-driver-provider-aws #300, keda #6418
 */
export const annotationReaders: StepCheck = (step, now) =>
  step.workloads.map((workload) => ({
    workload,
    path: `workloads.${workload.key}`,
    // Each part is judged by itself.
    checked: [callers(step, workload, now)],
  }));

function callers(step: Step, workload: Workload, now: Date): CheckAsk {
  const silence = Math.max(silenceOf(step.wave) ?? 0, LONG_ENOUGH);
  const { role } = compileWorkload(step.environment, { ...workload, stage: step.from });
  const since = new Date(now.getTime() - silence);
  // The answer about the role names AWS's time, from which the time is counted back.
  return need([roleQuestion(step.environment.account, role.name)], () =>
    needSources(step, workload, (sources) =>
      webIdentityCalls(step, workload, since, (calls) => judge(step, workload, calls, silence, sources)),
    ),
  );
}

/** Who can be the callers, as far as the clusters show it. */
interface Sources {
  /** Sentences that name the objects. */
  readonly lines: readonly string[];
  /** The objects whose controllers use web identity as long as there is an annotation, and Pod Identity after it. */
  readonly following: readonly string[];
}

/** Asks for the objects on the clusters of a workload whose controllers assume its role, as sentences. The check `controllers` asks for the same. */
function needSources(step: Step, workload: Workload, next: (sources: Sources) => CheckAsk): CheckAsk {
  const subjects = onClusters(step.environment, { ...workload, stage: step.from }, step.to);
  const on = ({ cluster, serviceAccount }: WorkloadOnCluster) => {
    const account = nameAmongSeveral(workload, serviceAccount);
    const of = account === undefined ? '' : ` of ${account}`;
    return subjects.length > 1 ? `${of} on ${cluster.key}` : of;
  };
  const from = ([subject, ...others]: readonly WorkloadOnCluster[], found: Sources): CheckAsk =>
    subject === undefined
      ? next(found)
      : needReaders(subject, ({ objects, following, unread }) =>
          from(others, {
            following: [...found.following, ...following.map((object) => `${object}${on(subject)}`)],
            lines: [
              ...found.lines,
              ...(objects.length === 0
                ? []
                : [`Objects${on(subject)} whose controllers assume the role: ${named(objects)}.`]),
              ...unread.map(
                ({ noAnswer, answer }) => `Could not be read${on(subject)}: ${askedText(noAnswer)} (${answer.why}).`,
              ),
            ],
          }),
        );
  return from(subjects, { lines: [], following: [] });
}

/** `get secretstores.external-secrets.io -A`. */
function askedText(question: Question): string {
  return kindOf(question).about(question, '');
}

function judge(
  step: Step,
  workload: Workload,
  { assumed, denied }: WebIdentityCalls,
  silence: number,
  { lines, following }: Sources,
): CheckResult {
  const span = `in the last ${formatTimeSpan(silence)}`;
  const [last] = assumed;
  if (last === undefined)
    return pass(`no web identity session ${span}${denied > 0 ? `, ${denied} denied` : ''}; ${TRAIL_DELAY}`);
  const found = `web identity sessions ${span}: ${assumed.length}, the last at ${last.at} by ${callersText(assumed)}`;
  return problem([found, ...lines].join('\n'), [
    'These callers lose the role when the annotation goes. Pods that ran before their restart are among them: wait. Otherwise let the controller use Pod Identity, or another role.',
    following.length === 0
      ? []
      : `These calls do not end before the annotation goes where they come from ${named(following)}: it uses Pod Identity as soon as there is no annotation. If no other caller is left, accept the check by name, with the reason: --accept annotation-readers:${workload.key} --because REASON. Restart the pods after the step.`,
    againAfter(step, last.at, silence),
  ]);
}
