import { ROLE_ANNOTATION } from '../../blueprint/serviceAccounts';
import { readRequirement, type RequirementJson } from './readTemplate';
import type { FieldOwner, NetworkPolicyFacts, NodeFacts, ServiceAccountFacts } from './KubernetesPort';

/** The parts of a service account's JSON that podlift reads. Source: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/ */
export interface ServiceAccountJson {
  readonly metadata: {
    readonly namespace: string;
    readonly name: string;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly managedFields?: readonly ManagedFieldsJson[];
  };
}

interface ManagedFieldsJson {
  readonly manager?: string;
  readonly operation?: string;
  readonly time?: string;
  readonly fieldsV1?: {
    readonly 'f:metadata'?: { readonly 'f:annotations'?: Readonly<Record<string, unknown>> };
  };
}

/** The annotations that EKS reads. Others can hold anything, such as the whole manifest with what it says of secrets. */
const OWN_PREFIX = 'eks.amazonaws.com/';

/** A service account as `kubectl get serviceaccounts -o json --show-managed-fields` lists it, cut down to what podlift reads. */
export function readServiceAccount({ metadata }: ServiceAccountJson): ServiceAccountFacts {
  const { namespace, name, annotations = {}, managedFields = [] } = metadata;
  const own = Object.entries(annotations).filter(([key]) => key.startsWith(OWN_PREFIX));
  const changedAt = managedFields
    .flatMap(({ time }) => isoTime(time) ?? [])
    .toSorted()
    .at(-1);
  return {
    namespace,
    name,
    annotations: Object.fromEntries(own),
    roleOwners: managedFields.flatMap(roleOwner),
    ...(changedAt !== undefined && { changedAt }),
  };
}

/** Source of the form: https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management */
function roleOwner({ manager = '', operation, time, fieldsV1 }: ManagedFieldsJson): FieldOwner[] {
  const owned = fieldsV1?.['f:metadata']?.['f:annotations']?.[`f:${ROLE_ANNOTATION}`] !== undefined;
  const at = isoTime(time);
  return owned
    ? [{ manager, operation: operation === 'Apply' ? 'Apply' : 'Update', ...(at !== undefined && { at }) }]
    : [];
}

/** A client can write any text as the time. */
function isoTime(text: string | undefined): string | undefined {
  const time = Date.parse(text ?? '');
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}

/** The parts of a node's JSON that podlift reads. Source: https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/node-v1/ */
interface NodeJson {
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly spec?: {
    readonly taints?: readonly { readonly key: string; readonly value?: string; readonly effect: string }[];
  };
  readonly status?: { readonly nodeInfo?: { readonly operatingSystem?: string } };
}

/** A node as `kubectl get nodes -o json` lists it, cut down to what podlift reads. */
export function readNode({ metadata: { name, labels = {} }, spec: { taints = [] } = {}, status }: NodeJson): NodeFacts {
  const computeType = labels['eks.amazonaws.com/compute-type'];
  const nodeGroup = labels['eks.amazonaws.com/nodegroup'];
  return {
    name,
    os: labels['kubernetes.io/os'] ?? status?.nodeInfo?.operatingSystem ?? 'linux',
    ...(computeType === undefined ? {} : { computeType }),
    ...(nodeGroup === undefined ? {} : { nodeGroup }),
    labels,
    ...(taints.length > 0 && {
      taints: taints.map(({ key, value = '', effect }) => ({ key, ...(value !== '' && { value }), effect })),
    }),
  };
}

/** The parts of a NetworkPolicy's JSON that podlift reads. Source: https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/ */
export interface NetworkPolicyJson {
  readonly metadata?: { readonly name?: string };
  readonly spec?: {
    readonly podSelector?: {
      readonly matchLabels?: Readonly<Record<string, string>>;
      readonly matchExpressions?: readonly RequirementJson[];
    };
    readonly policyTypes?: readonly string[];
    readonly egress?: readonly RuleJson[];
  };
}

interface RuleJson {
  readonly to?: readonly { readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] } }[];
  readonly ports?: readonly PortJson[];
}

interface PortJson {
  readonly protocol?: string;
  /** A text: the name of a port. */
  readonly port?: number | string;
  readonly endPort?: number;
}

type Rule = NetworkPolicyFacts['egress'][number];
type Ports = NonNullable<Rule['ports']>;

/** A NetworkPolicy as `kubectl get networkpolicies -o json` lists it. Ports are those of TCP, over which AWS is reached. */
export function readNetworkPolicy({ metadata = {}, spec = {} }: NetworkPolicyJson): NetworkPolicyFacts {
  const { podSelector = {}, policyTypes, egress = [] } = spec;
  const { matchLabels = {}, matchExpressions = [] } = podSelector;
  return {
    name: metadata.name ?? '',
    ...(matchExpressions.length === 0
      ? { podLabels: matchLabels }
      : { podSelector: { labels: matchLabels, expressions: matchExpressions.map(readRequirement) } }),
    limitsEgress: policyTypes === undefined ? egress.length > 0 : policyTypes.includes('Egress'),
    egress: egress.map(readRule),
  };
}

/** Peers and ports that are not there, or an empty list of them, are no limit. */
function readRule({ to = [], ports = [] }: RuleJson): Rule {
  const blocks = to.flatMap(({ ipBlock }) =>
    ipBlock === undefined ? [] : [{ cidr: ipBlock.cidr, except: ipBlock.except ?? [] }],
  );
  return {
    ...(to.length === 0 ? {} : { blocks }),
    ...(ports.length === 0 ? {} : { ports: ports.flatMap(readPort) }),
  };
}

function readPort({ protocol = 'TCP', port, endPort }: PortJson): Ports {
  if (protocol !== 'TCP') return [];
  if (port === undefined) return [{ from: 1, to: 65_535 }];
  return typeof port === 'number' ? [{ from: port, to: endPort ?? port }] : [];
}
