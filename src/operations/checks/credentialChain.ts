import type { Mode } from '../../comparison/access';
import { hardCoded, podCredentials, withoutInjected } from '../../comparison/podCredentials';
import { need } from '../../estate/ask';
import type { ContainerFacts, PodFacts, TemplateFacts } from '../../estate/kubernetes/KubernetesPort';
import type { RemedyStep } from '../../estate/Remedy';
import type { Cluster } from '../../inventory/Inventory';
import { inSentence } from '../../inventory/printable';
import { type Advice, inspectPod, kubectl, named, restartPods } from '../remedies';
import {
  type Checked,
  type CheckFunction,
  type CheckResult,
  fail,
  needsPodIdentity,
  pass,
  problem,
  type WorkloadOnCluster,
} from './Check';
import {
  failInPods,
  inspectPods,
  inspectTemplate,
  type InPod,
  ownPods,
  ownTemplates,
  ownerText,
  podsRun,
} from './pods';
import { ageOf } from './sdk';
import { credentialSource, type Picked, variablesOf, variableText, withInjected } from './sdkChain';
import { type FromSources, type UnreadSource, withSources } from './variableSources';

const REMOVE =
  'Remove the variables from the pod template (chart, ConfigMap or Secret), then roll it out. The webhook does not overwrite variables that are set.';

const JOB_ENDED = 'A Job cannot be changed. Correct what creates it, then delete the Job if it has ended:';

/** How pods that were admitted under another annotation get the right role, before the commands. */
export const RESTART_ADMITTED =
  'Restart these pods. If a new pod still has that role, either the annotation of the service account names it, or the pod template sets both variables:';

/**
 * Which credentials the SDK of each container uses, by the order of its chain and what the pod spec sets: keys, profiles and web identity
 * come before Pod Identity, and an SDK that finds nothing ends at the role of the node. Pod templates are judged for the pods that they will make:
 * those of a Deployment with 0 replicas and of a CronJob, too.
 */
export const credentialChain: CheckFunction = (subject) =>
  need([subject.questions.pods, subject.questions.templates], (allPods, allTemplates): Checked => {
    const pods = ownPods(subject, allPods).filter((pod) => {
      const { webIdentity, podIdentity } = podCredentials(pod);
      return webIdentity || podIdentity;
    });
    const templates = ownTemplates(subject, allTemplates);
    const containers = [...pods, ...templates].flatMap((one) => one.containers);
    return withSources(subject, containers, (from) => {
      const { cluster, workload } = subject;
      const supports = ageOf(workload)?.kind !== 'too old';
      const others = pods.flatMap((pod) => otherSources(subject, pod, supports, from));
      const profiles = pods.flatMap((pod) =>
        pod.containers.flatMap((container) => {
          const { profile } = credentialSource(variablesOf(container, from(container).variables), supports);
          return profile.length === 0 ? [] : [{ pod, text: `${container.name}: ${inSentence(profile.join(', '))}` }];
        }),
      );
      const named_ = new Set([...others, ...profiles].map(({ pod }) => ownerName(pod)));
      const mode = needsPodIdentity(subject) ? 'pod-identity' : 'irsa';
      const specs = templates.map(specOf).filter(({ owner }) => !named_.has(owner));
      const results = [
        ...failInPods('problem', cluster, others, (texts) => texts, REMOVE),
        ...failInPods(
          'warning',
          cluster,
          profiles,
          (texts) => `the SDK reads a profile first: ${texts}; credentials or a role there come first`,
          'Check that the file has no credentials and no role (a region alone is harmless), or remove the variables from the pod template.',
        ),
        ...judgeSpecs(subject, specs, from, mode, 'warning'),
        ...unreadSources(subject, [...pods.map(podSpec), ...templates.map(specOf)], from),
      ];
      if (results.length > 0) return results;
      if (pods.length === 0) return [];
      return pass(`${podsRun(pods.length)}: the SDK uses what its pod received`, inspectPods(subject));
    });
  });

/** The containers whose SDK does not use what the pod received. `supports`: the SDK is new enough for Pod Identity. */
function otherSources(
  { parts }: WorkloadOnCluster,
  pod: PodFacts,
  supports: boolean,
  from: (container: ContainerFacts) => FromSources,
): readonly InPod[] {
  const { podIdentity } = podCredentials(pod);
  const wanted = podIdentity ? 'pod-identity' : 'web-identity';
  const all = pod.containers
    .map((container) => ({ container, set: variablesOf(container, from(container).variables) }))
    .filter(({ set }) => set.size > 0)
    .map(({ container, set }) => ({ container, picked: credentialSource(set, supports) }))
    .filter(({ picked }) => picked.source !== wanted)
    .map(({ container, picked }) => ({ pod, text: sentence(container, picked, podIdentity, supports) }));
  const { arn } = parts.role;
  // A pod that was admitted under another annotation uses what it received: pod-credentials says so.
  if (all.length > 0 || podIdentity || admittedUnder(pod, arn) !== undefined) return all;
  return hardCoded(pod, arn).map((variable) => ({
    pod,
    text: `hard-coded, not from the webhook: ${inSentence(variable)}`,
  }));
}

function sentence(
  { name }: ContainerFacts,
  { source, says, by }: Picked,
  podIdentity: boolean,
  supports: boolean,
): string {
  if (source === 'node')
    return `${name}: the SDK uses ${says}${supports ? '' : ', since it is too old for Pod Identity'}`;
  return `${name}: the SDK uses ${says} (${inSentence(by.join(', '))}) before ${podIdentity ? 'Pod Identity' : 'web identity'}`;
}

/**
 * No pod and no pod template of the workload sets variables or mounts files that come before Pod Identity in an SDK's chain: a new pod would stay on
 * web identity, on keys or on a profile without a message. A pod that was admitted under another annotation sets nothing by itself, and holds
 * another role until it is restarted. The part of `credential-chain` that stops a wave.
 */
export const hardCodedVariables: CheckFunction = (subject) =>
  need([subject.questions.pods, subject.questions.templates], (allPods, allTemplates): Checked => {
    const { cluster, parts } = subject;
    const { arn } = parts.role;
    const pods = ownPods(subject, allPods);
    const templates = ownTemplates(subject, allTemplates);
    const admitted = pods.filter((pod) => admittedUnder(pod, arn) !== undefined);
    const specs: readonly Spec[] = [
      ...pods.map((pod) => ({
        owner: ownerName(pod),
        containers: withoutInjected(pod, admittedUnder(pod, arn) ?? arn),
        pod,
      })),
      ...templates.map(specOf),
    ];
    return withSources(
      subject,
      specs.flatMap(({ containers }) => containers),
      (from) => {
        const results: CheckResult[] = [
          ...judgeSpecs(subject, specs, from, 'pod-identity', 'unknown'),
          ...unreadSources(subject, specs, from),
        ];
        if (admitted.length > 0) {
          const names = new Set(
            admitted.map((pod) => `${inSentence(admittedUnder(pod, arn) ?? '')} (${ownerName(pod)})`),
          );
          const found = `pods were admitted when the annotation named another role: ${named(names, 3)}`;
          results.push(problem(found, [RESTART_ADMITTED, restartPods(cluster, admitted)]));
        }
        if (results.length > 0) return results;
        const inspected =
          templates.length === 1 ? '1 pod template does not' : `${templates.length} pod templates do not`;
        const also = templates.length === 0 ? '' : `; ${inspected} either`;
        return pass(`${podsRun(pods.length)}, none sets the variables itself${also}`, inspectPods(subject));
      },
    );
  });

/** A pod spec as its author wrote it: that of a running pod without what the webhook added, or a pod template. */
interface Spec {
  /** `deployment/orders-api`. */
  readonly owner: string;
  readonly containers: readonly ContainerFacts[];
  readonly template?: TemplateFacts;
  readonly pod?: PodFacts;
}

function podSpec(pod: PodFacts): Spec {
  return { owner: ownerName(pod), containers: pod.containers, pod };
}

function specOf(template: TemplateFacts): Spec {
  return { owner: ownerText(template), containers: template.containers, template };
}

/** A text about a spec. */
interface InSpec {
  readonly spec: Spec;
  readonly text: string;
}

/**
 * What keeps the SDK of a new pod of these specs from a mode.
 *
 * @param profile the state of a profile, whose content podlift does not read
 */
function judgeSpecs(
  subject: WorkloadOnCluster,
  specs: readonly Spec[],
  from: (container: ContainerFacts) => FromSources,
  mode: Mode,
  profile: 'warning' | 'unknown',
): readonly CheckResult[] {
  const { cluster } = subject;
  const all = specs.flatMap((spec) => spec.containers.map((container) => ({ spec, container })));
  const each = (texts: (container: ContainerFacts) => readonly string[]): readonly InSpec[] =>
    all.flatMap(({ spec, container }) =>
      texts(container).map((text) => ({ spec, text: `${spec.owner} ${container.name}${text}` })),
    );
  const pickedIn = (container: ContainerFacts) => {
    const set = variablesOf(container, from(container).variables);
    return credentialSource(withInjected(container, set, mode), true);
  };
  const wanted = mode === 'irsa' ? 'web-identity' : 'pod-identity';
  const set = each((container) => {
    const own = Object.entries(container.env).map(([name, value]) => `: ${inSentence(`${name}=${value}`)}`);
    const late = mode === 'irsa' ? [] : fromWebIdentity(container, from(container));
    return [...own, ...late.map((text) => `: ${inSentence(text)}`)];
  });
  const before = each((container) => {
    const { source, says, by } = pickedIn(container);
    const isNamed = source === 'web-identity' || source === 'node' || source === wanted;
    return isNamed ? [] : [` uses ${says}: ${inSentence(by.join(', '))}`];
  });
  const profiles = each((container) => {
    const files = mode === 'irsa' ? [] : (container.awsFiles ?? []).map(({ path, from: of }) => `${path} (${of})`);
    const paths = [...pickedIn(container).profile, ...files];
    return paths.length === 0 ? [] : [`: ${inSentence(paths.join(', '))}`];
  });
  const modeText = mode === 'irsa' ? 'web identity' : 'Pod Identity';
  return [
    ...inSpecs(set, (texts, about) =>
      problem(
        `hard-coded, not from the webhook: ${texts}`,
        [REMOVE, about.inspect ?? [], endedJobs(subject, set)],
        about,
      ),
    ),
    ...inSpecs(before, (texts, about) =>
      problem(
        `the SDK finds other credentials before ${modeText}: ${texts}`,
        [REMOVE, about.inspect ?? [], endedJobs(subject, before)],
        about,
      ),
    ),
    ...inSpecs(profiles, (texts, about) =>
      fail(
        profile,
        `${profile === 'unknown' ? 'could not be checked: ' : ''}the SDK reads a profile first: ${texts}; credentials or a role there come first`,
        [
          'Check that the files have no credentials and no role: a region alone is harmless. Otherwise remove the variables and the files from the pod template:',
          about.inspect ?? [],
        ],
        about,
      ),
    ),
  ];

  function inSpecs(
    found: readonly InSpec[],
    result: (texts: string, about: ReturnType<typeof aboutSpecs>) => CheckResult,
  ): readonly CheckResult[] {
    if (found.length === 0) return [];
    const about = aboutSpecs(
      cluster,
      found.map(({ spec }) => spec),
    );
    return [result(named(new Set(found.map(({ text }) => text)), 3), about)];
  }
}

/** The variables of web identity that come by `envFrom`: the webhook hides them on IRSA, and no longer with Pod Identity. */
function fromWebIdentity({ env, cleared = [] }: ContainerFacts, { variables }: FromSources): readonly string[] {
  const hidden = new Set<string>([...Object.keys(env), ...cleared]);
  return ['AWS_ROLE_ARN', 'AWS_WEB_IDENTITY_TOKEN_FILE'].flatMap((name) => {
    const source = variables.get(name);
    return source === undefined || hidden.has(name) ? [] : [variableText(name, source)];
  });
}

/** How Jobs that have ended are removed: their template cannot be corrected. */
function endedJobs({ cluster, serviceAccount }: WorkloadOnCluster, found: readonly InSpec[]): Advice {
  const jobs = new Set(found.flatMap(({ spec: { template } }) => (template?.kind === 'Job' ? [template.name] : [])));
  if (jobs.size === 0) return [];
  return [JOB_ENDED, [...jobs].map((name) => kubectl(cluster, serviceAccount.namespace)`delete job ${name}`)];
}

/** The ConfigMaps and Secrets of some specs that could not be read. */
function unreadSources(
  { cluster, serviceAccount }: WorkloadOnCluster,
  specs: readonly Spec[],
  from: (container: ContainerFacts) => FromSources,
): readonly CheckResult[] {
  const unread = new Map<string, { readonly source: UnreadSource; readonly specs: Spec[] }>();
  for (const spec of specs)
    for (const source of spec.containers.flatMap((container) => from(container).unread)) {
      const key = `${source.kind} ${source.name}`;
      unread.set(key, { source, specs: [...(unread.get(key)?.specs ?? []), spec] });
    }
  const shown = kubectl(cluster, serviceAccount.namespace);
  return [...unread].map(([key, { source, specs: using }]) => {
    const { kind, name, answer } = source;
    const at = `${key} (envFrom of ${named(new Set(using.map(({ owner }) => owner)), 3)})`;
    const found =
      answer === undefined
        ? `${at} does not exist, and new pods cannot start without it`
        : `the variables of ${at}: ${answer.why}: ${answer.message}`;
    const show = kind === 'secret' ? shown`describe secret ${name}` : shown`describe configmap ${name}`;
    const verb = `The next command needs the verb get on ${kind}s:`;
    const advice: Advice =
      answer === undefined
        ? [
            `Create the ${kind === 'secret' ? 'Secret' : 'ConfigMap'}, or remove it from the pod template. ${verb}`,
            show,
          ]
        : [
            kind === 'secret'
              ? `Bind the ClusterRole podlift-read-secrets of docs/permissions.md: podlift reads the names of the keys, and no values. Or inspect the names by hand. ${verb}`
              : `Bind the ClusterRole podlift-read of docs/permissions.md: podlift reads the names of the keys. Or inspect the names by hand. ${verb}`,
            show,
          ];
    return fail('unknown', `could not be checked: ${found}`, advice, aboutSpecs(cluster, using));
  });
}

/** The command that shows the first of some specs, and the pods among them. */
function aboutSpecs(
  cluster: Cluster,
  specs: readonly Spec[],
): { readonly inspect?: RemedyStep; readonly pods: readonly string[] } {
  const [first] = specs;
  const pods = [...new Set(specs.flatMap(({ pod }) => pod?.name ?? []))];
  if (first?.pod !== undefined) return { inspect: inspectPod(cluster, first.pod), pods };
  return { ...(first?.template && { inspect: inspectTemplate(cluster, first.template) }), pods };
}

/**
 * The role (its ARN) under whose annotation the webhook admitted a pod, where that is another than `roleArn`; nothing where it is that one, where
 * the pod has no web identity, and where any variable is not as the webhook writes it for the ARN: then somebody else wrote it.
 */
export function admittedUnder(pod: PodFacts, roleArn: string): string | undefined {
  const arns = new Set(pod.containers.flatMap(({ env }) => env.AWS_ROLE_ARN ?? []));
  const [arn = ''] = arns;
  const other = arns.size === 1 && arn !== roleArn && arn.startsWith('arn:');
  return other && hardCoded(pod, arn).length === 0 ? arn : undefined;
}

function ownerName({ name, owner }: PodFacts): string {
  return ownerText(owner ?? { kind: 'Pod', name });
}
