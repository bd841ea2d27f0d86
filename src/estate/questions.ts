import type { PolicyDocument } from '../iam/PolicyDocument';
import type {
  AddonFacts,
  AnalyzerFacts,
  Answer,
  AssociationFacts,
  AwsPort,
  ClusterFacts,
  LastAccessedFacts,
  NodeGroupFacts,
  OidcProviderFacts,
  RoleFacts,
  RolePolicyFacts,
  TrailEvent,
  UnusedFindingFacts,
} from './aws/AwsPort';
import type { Estate, Part } from './Estate';
import type {
  AdmissionFacts,
  CustomObjectFacts,
  EnginePolicyFacts,
  NetworkPolicyFacts,
  NodeFacts,
  PodFacts,
  ServiceAccountFacts,
  TemplateFacts,
  VariableSourceFacts,
} from './kubernetes/KubernetesPort';
import type { ClusterPorts } from './Ports';
import { ALL, REASONS } from './schema/words';

interface InAccount {
  /** The account's id. */
  readonly account: string;
}
interface InCluster {
  /** The cluster's ARN. */
  readonly cluster: string;
}

/** The kinds of questions: where each is asked, for what, and what the value is. Nothing (`undefined`): AWS or the cluster has no such thing. */
interface QuestionKinds {
  readonly role: InAccount & { readonly name: string; readonly value?: RoleFacts };
  /** All roles of the account. */
  readonly roles: InAccount & { readonly value: readonly RoleFacts[] };
  readonly rolePolicies: InAccount & { readonly name: string; readonly value?: RolePolicyFacts };
  readonly managedPolicy: InAccount & { readonly arn: string; readonly value?: PolicyDocument };
  readonly oidcProvider: InAccount & { readonly arn: string; readonly value?: OidcProviderFacts };
  readonly lastAccessed: InAccount & { readonly arn: string; readonly value?: LastAccessedFacts };
  readonly analyzers: InAccount & { readonly region: string; readonly value: readonly AnalyzerFacts[] };
  /** `analyzer` and `role` are ARNs; the analyzer is in the account and the region. */
  readonly unusedFindings: InAccount & {
    readonly region: string;
    readonly analyzer: string;
    readonly role: string;
    readonly value: readonly UnusedFindingFacts[];
  };
  /** Since a time (ISO 8601); CloudTrail keeps 90 days. */
  readonly events: InAccount & {
    readonly region: string;
    readonly name: string;
    readonly since: string;
    readonly value: readonly TrailEvent[];
  };
  /** The events about one role. */
  readonly roleEvents: InAccount & {
    readonly region: string;
    readonly arn: string;
    readonly since: string;
    readonly value: readonly TrailEvent[];
  };
  readonly cluster: InCluster & { readonly value?: ClusterFacts };
  readonly addon: InCluster & { readonly name: string; readonly value?: AddonFacts };
  readonly addons: InCluster & { readonly value: readonly AddonFacts[] };
  readonly nodeGroups: InCluster & { readonly value: readonly NodeGroupFacts[] };
  readonly association: InCluster & {
    readonly namespace: string;
    readonly serviceAccount: string;
    readonly value?: AssociationFacts;
  };
  readonly associations: InCluster & { readonly value: readonly AssociationFacts[] };
  readonly issuer: InCluster & { readonly value: string };
  readonly serviceAccount: InCluster & {
    readonly namespace: string;
    readonly name: string;
    readonly value?: ServiceAccountFacts;
  };
  readonly serviceAccounts: InCluster & { readonly value: readonly ServiceAccountFacts[] };
  readonly pods: InCluster & { readonly namespace: string; readonly value: readonly PodFacts[] };
  readonly allPods: InCluster & { readonly value: readonly PodFacts[] };
  /** The pod templates of the workloads of a namespace. */
  readonly templates: InCluster & { readonly namespace: string; readonly value: readonly TemplateFacts[] };
  readonly allTemplates: InCluster & { readonly value: readonly TemplateFacts[] };
  /** What a dry run of a workload's pod shows. */
  readonly admission: InCluster & {
    readonly namespace: string;
    readonly serviceAccount: string;
    readonly value: AdmissionFacts;
  };
  readonly configMap: InCluster & {
    readonly namespace: string;
    readonly name: string;
    readonly value?: VariableSourceFacts;
  };
  readonly secret: InCluster & {
    readonly namespace: string;
    readonly name: string;
    readonly value?: VariableSourceFacts;
  };
  readonly nodes: InCluster & { readonly value: readonly NodeFacts[] };
  readonly apiGroups: InCluster & { readonly value: readonly string[] };
  /** A resource of the catalogue: `secretstores.external-secrets.io`. */
  readonly customObjects: InCluster & { readonly resource: string; readonly value: readonly CustomObjectFacts[] };
  /** A resource of a policy engine: `ciliumnetworkpolicies.cilium.io`. */
  readonly enginePolicies: InCluster & { readonly resource: string; readonly value: readonly EnginePolicyFacts[] };
  readonly networkPolicies: InCluster & { readonly namespace: string; readonly value: readonly NetworkPolicyFacts[] };
}

type Kind = keyof QuestionKinds;

/** One question of a kind, as data. */
export type QuestionOf<K extends Kind> = {
  readonly [P in K]: { readonly ask: P } & Omit<QuestionKinds[P], 'value'>;
}[K];

/** One question about AWS or a cluster, as data. */
export type Question = QuestionOf<Kind>;

/** The answer to a question: its value, or why there is none. */
export type AnswerTo<Q extends Question> = Answer<QuestionKinds[Q['ask']]['value']>;

/** What a kind of question is made of. */
interface KindOf<Q, Port> {
  /** Where its part is in an Estate, below the account or the cluster. */
  readonly below: (question: Q) => readonly string[];
  /** The action of AWS that it needs; absent: the API server of the cluster is asked. */
  readonly action?: string;
  /** For people: behind the action what it is about, else the arguments of kubectl. `cluster` is a name. */
  readonly about: (question: Q, cluster: string) => string;
  /** The permission, where it is neither `action` nor, for the API server, `about`. */
  readonly permission?: (question: Q) => string;
  /** Absent: questions of this kind are asked together. */
  readonly call?: (port: Port, question: Q) => Promise<Answer<unknown>>;
  /** The value, from the list of all of its kind. */
  readonly among?: (all: readonly never[], question: Q) => unknown;
}

/** The kinds that have pod templates, as arguments of kubectl. */
const TEMPLATE_KINDS = 'deployments,statefulsets,daemonsets,jobs,cronjobs';

type PortOf<K extends Kind> = QuestionKinds[K] extends InAccount ? AwsPort : ClusterPorts;

const KINDS: { readonly [K in Kind]: KindOf<QuestionOf<K>, PortOf<K>> } = {
  role: {
    below: ({ name }) => ['roles', name],
    action: 'iam:GetRole',
    about: ({ name }) => name,
    call: (port, { name }) => port.role(name),
    // IAM does not distinguish names by case: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
    among: (all: readonly RoleFacts[], { name }) => all.find((one) => one.name.toLowerCase() === name.toLowerCase()),
  },
  roles: {
    below: () => ['roles', ALL],
    action: 'iam:GetAccountAuthorizationDetails',
    about: () => '',
    permission: () => 'iam:GetAccountAuthorizationDetails and iam:ListRoles',
  },
  rolePolicies: {
    below: ({ name }) => ['rolePolicies', name],
    action: 'iam:ListRolePolicies',
    about: ({ name }) => name,
    call: (port, { name }) => port.rolePolicies(name),
  },
  managedPolicy: {
    below: ({ arn }) => ['managedPolicies', arn],
    action: 'iam:GetPolicyVersion',
    about: ({ arn }) => arn,
    call: (port, { arn }) => port.managedPolicy(arn),
  },
  oidcProvider: {
    below: ({ arn }) => ['oidcProviders', arn],
    action: 'iam:GetOpenIDConnectProvider',
    about: ({ arn }) => arn,
    call: (port, { arn }) => port.oidcProvider(arn),
  },
  lastAccessed: {
    below: ({ arn }) => ['lastAccessed', arn],
    action: 'iam:GenerateServiceLastAccessedDetails',
    about: ({ arn }) => arn,
    call: (port, { arn }) => port.lastAccessed(arn),
  },
  analyzers: {
    below: ({ region }) => ['analyzers', region],
    action: 'access-analyzer:ListAnalyzers',
    about: ({ region }) => region,
    call: (port) => port.analyzers(),
  },
  unusedFindings: {
    below: ({ region, analyzer, role }) => ['unusedFindings', region, analyzer, role],
    action: 'access-analyzer:ListFindings',
    about: ({ role }) => role,
    call: (port, { analyzer, role }) => port.unusedFindings(analyzer, role),
  },
  events: {
    below: ({ region, name }) => ['events', region, name],
    action: 'cloudtrail:LookupEvents',
    about: ({ name }) => name,
    call: (port, { name, since }) => port.events([name], since),
  },
  roleEvents: {
    below: ({ region, arn }) => ['roleEvents', region, arn],
    action: 'cloudtrail:LookupEvents',
    about: ({ arn }) => arn,
    call: (port, { arn, since }) => port.roleEvents(arn, since),
  },
  cluster: {
    below: () => ['cluster'],
    action: 'eks:DescribeCluster',
    about: (_, cluster) => cluster,
    call: ({ aws, name }) => aws.describeCluster(name),
  },
  addon: {
    below: ({ name }) => ['addons', name],
    action: 'eks:DescribeAddon',
    about: ({ name }, cluster) => `${name} on ${cluster}`,
    call: ({ aws, name: cluster }, { name }) => aws.addon(cluster, name),
    among: (all: readonly AddonFacts[], { name }) => all.find((one) => one.name === name),
  },
  addons: {
    below: () => ['addons', ALL],
    action: 'eks:ListAddons',
    about: (_, cluster) => cluster,
    call: ({ aws, name }) => aws.addons(name),
  },
  nodeGroups: {
    below: () => ['nodeGroups'],
    action: 'eks:DescribeNodegroup',
    about: (_, cluster) => cluster,
    call: ({ aws, name }) => aws.nodeGroups(name),
  },
  association: {
    below: ({ namespace, serviceAccount }) => ['associations', `${namespace}/${serviceAccount}`],
    action: 'eks:ListPodIdentityAssociations',
    about: ({ namespace, serviceAccount }, cluster) => `${namespace}/${serviceAccount} on ${cluster}`,
    among: (all: readonly AssociationFacts[], { namespace, serviceAccount }) =>
      all.find((one) => one.namespace === namespace && one.serviceAccount === serviceAccount),
  },
  associations: {
    below: () => ['associations', ALL],
    action: 'eks:ListPodIdentityAssociations',
    about: (_, cluster) => cluster,
    call: ({ aws, name }) => aws.associations(name),
  },
  issuer: {
    below: () => ['issuer'],
    about: () => 'get --raw /.well-known/openid-configuration',
    call: ({ kubernetes }) => kubernetes.issuer(),
  },
  serviceAccount: {
    below: ({ namespace, name }) => ['serviceAccounts', `${namespace}/${name}`],
    about: ({ namespace, name }) => `get serviceaccount ${name} -n ${namespace}`,
    permission: ({ namespace }) => `get serviceaccounts -n ${namespace}`,
    call: ({ kubernetes }, { namespace, name }) => kubernetes.serviceAccount(namespace, name),
    among: (all: readonly ServiceAccountFacts[], { namespace, name }) =>
      all.find((one) => one.namespace === namespace && one.name === name),
  },
  serviceAccounts: {
    below: () => ['serviceAccounts', ALL],
    about: () => 'get serviceaccounts -A',
    call: ({ kubernetes }) => kubernetes.serviceAccounts(),
  },
  pods: {
    below: ({ namespace }) => ['pods', namespace],
    about: ({ namespace }) => `get pods -n ${namespace}`,
    call: ({ kubernetes }, { namespace }) => kubernetes.pods(namespace),
    among: (all: readonly PodFacts[], { namespace }) => all.filter((pod) => pod.namespace === namespace),
  },
  allPods: {
    below: () => ['pods', ALL],
    about: () => 'get pods -A',
    call: ({ kubernetes }) => kubernetes.allPods(),
  },
  templates: {
    below: ({ namespace }) => ['templates', namespace],
    about: ({ namespace }) => `get ${TEMPLATE_KINDS} -n ${namespace}`,
    call: ({ kubernetes }, { namespace }) => kubernetes.templates(namespace),
    among: (all: readonly TemplateFacts[], { namespace }) => all.filter((one) => one.namespace === namespace),
  },
  allTemplates: {
    below: () => ['templates', ALL],
    about: () => `get ${TEMPLATE_KINDS} -A`,
    call: ({ kubernetes }) => kubernetes.allTemplates(),
  },
  admission: {
    below: ({ namespace, serviceAccount }) => ['admissions', `${namespace}/${serviceAccount}`],
    about: ({ namespace }) => `create --dry-run=server -n ${namespace}`,
    permission: ({ namespace }) => `create pods -n ${namespace} and list ${TEMPLATE_KINDS},pods -n ${namespace}`,
    call: ({ kubernetes }, { namespace, serviceAccount }) => kubernetes.admission(namespace, serviceAccount),
  },
  configMap: {
    below: ({ namespace, name }) => ['configMaps', `${namespace}/${name}`],
    about: ({ namespace, name }) => `get configmap ${name} -n ${namespace}`,
    permission: ({ namespace }) => `get configmaps -n ${namespace}`,
    call: ({ kubernetes }, { namespace, name }) => kubernetes.configMap(namespace, name),
  },
  secret: {
    below: ({ namespace, name }) => ['secrets', `${namespace}/${name}`],
    about: ({ namespace, name }) => `get secret ${name} -n ${namespace}`,
    permission: ({ namespace }) => `get secrets -n ${namespace}`,
    call: ({ kubernetes }, { namespace, name }) => kubernetes.secret(namespace, name),
  },
  nodes: {
    below: () => ['nodes'],
    about: () => 'get nodes',
    call: ({ kubernetes }) => kubernetes.nodes(),
  },
  apiGroups: {
    below: () => ['apiGroups'],
    about: () => 'get --raw /apis',
    call: ({ kubernetes }) => kubernetes.apiGroups(),
  },
  customObjects: {
    below: ({ resource }) => ['customObjects', resource],
    about: ({ resource }) => `get ${resource} -A`,
    permission: ({ resource }) => `list ${resource} -A`,
    call: ({ kubernetes }, { resource }) => kubernetes.customObjects(resource),
  },
  enginePolicies: {
    below: ({ resource }) => ['enginePolicies', resource],
    about: ({ resource }) => `get ${resource} -A`,
    permission: ({ resource }) => `list ${resource} -A`,
    call: ({ kubernetes }, { resource }) => kubernetes.enginePolicies(resource),
  },
  networkPolicies: {
    below: ({ namespace }) => ['networkPolicies', namespace],
    about: ({ namespace }) => `get networkpolicies -n ${namespace}`,
    call: ({ kubernetes }, { namespace }) => kubernetes.networkPolicies(namespace),
  },
};

/** What a question is made of. The port of its `call` is that of its account or cluster. */
export function kindOf(question: Question): KindOf<Question, AwsPort | ClusterPorts> {
  return KINDS[question.ask] as unknown as KindOf<Question, AwsPort | ClusterPorts>;
}

/** Where the part of a question is in an Estate: keys from the top. Two questions with the same path are one. */
export function pathOf(question: Question): readonly string[] {
  const top = 'account' in question ? ['accounts', question.account] : ['clusters', question.cluster];
  return [...top, ...kindOf(question).below(question)];
}

/** The answer of an Estate to a question: the value, or why there is none. Single things are also found in the list of all. */
export function answerOf<Q extends Question>(estate: Estate, question: Q): AnswerTo<Q> {
  const path = pathOf(question);
  const part = partAt(estate, path) ?? fromList(estate, question, path);
  return (part === undefined ? NOT_ASKED : read(question, part)) as AnswerTo<Q>;
}

const NOT_ASKED: Answer<never> = { ok: false, why: 'not-asked', message: 'the Estate does not have it' };

function partAt(estate: Estate, path: readonly string[]): Part<unknown> | undefined {
  let here: unknown = estate;
  for (const key of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, key)) return undefined;
    here = (here as Readonly<Record<string, unknown>>)[key];
  }
  return here as Part<unknown>;
}

function read(question: Question, part: Part<unknown>): Answer<unknown> {
  if (!('value' in part)) {
    const { at, message, fix } = part;
    const { noCredentials } = part as { readonly noCredentials?: true };
    return {
      ok: false,
      why: REASONS.find((why) => why in part) ?? 'failed',
      message,
      at,
      ...(fix && { fix }),
      ...(noCredentials && { noCredentials }),
    };
  }
  const { at, value } = part;
  if (!('since' in question)) return { ok: true, value: value ?? undefined, at };
  const { since, events } = value as { readonly since: string; readonly events: readonly TrailEvent[] };
  if (since > question.since && since > ninetyDaysBefore(at)) return NOT_ASKED;
  return { ok: true, value: events, at };
}

/** CloudTrail keeps its event history for 90 days; an hour less, so that the start of the span is never before it. */
export function ninetyDaysBefore(at: string): string {
  return new Date(new Date(at).getTime() - (90 * 24 - 1) * 3_600_000).toISOString();
}

/** The part of a single thing, from the list that has all of its kind. */
function fromList(estate: Estate, question: Question, path: readonly string[]): Part<unknown> | undefined {
  const { among } = kindOf(question);
  if (among === undefined) return undefined;
  const list = partAt(estate, [...path.slice(0, -1), ALL]);
  if (list === undefined || !('value' in list)) return list;
  return { at: list.at, value: among(list.value as readonly never[], question) ?? null };
}
