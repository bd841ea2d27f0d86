import { oidcProviderArn } from '../../blueprint/arns';
import type { Workload } from '../../inventory/Inventory';
import type { TrailEvent } from '../../estate/aws/AwsPort';
import type { Check, Step } from './Check';
import { evidenceOf, judged, type Verdict } from './evidenceOf';
import { named } from '../checks/named';
import { stageSince } from './stageSince';
import { isAbout, TRAIL_DELAY, trailEvents, trailPlace } from './trailEvents';
import { clustersOf, partsAt } from './workloadsOnClusters';

const EVENT = 'AssumeRoleWithWebIdentity';

/**
 * Nobody has taken the workload's role by web identity since the stage began: whoever did would lose it at the next step.
 * Only the providers of the workload's clusters count, since those of others (GitHub's on an adopted role) stay in the trust; an event
 * that names no provider counts. An attempt that was denied has nothing to lose, and is only mentioned.
 */
export const webIdentityUnused: Check = (step, ports, now) => {
  const since = stageSince(step, now);
  return Promise.all(
    step.workloads.map(async (workload) => {
      const question = {
        check: 'web-identity-unused',
        workload: workload.key,
        asked: `cloudtrail:LookupEvents ${EVENT}`,
        of: trailPlace(step),
      } as const;
      if (!since.known)
        return evidenceOf(step, now, question, {
          found: `not known from when on to look: ${since.found}`,
          holds: 'no',
          remedy: since.remedy,
        });
      const events = await trailEvents(step, ports, now, [EVENT], since.since);
      return judged(step, now, question, events, (all) => judge(step, workload, all, since.since));
    }),
  );
};

function judge(step: Step, workload: Workload, events: readonly TrailEvent[], since: Date): Verdict {
  const { partition, account } = step.environment;
  const providers = clustersOf(step, workload).flatMap(({ oidc }) =>
    oidc === undefined ? [] : [oidcProviderArn(partition, account.id, oidc.issuer)],
  );
  const { arn } = partsAt(step, workload, step.from).role;
  const about = events
    .filter((event) => isAbout(event, arn) && event.at >= since.toISOString().slice(0, 19))
    .filter(({ provider }) => provider === undefined || providers.includes(provider))
    .toSorted((a, b) => (a.at < b.at ? 1 : -1));
  const taken = about.filter(({ error }) => error === undefined);
  const denied = about.length - taken.length;
  const [last] = taken;
  if (last === undefined)
    return {
      found: `none since ${since.toISOString()}${denied > 0 ? `, ${denied} denied` : ''}; ${TRAIL_DELAY}`,
      holds: 'yes',
    };
  return {
    found: `${taken.length} since ${since.toISOString()}, the last at ${last.at} by ${named([...new Set(taken.map(({ by }) => by ?? 'an unknown caller'))], 3)}`,
    holds: 'no',
    remedy: [
      'Find the pods that still hold web identity, and restart them; then start the stage again, so that it soaks without them:',
      ...['rollback', 'advance'].map(
        (command) => `npx podlift ${command} ${step.wave.key} --environment ${step.environment.key}`,
      ),
    ].join('\n'),
  };
}
