import { oidcProviderArn } from '../../blueprint/arns';
import { placesIn, type SubjectPlace } from '../../blueprint/places';
import { compileWorkload } from '../../blueprint/compileWorkload';
import { need } from '../../estate/ask';
import type { TrailEvent } from '../../estate/aws/AwsPort';
import type { PodFacts, TemplateFacts } from '../../estate/kubernetes/KubernetesPort';
import type { QuestionOf } from '../../estate/questions';
import { type Cluster, type Partition, type Subject, type Wave, type Workload } from '../../inventory/Inventory';
import { type CheckAsk, type Checked, type CheckResult, fail } from '../checks/Check';
import { named } from '../remedies';
import { parseTimeSpan } from '../timeSpan';
import type { Step } from './Step';

/**
 * Where CloudTrail has the events of IAM and of the global STS endpoint.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_region-endpoints.html and
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html#cloudtrail-concepts-global-service-events
 */
export const GLOBAL_REGION: Readonly<Record<Partition, string>> = {
  aws: 'us-east-1',
  'aws-cn': 'cn-north-1',
  'aws-us-gov': 'us-gov-west-1',
};

/** Events carry whole seconds: one of the second in which something began counts as after it. */
export function wholeSecond(time: Date): string {
  return new Date(Math.floor(time.getTime() / 1000) * 1000).toISOString();
}

/** What an operator must know about events of CloudTrail. */
export const TRAIL_DELAY = 'CloudTrail is up to 15 minutes late';

/** Milliseconds until CloudTrail shows an event. In so much time, silence proves nothing. */
const LATEST = 15 * 60_000;

/** How long silence must last, in milliseconds: the wave's soak, or the delay of CloudTrail where that is longer or there is no soak. Nothing where the soak is no duration. */
export function silenceOf({ soak }: Wave): number | undefined {
  const asked = soak === undefined ? 0 : parseTimeSpan(soak);
  return asked === undefined ? undefined : Math.max(asked, LATEST);
}

/** Whether CloudTrail's delay is longer than the wave's soak. */
export function isShorterThanTrail({ soak }: Wave): boolean {
  return (parseTimeSpan(soak ?? '') ?? 0) < LATEST;
}

/** The sessions of a role by web identity. */
export interface WebIdentityCalls {
  /** The newest first. */
  readonly assumed: readonly TrailEvent[];
  /** How many attempts were denied: they have nothing to lose. */
  readonly denied: number;
}

/**
 * Asks for the web identity sessions of a workload's role since a time. Only the providers of the workload's clusters count, since those of others (GitHub's
 * on an adopted role) stay in the trust policy; an event that names no provider counts. A call is in the CloudTrail of the region whose STS it used: that of the
 * cluster, that of the global endpoint, or one that a pod names itself.
 */
export function webIdentityCalls(
  step: Step,
  workload: Workload,
  since: Date,
  next: (calls: WebIdentityCalls) => Checked,
): CheckAsk {
  const { partition, account } = step.environment;
  const clusters = clustersOf(step, workload);
  const providers = clusters.flatMap(({ oidc }) =>
    oidc === undefined ? [] : [oidcProviderArn(partition, account.id, oidc.issuer)],
  );
  const { arn } = compileWorkload(step.environment, { ...workload, stage: step.from }).role;
  const runs = placesOf(step, workload).flatMap(({ cluster: { arn: cluster }, subject }) => {
    const { namespace } = subject;
    const asked = [
      { ask: 'pods', cluster, namespace },
      { ask: 'templates', cluster, namespace },
    ] as const;
    return asked.map((question) => ({ question, subject }));
  });
  return need(
    runs.map(({ question }) => question),
    (...found): Checked => {
      const own = runs.flatMap(({ subject }, index) => {
        const all: readonly (PodFacts | TemplateFacts)[] = found[index] ?? [];
        return all.filter((one) => one.serviceAccount === subject.name);
      });
      const named = regionsOf(own, GLOBAL_REGION[partition]);
      const regions = new Set([...clusters.map(({ region }) => region), GLOBAL_REGION[partition], ...named.regions]);
      const began = wholeSecond(since);
      const questions = [...regions].map((region): QuestionOf<'events'> => ({
        ask: 'events',
        account: account.id,
        region,
        name: 'AssumeRoleWithWebIdentity',
        since: began,
      }));
      const calls = need(questions, (...answers) => {
        const about = eachOnce(answers.flat())
          .filter(({ roleArns, at }) => roleArns.includes(arn) && new Date(at) >= new Date(began))
          .filter(({ provider }) => provider === undefined || providers.includes(provider))
          .toSorted((one, other) => (one.at < other.at ? 1 : -1));
        const assumed = about.filter(({ error }) => error === undefined);
        return next({ assumed, denied: about.length - assumed.length });
      });
      return named.unknown === undefined ? calls : [calls, named.unknown];
    },
  );
}

/** `system:serviceaccount:production:orders-api (aws-sdk-go-v2/1.30.3, session external-secrets)`, each caller once. */
export function callersText(calls: readonly TrailEvent[]): string {
  const texts = calls.map(({ by = 'an unknown caller', userAgent = '', session }) => {
    const program = userAgent.split(' ')[0] ?? '';
    const more = [program, session === undefined ? '' : `session ${session}`].filter((part) => part !== '');
    return more.length === 0 ? by : `${by} (${more.join(', ')})`;
  });
  return named(new Set(texts), 3);
}

/** The clusters of a workload. */
export function clustersOf({ environment }: Pick<Step, 'environment'>, { clusters }: Workload): readonly Cluster[] {
  return environment.clusters.filter(({ key }) => clusters.includes(key));
}

/** Each service account of a workload on each of its clusters. */
export function placesOf(step: Pick<Step, 'environment'>, workload: Workload): readonly SubjectPlace[] {
  return placesIn(workload, step.environment.clusters);
}

function eachOnce(events: readonly TrailEvent[]): readonly TrailEvent[] {
  return [...new Map(events.map((event) => [event.id, event])).values()];
}

const REGION = /^[a-z]{2,3}(-[a-z]+)+-\d+$/;

/** The regions that pods and pod templates name for their calls to AWS, finished pods included; and a result for those that a pod does not state. */
function regionsOf(
  pods: readonly (PodFacts | TemplateFacts)[],
  global: string,
): { readonly regions: readonly string[]; readonly unknown?: CheckResult } {
  const all = pods.flatMap(({ name: pod, containers }) =>
    containers.flatMap(({ name: container, regions = {} }) =>
      Object.entries(regions).map(([variable, value]) => ({ pod, container, variable, value })),
    ),
  );
  // SDKs have this name for the global endpoint.
  const regions = all.map(({ value }) => (value === 'aws-global' ? global : value)).filter((one) => REGION.test(one));
  const unstated = all.filter(({ value }) => !REGION.test(value) && value !== 'aws-global');
  if (unstated.length === 0) return { regions };
  const texts = new Set(
    unstated.map(({ container, variable, value }) => `${variable} of container ${container} is ${value}`),
  );
  const found = `could not be checked: ${named(texts, 3)} (${named(new Set(unstated.map(({ pod }) => pod)))}), and podlift does not know which region that is`;
  return {
    regions,
    unknown: fail(
      'unknown',
      found,
      'Write the region into the pod spec as a value, so that podlift asks CloudTrail there too.',
    ),
  };
}

/** EKS, when it assumes the role of an association for a pod. */
const POD_IDENTITY = 'pods.eks.amazonaws.com';

/**
 * Asks for the sessions that EKS Pod Identity started with a workload's role for the pods of a service account on one of its clusters, since a time; the newest first.
 * EKS's own `AssumeRole` names the pod by the session tags. Without session tags the name of the session has the beginning of the cluster's name.
 * Source: aws-samples, workshop of EKS Pod Identity (records of `lookup-events`); see src/estate/aws/cloudTrailReads.ts
 */
export function podIdentityUses(
  step: Step,
  workload: Workload,
  cluster: Cluster,
  subject: Subject,
  since: Date,
  next: (uses: readonly TrailEvent[]) => Checked,
): CheckAsk {
  const { account } = step.environment;
  const { arn } = compileWorkload(step.environment, { ...workload, stage: step.from }).role;
  const began = wholeSecond(since);
  const { region } = cluster;
  return need([{ ask: 'roleEvents', account: account.id, region, arn, since: began }], (events) => {
    const uses = events
      .filter(
        ({ name, invokedBy, error }) => name === 'AssumeRole' && invokedBy === POD_IDENTITY && error === undefined,
      )
      .filter(({ roleArns, at }) => roleArns.includes(arn) && new Date(at) >= new Date(began))
      .filter((event) => isFor(event, step, subject, cluster));
    return next(uses.toSorted((one, other) => (one.at < other.at ? 1 : -1)));
  });
}

function isFor({ pod, session = '' }: TrailEvent, step: Step, subject: Subject, cluster: Cluster): boolean {
  if (pod !== undefined)
    return pod.cluster === cluster.name && pod.namespace === subject.namespace && pod.serviceAccount === subject.name;
  const prefix = sessionPrefix(cluster);
  const others = step.environment.clusters.filter(
    ({ key, region }) => key !== cluster.key && region === cluster.region,
  );
  return session.startsWith(prefix) && !others.some((other) => sessionPrefix(other) === prefix);
}

/** The session name is `eks-<cluster>-<pod>-<uuid>`, with at most ten characters of the first two. */
function sessionPrefix({ name }: Cluster): string {
  return `eks-${name.slice(0, 10)}-`;
}
