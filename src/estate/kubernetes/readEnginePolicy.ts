import { POLICY_KINDS, type PolicyLanguage } from '../../catalogue/policyEngines';
import type { EnginePolicyFacts } from './KubernetesPort';
import { readRequirement, type RequirementJson } from './readTemplate';

interface SelectorJson {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly RequirementJson[];
}

/** Source: https://docs.cilium.io/en/stable/security/policy/language/#rule-basics */
interface CiliumRule {
  readonly endpointSelector?: SelectorJson;
  readonly nodeSelector?: SelectorJson;
  readonly egress?: unknown;
  readonly egressDeny?: unknown;
  readonly ingress?: unknown;
  readonly ingressDeny?: unknown;
  readonly enableDefaultDeny?: { readonly egress?: boolean };
}

/** Source: https://docs.tigera.io/calico/latest/reference/resources/globalnetworkpolicy */
interface CalicoSpec {
  readonly selector?: string;
  readonly namespaceSelector?: string;
  readonly types?: readonly string[];
  readonly egress?: readonly unknown[];
}

/** Source: https://network-policy-api.sigs.k8s.io/reference/spec/ */
interface AdminSpec {
  readonly subject?: {
    readonly namespaces?: SelectorJson;
    readonly pods?: { readonly namespaceSelector?: SelectorJson; readonly podSelector?: SelectorJson };
  };
  readonly egress?: readonly { readonly action?: string }[];
}

/** Source: https://docs.aws.amazon.com/eks/latest/userguide/auto-net-pol.html */
interface ApplicationSpec {
  readonly podSelector?: SelectorJson;
  readonly policyTypes?: readonly string[];
  readonly egress?: readonly unknown[];
}

interface PolicyJson {
  readonly metadata?: { readonly namespace?: string; readonly name?: string };
  readonly spec?: object;
  readonly specs?: readonly object[];
}

type Parts = Pick<EnginePolicyFacts, 'limits' | 'namespace' | 'podSelector'>;

const LANGUAGES: Readonly<Record<PolicyLanguage, (spec: object) => Parts>> = {
  cilium: ofCilium,
  calico: ofCalico,
  admin: ofAdmin,
  application: ofApplication,
};

/** Calico shows the NetworkPolicies of Kubernetes under such names. Source: projectcalico/calico libcalico-go/lib/names/policy.go */
const COPY = 'knp.default.';

/**
 * A policy of another engine than Kubernetes' own, cut down to whether it can keep pods from the agent, and which pods it may select. What podlift does
 * not read of a selector is left out: then the policy may select more pods than it does, never fewer. One for each rule of the object.
 */
export function readEnginePolicy(resource: string): (object: PolicyJson) => readonly EnginePolicyFacts[] {
  const read = LANGUAGES[POLICY_KINDS[resource]?.language ?? 'application'];
  return ({ metadata: { namespace, name = '' } = {}, spec, specs = [] }) =>
    name.startsWith(COPY)
      ? []
      : [...(spec === undefined ? [] : [spec]), ...specs].map((one) => ({
          name,
          ...read(one),
          ...(namespace !== undefined && { namespace }),
        }));
}

function ofCilium({ endpointSelector, nodeSelector, ...rule }: CiliumRule): Parts {
  // A policy of nodes can deny what pods send to the host, and Cilium takes the agent for the host.
  if (nodeSelector !== undefined) return { limits: rule.ingress !== undefined || rule.ingressDeny !== undefined };
  const { egress, egressDeny, enableDefaultDeny: { egress: closes = egress !== undefined } = {} } = rule;
  return { limits: closes || egressDeny !== undefined, ...selectorParts(endpointSelector) };
}

function ofCalico({ selector = '', namespaceSelector = '', types, egress = [] }: CalicoSpec): Parts {
  const limits = types?.includes('Egress') ?? egress.length > 0;
  const pods = calicoLabels(selector);
  const namespaces = calicoLabels(namespaceSelector);
  return { limits, ...namespacePart(namespaces ?? {}), ...(pods && selectorParts({ matchLabels: pods })) };
}

/** The labels of a selector that only compares: `app == 'orders' && tier == 'web'`. Nothing for every other. */
function calicoLabels(selector: string): Readonly<Record<string, string>> | undefined {
  if (/^\s*(all\(\)|global\(\))?\s*$/.test(selector)) return {};
  const terms = selector.split('&&').map((term) => /^\s*([\w./-]+)\s*==\s*(["'])([^"']*)\2\s*$/.exec(term));
  if (terms.includes(null)) return undefined;
  return Object.fromEntries(terms.map((term) => [term?.[1] ?? '', term?.[3] ?? '']));
}

function ofAdmin({ subject: { namespaces, pods } = {}, egress = [] }: AdminSpec): Parts {
  return {
    limits: egress.some(({ action }) => action === 'Deny'),
    ...namespacePart((namespaces ?? pods?.namespaceSelector)?.matchLabels ?? {}),
    ...selectorParts(pods?.podSelector),
  };
}

function ofApplication({ podSelector, policyTypes, egress = [] }: ApplicationSpec): Parts {
  return { limits: policyTypes?.includes('Egress') ?? egress.length > 0, ...selectorParts(podSelector) };
}

/**
 * The label by which selectors name a namespace. Source: https://docs.cilium.io/en/stable/network/kubernetes/policy/#namespaces,
 * https://docs.tigera.io/calico/latest/reference/resources/networkpolicy#selector,
 * https://kubernetes.io/docs/reference/labels-annotations-taints/#kubernetes-io-metadata-name
 */
const NAMESPACE_LABELS = [
  'io.kubernetes.pod.namespace',
  'projectcalico.org/namespace',
  'projectcalico.org/name',
  'kubernetes.io/metadata.name',
];

/** Labels that engines give pods and namespaces themselves, and that no pod has in its metadata. */
const OF_ENGINE = /^(io\.cilium\.|io\.kubernetes\.|projectcalico\.org\/|pcns\.|pcsa\.)/;

/** Where Cilium has the labels from. Source: https://docs.cilium.io/en/stable/gettingstarted/terminology/#label-source */
const SOURCE = /^(k8s|any)[:.]/;

function namespacePart(labels: Readonly<Record<string, string>>): Pick<EnginePolicyFacts, 'namespace'> {
  const namespace = NAMESPACE_LABELS.map((label) => labels[label]).find((one) => one !== undefined);
  return namespace === undefined ? {} : { namespace };
}

function selectorParts({ matchLabels = {}, matchExpressions = [] }: SelectorJson = {}): Omit<Parts, 'limits'> {
  const labels = Object.entries(matchLabels).map(([key, value]): [string, string] => [key.replace(SOURCE, ''), value]);
  const isOfPods = (key: string) => !OF_ENGINE.test(key) && !key.includes(':');
  return {
    ...namespacePart(Object.fromEntries(labels)),
    podSelector: {
      labels: Object.fromEntries(labels.filter(([key]) => isOfPods(key))),
      expressions: matchExpressions
        .map((one) => readRequirement({ ...one, key: one.key.replace(SOURCE, '') }))
        .filter(({ key }) => isOfPods(key)),
    },
  };
}
