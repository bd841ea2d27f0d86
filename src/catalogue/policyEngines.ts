import { groupOf } from './catalogue';

/** Whose language a policy is written in. */
export type PolicyLanguage = 'cilium' | 'calico' | 'admin' | 'application';

interface PolicyKind {
  readonly kind: string;
  readonly language: PolicyLanguage;
}

/**
 * The kinds of policies beside Kubernetes' own NetworkPolicy that can keep pods from an address, by their resource.
 * Source: https://docs.cilium.io/en/stable/security/policy/language/, https://docs.tigera.io/calico/latest/reference/resources/networkpolicy,
 * https://network-policy-api.sigs.k8s.io/api-overview/, https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html
 */
export const POLICY_KINDS: Readonly<Record<string, PolicyKind>> = {
  'adminnetworkpolicies.policy.networking.k8s.io': { kind: 'AdminNetworkPolicy', language: 'admin' },
  'applicationnetworkpolicies.networking.k8s.aws': { kind: 'ApplicationNetworkPolicy', language: 'application' },
  'baselineadminnetworkpolicies.policy.networking.k8s.io': { kind: 'BaselineAdminNetworkPolicy', language: 'admin' },
  'ciliumclusterwidenetworkpolicies.cilium.io': { kind: 'CiliumClusterwideNetworkPolicy', language: 'cilium' },
  'ciliumnetworkpolicies.cilium.io': { kind: 'CiliumNetworkPolicy', language: 'cilium' },
  'clusternetworkpolicies.networking.k8s.aws': { kind: 'ClusterNetworkPolicy', language: 'admin' },
  'clusternetworkpolicies.policy.networking.k8s.io': { kind: 'ClusterNetworkPolicy', language: 'admin' },
  'globalnetworkpolicies.crd.projectcalico.org': { kind: 'GlobalNetworkPolicy', language: 'calico' },
  'globalnetworkpolicies.projectcalico.org': { kind: 'GlobalNetworkPolicy', language: 'calico' },
  'networkpolicies.crd.projectcalico.org': { kind: 'Calico NetworkPolicy', language: 'calico' },
  'networkpolicies.projectcalico.org': { kind: 'Calico NetworkPolicy', language: 'calico' },
};

/** The resources of policy engines, as kubectl names them. */
export const POLICY_RESOURCES = Object.keys(POLICY_KINDS);

/** The API groups of policy engines. */
export const POLICY_GROUPS: ReadonlySet<string> = new Set(POLICY_RESOURCES.map(groupOf));
