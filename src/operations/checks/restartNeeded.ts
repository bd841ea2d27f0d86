import { STAGE_TABLE } from '../../blueprint/stageTable';
import type { Mode } from '../../comparison/access';
import { ask } from '../../estate/ask';
import type { Stage } from '../../inventory/Inventory';
import { checkNewPods, WAIT_UNTIL_EFFECTIVE } from '../associationEffect';
import { OWNER_NAME } from '../ownedAssociation/ownerRemedy';
import { type Advice, named, remedyOf, restartPods } from '../remedies';
import { type CheckAsk, type CheckFunction, type CheckResult, pass, problem, type WorkloadOnCluster } from './Check';
import { holds, MODE_TEXT, needPods, ownPods, podsRun } from './pods';

/**
 * What a step takes from running pods. Where new pods already use the other mode, pods that hold the old one must be restarted
 * before the step: the check fails. Where they do not (from `dual` to `prepared`: while the association exists, every new pod gets Pod Identity),
 * a restart before the step changes nothing; the check passes, and the remedy says what to run after the apply, and how long to wait before.
 */
export const restartNeeded: CheckFunction = (subject) => {
  const { workload, cluster, row, next = workload.stage } = subject;
  const lost = lostMode(workload.stage, next);
  // Without the pods too: nothing that they show could stop the step.
  if (lost === undefined)
    return ask([subject.questions.pods], (pods) =>
      pass(
        pods.ok
          ? `${podsRun(ownPods(subject, pods.value).length)}; the step does not change their credentials`
          : 'the step does not change the credentials of pods',
      ),
    );
  return needPods(subject, (pods) => {
    const holding = pods.filter((pod) => holds(lost, pod));
    if (holding.length === 0) return pass(`${podsRun(pods.length)}, none uses ${MODE_TEXT[lost]}`);
    const found = `${holding.length} of ${pods.length} pods use ${MODE_TEXT[lost]}, which the step removes: ${named(holding.map(({ name }) => name))}`;
    const commands = restartPods(cluster, holding);
    const restart = commands.length > 0 ? commands : 'The pods are ending. Wait until they are gone.';
    const check =
      commands.length > 0
        ? checkNewPods(subject.serviceAccount, cluster, lost === 'irsa' ? 'pod-identity' : 'irsa')
        : [];
    return row.newPodUses === lost
      ? pass(found, {
          remedy: remedyOf(
            workload.associationOwner === undefined
              ? `After the apply, ${WAIT_UNTIL_EFFECTIVE} until EKS sees the change. Then restart the pods at once:`
              : `After the apply, let ${OWNER_NAME[workload.associationOwner]} remove the association, as \`podlift association\` says. Then ${WAIT_UNTIL_EFFECTIVE} until EKS sees the change, and restart the pods at once:`,
            restart,
            check,
          ),
          due: 'after-step',
        })
      : beforeStep(subject, found, lost, restart);
  });
};

/** While an association stands, each new pod uses Pod Identity: then a restart alone changes nothing. */
function beforeStep(subject: WorkloadOnCluster, found: string, lost: Mode, restart: Advice): CheckResult | CheckAsk {
  const plain = problem(found, ['Restart the pods before the step:', restart]);
  if (lost === 'irsa') return plain;
  return ask([subject.questions.association], (association) => {
    if (!association.ok || association.value === undefined) return plain;
    const { id } = association.value;
    return problem(found, [
      `New pods use Pod Identity as long as the association ${id} exists: delete it first, as the check association says. Then ${WAIT_UNTIL_EFFECTIVE}, and restart the pods before the step:`,
      restart,
    ]);
  });
}

/** The mode that a step takes from pods that hold it; nothing where it takes none. */
function lostMode(from: Stage, to: Stage): Mode | undefined {
  const [before, after] = [STAGE_TABLE[from], STAGE_TABLE[to]];
  if ((before.association && !after.association) || (before.trustsPodIdentity && !after.trustsPodIdentity))
    return 'pod-identity';
  return before.trustsOidc && !after.trustsOidc ? 'irsa' : undefined;
}
