import { oidcProviderArn } from '../../blueprint/arns';
import { compileWorkload } from '../../blueprint/compileWorkload';
import type { TrailEvent } from '../../estate/aws/AwsPort';
import type { Workload } from '../../inventory/Inventory';
import type { Step, StepCheck } from '../gate/Step';
import { isAbout, TRAIL_DELAY, trailEvents } from '../gate/trail';
import { run, say } from '../remedies';
import { type CheckResult, fail, pass } from './Check';
import { named } from './named';
import { stageSince } from './soak';

/**
 * Nobody has assumed the workload's role by web identity since the stage began: whoever did would lose it at the next step.
 * Only the providers of the workload's clusters count, since those of others (GitHub's on an adopted role) stay in the trust policy; an event
 * that names no provider counts. A denied attempt has nothing to lose, and is only mentioned.
 */
export const webIdentityUnused: StepCheck = (step, now) => {
  const since = stageSince(step, now);
  return step.workloads.map((workload) => ({
    workload,
    path: `waves.${step.wave.key}.stages`,
    checked: [
      since.known
        ? trailEvents(step, ['AssumeRoleWithWebIdentity'], since.since, (events) => [
            judge(step, workload, events, since.since),
          ])
        : since.result,
    ],
  }));
};

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
  return fail(
    'problem',
    `web identity sessions since ${since.toISOString()}: ${assumed.length}, the last at ${last.at} by ${named([...callers], 3)}`,
    [
      say(
        'Find the pods that still use web identity, and restart them. Then roll back and advance, so that the soak starts again:',
      ),
      ...['rollback', 'advance'].map((command) =>
        run('npx', 'podlift', command, wave.key, '--environment', environment.key),
      ),
    ],
  );
}
