import type { AddonFacts, RoleFacts } from '../../src/estate/aws/AwsPort';
import type {
  ContainerFacts,
  FieldOwner,
  ServiceAccountFacts,
  TemplateFacts,
} from '../../src/estate/kubernetes/KubernetesPort';

// Facts with everything that a test says nothing of: what AWS and Kubernetes have where nobody wrote anything.

export function containerOf(parts: Partial<ContainerFacts> = {}): ContainerFacts {
  return { name: 'app', env: {}, earlier: [], proxy: {}, envFrom: [], image: 'app', hostPorts: [], ...parts };
}

export function addonOf(parts: Partial<AddonFacts> = {}): AddonFacts {
  const { name = 'eks-pod-identity-agent' } = parts;
  return {
    name,
    arn: `arn:aws:eks:us-west-2:333333333333:addon/prod-main/${name}/1`,
    status: 'ACTIVE',
    version: name === 'eks-pod-identity-agent' ? 'v1.3.4-eksbuild.1' : 'v1.40.0-eksbuild.1',
    issues: [],
    associationArns: [],
    tags: {},
    ...parts,
  };
}

/** An add-on that podlift made. */
export function ownAddonOf(parts: Partial<AddonFacts> = {}): AddonFacts {
  return addonOf({ tags: { 'podlift:environment': 'prod' }, ...parts });
}

/** A role; its name and path are those of its ARN. */
export function roleFactsOf(parts: Pick<RoleFacts, 'arn' | 'trust'> & Partial<RoleFacts>): RoleFacts {
  const resource = parts.arn.slice(parts.arn.indexOf(':role/') + ':role'.length);
  const slash = resource.lastIndexOf('/');
  return {
    name: resource.slice(slash + 1),
    path: resource.slice(0, slash + 1),
    maxSessionDuration: 3600,
    tags: {},
    ...parts,
  };
}

export function serviceAccountOf(
  namespace: string,
  name: string,
  annotations: Readonly<Record<string, string>> = {},
  ...roleOwners: readonly FieldOwner[]
): ServiceAccountFacts {
  return { namespace, name, annotations, roleOwners, changedAt: '2026-11-14T09:00:00Z' };
}

/** The Deployment of the workload `orders-api`. */
export function templateOf(parts: Partial<TemplateFacts> = {}): TemplateFacts {
  const { kind = 'Deployment' } = parts;
  return {
    namespace: 'production',
    kind,
    name: 'orders-api',
    ...(kind === 'Deployment' || kind === 'StatefulSet' ? { replicas: 1 } : {}),
    serviceAccount: 'orders-api',
    labels: {},
    hostNetwork: false,
    containers: [containerOf()],
    tokenVolumes: {},
    nodeSelector: {},
    tolerations: [],
    ...parts,
  };
}
