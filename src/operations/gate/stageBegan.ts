import type { SubjectPlace } from '../../blueprint/places';
import { compileWorkload } from '../../blueprint/compileWorkload';
import { STAGE_TABLE } from '../../blueprint/stageTable';
import { type Ask, isAsk, isNoAnswer, need, type NoAnswer } from '../../estate/ask';
import type { AssociationFacts, RoleFacts, TrailEvent } from '../../estate/aws/AwsPort';
import type { ServiceAccountFacts } from '../../estate/kubernetes/KubernetesPort';
import { ninetyDaysBefore, type QuestionOf } from '../../estate/questions';
import { subjectName, type Workload } from '../../inventory/Inventory';
import { type CheckAsk, type Checked, type CheckResult, fail } from '../checks/Check';
import { named } from '../remedies';
import type { Concern, Step } from './Step';
import { GLOBAL_REGION, placesOf, wholeSecond } from './trail';

/** When AWS and the clusters had the stage of a workload: the time of the last change that belongs to it. */
export interface Began {
  readonly at: Date;
  /** What changed then: `the annotation of production/orders-api on main`. */
  readonly by: string;
}

/** Something that changed at a time, or whose time nobody shows. */
interface Change {
  readonly at: string | undefined;
  readonly by: string;
}

const TRUST_CHANGE = 'UpdateAssumeRolePolicy';

/**
 * When a stage of a workload began, by what AWS and its clusters say, and never by `since`, which can be typed in: the latest change of
 * - the trust policies of its role and of its target roles (CloudTrail: `UpdateAssumeRolePolicy`; a younger role: its creation),
 * - its associations (`modifiedAt`), at stages that have them,
 * - its annotation (the times of the field owners), at stages that have removed it.
 *
 * Gives a result that could not be checked where none of these has a time. CloudTrail shows a change of a trust policy up to 15 minutes
 * late; a change that CloudTrail no longer has is older than 90 days.
 */
export function stageBegan(step: Step, workload: Workload, now: Date): Ask<Began | CheckResult | NoAnswer> {
  const { environment } = step;
  const { role, targetRoles, serviceAccounts } = compileWorkload(environment, { ...workload, stage: step.from });
  const row = STAGE_TABLE[step.from];
  const places = placesOf(step, workload);
  const roles = [{ account: environment.account, name: role.name }, ...targetRoles];
  const placeText = ({ cluster, subject }: SubjectPlace) => `${subjectName(subject)} on ${cluster.key}`;
  // An add-on may keep its annotation: EKS goes by the association.
  const annotated = places.filter(
    ({ cluster, subject }) =>
      !row.annotation &&
      serviceAccounts.find(
        (one) => one.cluster === cluster.key && one.namespace === subject.namespace && one.name === subject.name,
      )?.addon === undefined,
  );
  const associated = row.association ? places : [];
  const questions = [
    ...roles.map((one) => ({ ask: 'role', account: one.account.id, name: one.name }) as const),
    ...associated.map(({ cluster: { arn }, subject: { namespace, name } }) => {
      return { ask: 'association', cluster: arn, namespace, serviceAccount: name } as const;
    }),
    ...annotated.map(({ cluster: { arn }, subject: { namespace, name } }) => {
      return { ask: 'serviceAccount', cluster: arn, namespace, name } as const;
    }),
  ];
  return need(questions, (...values): Began | CheckResult | Ask<Began | CheckResult | NoAnswer> => {
    const found = [...values] as (RoleFacts | AssociationFacts | ServiceAccountFacts | undefined)[];
    const take = (count: number) => found.splice(0, count);
    const rolesFound = take(roles.length) as (RoleFacts | undefined)[];
    const associations = take(associated.length) as (AssociationFacts | undefined)[];
    const accounts = take(annotated.length) as (ServiceAccountFacts | undefined)[];
    const created = rolesFound.flatMap((one): Change[] =>
      one?.createdAt === undefined ? [] : [{ at: one.createdAt, by: `the creation of role ${one.name}` }],
    );
    const changes: readonly Change[] = [
      ...associations.flatMap((one, index): Change[] => {
        const place = associated[index];
        if (one === undefined || place === undefined) return [];
        return [{ at: one.modifiedAt, by: `the association of ${placeText(place)}` }];
      }),
      ...accounts.flatMap((one, index): Change[] => {
        const place = annotated[index];
        if (one === undefined || place === undefined) return [];
        return [{ at: annotationTime(one), by: `the annotation of ${placeText(place)}` }];
      }),
    ];
    if (changes.length > 0 && changes.every(({ at }) => at === undefined)) {
      return unknown(step, `nothing shows when ${named(changes.map(({ by }) => by))} changed`);
    }
    const known = latestOf([...created, ...changes, ...writtenSince(step, accounts, now)]);
    const since = known?.at ?? new Date(ninetyDaysBefore(now.toISOString()));
    const accountIds = [...new Set(roles.map(({ account }) => account.id))];
    const trails = accountIds.map((account): QuestionOf<'events'> => ({
      ask: 'events',
      account,
      region: GLOBAL_REGION[environment.partition],
      name: TRUST_CHANGE,
      since: wholeSecond(since),
    }));
    return need(trails, (...answers) => {
      const trusts = accountIds.flatMap((id, index) => {
        const names = roles.filter(({ account }) => account.id === id).map((one) => one.name);
        return trustChanges(answers[index] ?? [], names);
      });
      const began = latestOf([
        ...trusts,
        ...(known === undefined ? [] : [{ at: known.at.toISOString(), by: known.by }]),
      ]);
      return began ?? unknown(step, `neither AWS nor a cluster shows when ${workload.key} came to ${step.from}`);
    });
  });
}

/** Asks when the stage of a workload began; `next` receives the time. What could not be checked is the result. */
export function sinceBegan(step: Step, workload: Workload, now: Date, next: (began: Date) => Checked): CheckAsk {
  return then(stageBegan(step, workload, now), (began) => ('state' in began ? began : next(began.at)));
}

/** Judges each workload of a step by what happened since its stage began. */
export function eachSinceBegan(
  step: Step,
  now: Date,
  judgeSince: (workload: Workload, began: Date) => Checked,
): readonly Concern[] {
  const path = `waves.${step.wave.key}.stages`;
  return step.workloads.map((workload) => ({
    workload,
    path,
    checked: sinceBegan(step, workload, now, (began) => judgeSince(workload, began)),
  }));
}

/** An ask that goes on with the result of another one; an ask as the result is asked too. */
function then<T>(first: Ask<T | NoAnswer>, next: (result: T) => Checked): CheckAsk {
  return {
    questions: first.questions,
    next: (answers) => {
      const result = first.next(answers);
      if (isAsk(result)) return then(result, next);
      if (isNoAnswer(result)) return result;
      return next(result);
    },
  };
}

function latestOf(changes: readonly Change[]): Began | undefined {
  const timed = changes.flatMap(({ at, by }) => (at === undefined ? [] : [{ at: new Date(at), by }]));
  return timed.toSorted((one, other) => other.at.getTime() - one.at.getTime())[0];
}

/** IAM takes the name of a role in any case. */
function trustChanges(events: readonly TrailEvent[], names: readonly string[]): readonly Change[] {
  const wanted = new Set(names.map((name) => name.toLowerCase()));
  return events
    .filter(
      ({ name, role, error }) => name === TRUST_CHANGE && error === undefined && wanted.has(role?.toLowerCase() ?? ''),
    )
    .map(({ at, role = '' }) => ({ at, by: `the trust policy of ${role}` }));
}

/**
 * When the annotation of a service account changed last. podlift owns an empty annotation at `cutover`, with the time of its apply. An annotation that somebody
 * else removed has no owner: the newest time of the account's owners is then the best that the cluster shows.
 */
function annotationTime({ roleOwners, changedAt }: ServiceAccountFacts): string | undefined {
  return ownerTimes(roleOwners).at(-1) ?? changedAt;
}

function ownerTimes(owners: ServiceAccountFacts['roleOwners']): readonly string[] {
  return owners.flatMap(({ at }) => at ?? []).toSorted();
}

/**
 * `since` of the inventory, where an annotation has no owner: Kubernetes keeps no time for a field that somebody removed. It only makes the soak longer, beside
 * the times of AWS and of the cluster. A time to come says nothing.
 * Source: k8s.io/apimachinery pkg/util/managedfields/internal/managedfieldsupdater.go (a write that takes no fields sets no time)
 */
function writtenSince(
  { wave, environment }: Step,
  accounts: readonly (ServiceAccountFacts | undefined)[],
  now: Date,
): readonly Change[] {
  const written = Date.parse(wave.stages[environment.key]?.since ?? '');
  const unowned = accounts.some((one) => one !== undefined && ownerTimes(one.roleOwners).length === 0);
  return unowned && written <= now.getTime()
    ? [{ at: new Date(written).toISOString(), by: 'the last step of the wave: nobody owns the annotation' }]
    : [];
}

function unknown({ wave, environment }: Step, found: string): CheckResult {
  return fail(
    'unknown',
    `could not be checked: ${found}`,
    `Read AWS and the cluster again: an Estate that an older podlift saved has no times. waves.${wave.key}.stages.${environment.key}.since does not count, since it can be typed in.`,
  );
}
