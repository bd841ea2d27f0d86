import { ask } from '../../estate/ask';
import type { Answer } from '../../estate/aws/AwsPort';
import type { ContainerFacts, VariableSourceFacts } from '../../estate/kubernetes/KubernetesPort';
import type { QuestionOf } from '../../estate/questions';
import type { Checked, WorkloadOnCluster } from './Check';
import type { SetVariables } from './sdkChain';

type Source = NonNullable<ContainerFacts['sources']>[number];
type SourceQuestion = QuestionOf<'configMap' | 'secret'>;

/** What a container gets by `envFrom`. */
export interface FromSources {
  /** The variables that podlift knows, by name, with the object that sets them: `configmap settings`. */
  readonly variables: SetVariables;
  /** The values of those for proxies, by name as it is written. */
  readonly proxies: Readonly<Record<string, string>>;
  /** The objects that could not be read. */
  readonly unread: readonly UnreadSource[];
}

/** An object of `envFrom` whose keys are not known. */
export interface UnreadSource {
  readonly kind: Source['kind'];
  readonly name: string;
  /** Why there is no answer; absent: the object does not exist, and the container cannot start without it. */
  readonly answer?: Answer<never> & { readonly ok: false };
}

/**
 * Asks for the ConfigMaps and Secrets whose keys become variables of some containers in the namespace of the workload. `next` receives what each
 * container gets. A later object replaces the variables of an earlier one.
 * Source: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#environment-variables
 */
export function withSources(
  { cluster, serviceAccount: { namespace } }: Pick<WorkloadOnCluster, 'cluster' | 'serviceAccount'>,
  containers: readonly ContainerFacts[],
  next: (from: (container: ContainerFacts) => FromSources) => Checked,
): Checked {
  const questions = [
    ...new Map(
      containers
        .flatMap(({ sources = [] }) => sources)
        .map(({ kind, name }): [string, SourceQuestion] => [
          `${kind} ${name}`,
          { ask: kind === 'secret' ? 'secret' : 'configMap', cluster: cluster.arn, namespace, name },
        ]),
    ),
  ];
  if (questions.length === 0) return next(() => NOTHING);
  return ask(
    questions.map(([, question]) => question),
    (...answers): Checked => {
      const byName = new Map(questions.map(([key], index) => [key, answers[index]]));
      return next(({ sources = [] }) => gathered(sources, byName));
    },
  );
}

const NOTHING: FromSources = { variables: new Map(), proxies: {}, unread: [] };

function gathered(
  sources: readonly Source[],
  answers: ReadonlyMap<string, Answer<VariableSourceFacts | undefined> | undefined>,
): FromSources {
  const variables = new Map<string, string>();
  const proxies: Record<string, string> = {};
  const unread: UnreadSource[] = [];
  for (const { kind, name, prefix = '', optional = false } of sources) {
    const answer = answers.get(`${kind} ${name}`);
    if (answer === undefined) continue;
    if (!answer.ok) unread.push({ kind, name, answer });
    else if (answer.value === undefined) {
      if (!optional) unread.push({ kind, name });
    } else {
      for (const key of answer.value.variables) variables.set(`${prefix}${key}`, `${kind} ${name}`);
      for (const [key, value] of Object.entries(answer.value.proxies)) proxies[`${prefix}${key}`] = value;
    }
  }
  return { variables, proxies, unread };
}
