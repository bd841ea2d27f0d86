import { need } from '../../estate/ask';
import type { TemplateFacts } from '../../estate/kubernetes/KubernetesPort';
import type { Cluster, Subject } from '../../inventory/Inventory';
import type { Concern, Step } from '../gate/Step';
import { sinceBegan } from '../gate/stageBegan';
import { placesOf } from '../gate/trail';
import { kubectl, named, run } from '../remedies';
import { type Checked, type CheckResult, fail, pass, problem } from './Check';

/**
 * Each CronJob of the workloads of a step has completed a run since the stage began: a job that runs once a month has shown nothing in a week. The run
 * counts, and not the schedule; a suspended CronJob is not seen. Nothing where a workload has no CronJob.
 */
export function cronRuns(step: Step, now: Date): readonly Concern[] {
  return step.workloads.flatMap((workload) =>
    placesOf(step, workload).map(({ cluster, subject }): Concern => ({
      workload,
      cluster,
      path: `workloads.${workload.key}`,
      checked: sinceBegan(step, workload, now, (began) =>
        need([{ ask: 'templates', cluster: cluster.arn, namespace: subject.namespace }], (templates) =>
          judge(step, subject, cluster, templates, began),
        ),
      ),
    })),
  );
}

function judge(
  step: Step,
  subject: Subject,
  cluster: Cluster,
  templates: readonly TemplateFacts[],
  began: Date,
): Checked {
  const jobs = templates.filter((one) => one.cron !== undefined && one.serviceAccount === subject.name);
  const late = jobs.filter(({ cron }) => !(Date.parse(cron?.lastSuccessful ?? '') >= began.getTime()));
  if (jobs.length === 0) return undefined;
  if (late.length === 0)
    return pass(`each CronJob has completed since ${began.toISOString()}: ${named(jobs.map(({ name }) => name))}`);
  return late.map((job) => notRun(step, cluster, job, began));
}

function notRun(
  { wave, environment }: Step,
  cluster: Cluster,
  { namespace, name, cron }: TemplateFacts,
  began: Date,
): CheckResult {
  const last = cron?.lastSuccessful === undefined ? 'never' : `last ${cron.lastSuccessful}`;
  const since = `CronJob ${namespace}/${name} has not completed since ${began.toISOString()} (${last}, schedule ${cron?.schedule ?? ''})`;
  const advice = [
    cron?.suspended === true
      ? 'Resume the CronJob and wait for a run; or, if one more run does no harm, start it:'
      : 'Wait for its next run; or, if one more run does no harm, start it:',
    kubectl(cluster, namespace)`create job ${`${name.slice(0, 40)}-once`} --from=cronjob/${name}`,
    'Then run the gate again:',
    run`npx podlift gate ${wave.key} --environment ${environment.key}`,
  ];
  return cron?.suspended === true
    ? fail('unknown', `not seen: ${since}, and it is suspended`, advice)
    : problem(since, advice);
}
