import type { NetworkPolicyFacts } from './KubernetesPort';

/** The parts of a NetworkPolicy's JSON that podlift reads. Source: https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/ */
export interface NetworkPolicyJson {
  readonly metadata?: { readonly name?: string };
  readonly spec?: {
    readonly podSelector?: {
      readonly matchLabels?: Readonly<Record<string, string>>;
      readonly matchExpressions?: readonly unknown[];
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
    ...(matchExpressions.length === 0 ? { podLabels: matchLabels } : {}),
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
