import { type Cluster, nameAmongSeveral, type Subject, type Workload } from '../../inventory/Inventory';
import type { Concern, Step, StepCheck } from '../gate/Step';
import { sinceBegan } from '../gate/stageBegan';
import { placesOf, podIdentityUses, TRAIL_DELAY } from '../gate/trail';
import { run } from '../remedies';
import { type CheckAsk, fail, pass } from './Check';

/**
 * How far back the first question to CloudTrail goes, in milliseconds: the agent renews the credentials of a running pod within this time, and a long list
 * takes minutes. Source: docs/SANDBOX.md, Propagation and the agent's cache
 */
const RENEWED = 6 * 3_600_000;

/**
 * The workload's role has been used through Pod Identity by each of its service accounts on each of its clusters since the stage began. No pod and no use is no proof: a workload that slept
 * is not seen. IAM's `RoleLastUsed` names neither a cluster nor how the role was assumed, and does not count.
 */
export const roleUsed: StepCheck = (step, now) =>
  step.workloads.flatMap((workload) =>
    placesOf(step, workload).map(({ cluster, subject }): Concern => ({
      workload,
      cluster,
      serviceAccount: subject,
      path: `waves.${step.wave.key}.stages`,
      checked: sinceBegan(step, workload, now, (began) => usedSince(step, { workload, cluster, subject }, began, now)),
    })),
  );

/** The pods of a service account of a workload on a cluster. */
interface User {
  readonly workload: Workload;
  readonly cluster: Cluster;
  readonly subject: Subject;
}

function usedSince(step: Step, user: User, began: Date, now: Date): CheckAsk {
  const { workload, cluster, subject } = user;
  const lately = new Date(Math.max(began.getTime(), now.getTime() - RENEWED));
  const used = (since: Date, otherwise: () => CheckAsk | ReturnType<typeof notSeen>): CheckAsk =>
    podIdentityUses(step, workload, cluster, subject, since, (uses) => {
      const [last] = uses;
      if (last === undefined) return otherwise();
      return pass(`${uses.length} sessions through Pod Identity since ${since.toISOString()}, the last at ${last.at}`);
    });
  const notSeenSince = () => notSeen(step, user, began);
  return used(lately, () => (lately > began ? used(began, notSeenSince) : notSeenSince()));
}

function notSeen({ environment, wave }: Step, { workload, cluster, subject }: User, began: Date) {
  const account = nameAmongSeveral(workload, subject);
  const who = account === undefined ? '' : ` of ${account}`;
  const since = began.toISOString();
  const probe = run`npx podlift probe ${workload.key} --environment ${environment.key} --image IMAGE`;
  return fail(
    'unknown',
    `not seen: no session through Pod Identity${who} on ${cluster.key} since ${since}; ${TRAIL_DELAY}`,
    [
      `Use the role of ${workload.key} once on ${cluster.key}: let the workload run, or run a probe. IMAGE is any image with the AWS CLI that the cluster can pull, for example a mirror of public.ecr.aws/aws-cli/aws-cli:`,
      probe,
      'After 15 minutes run the gate again:',
      run`npx podlift gate ${wave.key} --environment ${environment.key}`,
    ],
  );
}
