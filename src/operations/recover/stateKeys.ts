import type { StateContent, StateResource } from '../../blueprint/stateContent';

/** Names one object among those of a stack, by what Terraform's provider stores of it. */
export const KEYS = {
  role: (name: string) => `role ${name}`,
  inlinePolicy: (role: string, name: string) => `inline ${role}:${name}`,
  managedPolicy: (role: string, arn: string) => `attached ${role}/${arn}`,
  association: (id: string) => `association ${id}`,
  /** The association of a service account, whatever its id. */
  associationOf: (cluster: string, namespace: string, account: string) => `of ${cluster} ${namespace}/${account}`,
  addon: (cluster: string, name: string) => `addon ${cluster}:${name}`,
  oidcProvider: (arn: string) => `provider ${arn}`,
  serviceAccount: (namespace: string, name: string) => `account ${namespace}/${name}`,
};

/**
 * The objects that a state has. Source of the attributes: hashicorp/terraform-provider-aws internal/service/iam and internal/service/eks,
 * hashicorp/terraform-provider-kubernetes kubernetes/resource_kubernetes_service_account_v1.go (the id is namespace/name)
 */
export function keysIn(state: StateContent | undefined): ReadonlySet<string> {
  return new Set((state?.resources ?? []).flatMap(keysOf));
}

function keysOf(resource: StateResource): readonly string[] {
  const { type, attributes } = resource;
  const key = keyOf(resource);
  if (key === undefined) return [];
  if (type !== 'aws_eks_pod_identity_association') return [key];
  const [cluster, namespace, account] = [attributes.cluster_name, attributes.namespace, attributes.service_account];
  return [key, KEYS.associationOf(String(cluster), String(namespace), String(account))];
}

function keyOf({ type, attributes }: StateResource): string | undefined {
  const text = (name: string) => (typeof attributes[name] === 'string' ? attributes[name] : '');
  switch (type) {
    case 'aws_iam_role':
      return KEYS.role(text('name') || text('id'));
    case 'aws_iam_role_policy':
      return KEYS.inlinePolicy(text('role'), text('name'));
    case 'aws_iam_role_policy_attachment':
      return KEYS.managedPolicy(text('role'), text('policy_arn'));
    case 'aws_eks_pod_identity_association':
      return KEYS.association(text('association_id'));
    case 'aws_eks_addon':
      return KEYS.addon(text('cluster_name'), text('addon_name'));
    case 'aws_iam_openid_connect_provider':
      return KEYS.oidcProvider(text('arn') || text('id'));
    case 'kubernetes_service_account_v1': {
      const [namespace = '', name = ''] = text('id').split('/');
      return KEYS.serviceAccount(namespace, name);
    }
    default:
      return undefined;
  }
}
