import { parse } from 'yaml';
import type {
  AddonFacts,
  AssociationFacts,
  ClusterFacts,
  NodeGroupFacts,
  OidcProviderFacts,
  RoleFacts,
  RolePolicyFacts,
  TrailEvent,
} from '../aws/AwsPort';
import type { AccountParts, ClusterParts, Estate, NoValue, Part } from '../Estate';
import type {
  ContainerFacts,
  NetworkPolicyFacts,
  NodeFacts,
  OwnerFacts,
  PodFacts,
  ServiceAccountFacts,
} from '../kubernetes/KubernetesPort';
import { REASONS } from '../schema/estateSchema';
import { byKey, type Change, each, fields, freeText, keep, policyOf, type Redactor } from './Redactor';

/** An Estate without the names of the accounts and clusters, and without what free texts say. */
export function redactEstate(redactor: Redactor): Change<Estate> {
  const { text } = redactor;
  return fields<Estate>({
    format: keep,
    at: keep,
    accounts: byKey(text, accountOf(redactor)),
    clusters: byKey(text, clusterOf(redactor)),
  });
}

function accountOf(redactor: Redactor): Change<AccountParts> {
  const { text } = redactor;
  const policy = policyOf(redactor);
  const role = fields<RoleFacts>({
    name: text,
    path: text,
    arn: text,
    trust: policy,
    description: text,
    permissionsBoundary: text,
    maxSessionDuration: keep,
    tags: tagsOf(redactor),
    lastUsed: keep,
  });
  const policies = fields<RolePolicyFacts>({ attached: each(text), inline: byKey(text, policy) });
  const provider = fields<OidcProviderFacts>({ arn: text, audiences: each(text) });
  const event = fields<TrailEvent>({
    id: text,
    name: keep,
    at: keep,
    roleArns: each(text),
    by: text,
    invokedBy: text,
    provider: text,
    pod: fields({ cluster: text, namespace: text, serviceAccount: text }),
    error: keep,
  });
  const span = fields<{ readonly since: string; readonly events: readonly TrailEvent[] }>({
    since: keep,
    events: each(event),
  });
  return fields<AccountParts>({
    roles: byKey(text, part(orNull(role))),
    rolePolicies: byKey(text, part(orNull(policies))),
    managedPolicies: byKey(text, part(orNull(policy))),
    oidcProviders: byKey(text, part(orNull(provider))),
    events: byKey(keep, byKey(keep, part(span))),
  });
}

function clusterOf(redactor: Redactor): Change<ClusterParts> {
  const { text } = redactor;
  const cluster = fields<ClusterFacts>({
    arn: text,
    status: keep,
    version: keep,
    platformVersion: keep,
    autoMode: keep,
    ipFamily: keep,
    nodeRoleArn: text,
    issuer: text,
  });
  const addon = fields<AddonFacts>({
    name: keep,
    arn: text,
    status: keep,
    version: keep,
    // The code, without the sentence behind it.
    issues: each((issue) => /^\w+(?=:|$)/.exec(issue)?.[0] ?? freeText(issue)),
    configuration: configurationText(text),
    serviceAccountRoleArn: text,
    associationArns: each(text),
    tags: tagsOf(redactor),
  });
  const association = fields<AssociationFacts>({
    id: text,
    namespace: text,
    serviceAccount: text,
    roleArn: text,
    targetRoleArn: text,
    disableSessionTags: keep,
    ownerArn: text,
    tags: tagsOf(redactor),
  });
  const nodeGroup = fields<NodeGroupFacts>({ name: text, nodeRole: text });
  const serviceAccount = fields<ServiceAccountFacts>({
    namespace: text,
    name: text,
    annotations: byKey(redactor.key, text),
    roleOwners: each(fields({ manager: (name) => (MANAGERS.test(name) ? name : text(name)), operation: keep })),
  });
  const node = fields<NodeFacts>({ name: text, os: keep, computeType: keep, nodeGroup: text });
  const networkPolicy = fields<NetworkPolicyFacts>({
    name: text,
    podLabels: byKey(redactor.key, text),
    limitsEgress: keep,
    egress: each(fields({ blocks: each(fields({ cidr: text, except: each(text) })), ports: keep })),
  });
  return fields<ClusterParts>({
    cluster: part(orNull(cluster)),
    addons: byKey(keep, part(oneOrAll(addon))),
    nodeGroups: part(each(nodeGroup)),
    associations: byKey(text, part(oneOrAll(association))),
    issuer: part(text),
    serviceAccounts: byKey(text, part(oneOrAll(serviceAccount))),
    pods: byKey(text, part(each(podOf(redactor)))),
    nodes: part(each(node)),
    networkPolicies: byKey(text, part(each(networkPolicy))),
  });
}

function podOf(redactor: Redactor): Change<PodFacts> {
  const { text } = redactor;
  const source = sourceOf(text);
  const container = fields<ContainerFacts>({
    name: text,
    env: byKey(keep, source),
    earlier: keep,
    proxy: byKey(keep, source),
    envFrom: each(source),
    image: text,
    hostPorts: keep,
  });
  return fields<PodFacts>({
    namespace: text,
    name: text,
    serviceAccount: text,
    node: text,
    phase: keep,
    ready: keep,
    ending: keep,
    owner: fields<OwnerFacts>({ kind: (kind) => (KINDS.has(kind) ? kind : text(kind)), name: text }),
    app: text,
    labels: byKey(redactor.key, text),
    hostNetwork: keep,
    containers: each(container),
    tokenVolumes: byKey(text, text),
  });
}

/** Field managers that everybody has. */
const MANAGERS =
  /^(podlift|kubectl.*|helm|helm-controller|Helm|Terraform|HashiCorp|argocd-.*controller|kustomize-controller|before-first-apply|ancient-changes|eks)$/;

/** Kinds of Kubernetes that own pods. */
const KINDS: ReadonlySet<string> = new Set([
  ...['Deployment', 'ReplicaSet', 'ReplicationController', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob', 'Node'],
]);

/** `secret orders/arn`: the kind of the object stays. */
function sourceOf(text: Change<string>): Change<string> {
  return (value) => {
    const [kind = ''] = /^(secret|configmap|field|resourcefield|nothing) /.exec(value) ?? [];
    return kind + text(value.slice(kind.length));
  };
}

/** podlift's tag of the stage stays: the stage is no name. */
function tagsOf({ key, text }: Redactor): Change<Readonly<Record<string, string>>> {
  return (tags) =>
    Object.fromEntries(
      Object.entries(tags).map(([name, value]) => [key(name), name === 'podlift:stage' ? value : text(value)]),
    );
}

/** The configuration of an add-on, JSON or YAML, as JSON. */
function configurationText(text: Change<string>): Change<string> {
  const change = configurationOf(text);
  return (configuration) => {
    try {
      return JSON.stringify(change(parse(configuration) as unknown));
    } catch {
      return text(configuration);
    }
  };
}

/** The configuration of an add-on as data, every text and every key in it. */
export function configurationOf(text: Change<string>): Change<unknown> {
  const change: Change<unknown> = (value) => {
    if (typeof value === 'string') return text(value);
    if (Array.isArray(value)) return value.map(change);
    if (typeof value !== 'object' || value === null) return value;
    return byKey(text, change)(value as Readonly<Record<string, unknown>>);
  };
  return change;
}

function orNull<T>(change: Change<T>): Change<T | null> {
  return (value) => (value === null ? null : change(value));
}

function oneOrAll<T extends object>(change: Change<T>): Change<T | null | readonly T[]> {
  return (value) => (isList(value) ? value.map(change) : orNull(change)(value));
}

function isList<T>(value: T | null | readonly T[]): value is readonly T[] {
  return Array.isArray(value);
}

/** Why a part has no value stays; what AWS or kubectl said of it, and what to do, does not. */
function part<T>(change: Change<T>): Change<Part<T>> {
  return (one) => {
    if ('value' in one) return { at: one.at, value: change(one.value) };
    const reasons = REASONS.filter((reason) => reason in one).map((reason) => [reason, true] as const);
    return { at: one.at, ...Object.fromEntries(reasons), message: freeText(one.message) } as unknown as NoValue;
  };
}
