import { oidcProviderArn } from '../../blueprint/arns';
import { compileWorkload } from '../../blueprint/compileWorkload';
import type { TrailEvent } from '../../estate/aws/AwsPort';
import type { Workload } from '../../inventory/Inventory';
import type { Step, StepCheck } from '../gate/Step';
import { isAbout, TRAIL_DELAY, trailEvents } from '../gate/trail';
import { named, run } from '../remedies';
import { type CheckResult, pass, problem } from './Check';
import { sinceStage } from './soak';

/**
 * The workload's role has not been assumed by web identity since the stage began: such a caller would lose the role at the next step.
 * Only the providers of the workload's clusters count, since those of others (GitHub's on an adopted role) stay in the trust policy; an event
 * that names no provider counts. A denied attempt has nothing to lose, and is only mentioned.
 */
export const webIdentityUnused: StepCheck = (step, now) =>
  sinceStage(step, now, (workload, since) =>
    trailEvents(step, ['AssumeRoleWithWebIdentity'], since, (events) => judge(step, workload, events, since)),
  );

function judge(step: Step, workload: Workload, events: readonly TrailEvent[], since: Date): CheckResult {
  const { environment, wave } = step;
  const { partition, account, clusters } = environment;
  const providers = clusters.flatMap(({ key, oidc }) =>
    oidc === undefined || !workload.clusters.includes(key) ? [] : [oidcProviderArn(partition, account.id, oidc.issuer)],
  );
  const { arn } = compileWorkload(environment, { ...workload, stage: step.from }).role;
  const about = events
    .filter((event) => isAbout(event, arn) && event.at >= since.toISOString().slice(0, 19))
    .filter(({ provider }) => provider === undefined || providers.includes(provider))
    .toSorted((a, b) => (a.at < b.at ? 1 : -1));
  const assumed = about.filter(({ error }) => error === undefined);
  const denied = about.length - assumed.length;
  const [last] = assumed;
  if (last === undefined)
    return pass(
      `no web identity session since ${since.toISOString()}${denied > 0 ? `, ${denied} denied` : ''}; ${TRAIL_DELAY}`,
    );
  const callers = new Set(assumed.map(({ by }) => by ?? 'an unknown caller'));
  const again = (command: string) => run`npx podlift ${command} ${wave.key} --environment ${environment.key}`;
  return problem(
    `web identity sessions since ${since.toISOString()}: ${assumed.length}, the last at ${last.at} by ${named(callers, 3)}`,
    [
      'Find the pods that still use web identity, and restart them. Then roll back and advance, so that the soak starts again:',
      again('rollback'),
      again('advance'),
    ],
  );
}
