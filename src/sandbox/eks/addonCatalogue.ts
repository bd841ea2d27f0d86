/** The Kubernetes objects of an add-on. */
export interface AddonObjects {
  readonly namespace: string;
  /** The service accounts that can have a role. The add-on's IRSA role is for the first. */
  readonly serviceAccounts: readonly string[];
  readonly workload: {
    readonly kind: 'Deployment' | 'DaemonSet';
    readonly name: string;
    readonly serviceAccount: string;
    /** Without the tag, which is the add-on's version. */
    readonly image: string;
    readonly args?: readonly string[];
    /** The pods use the host network and these ports of the node. */
    readonly hostPorts?: readonly number[];
  };
}

/** An add-on that can be installed. Versions from old to new; the last is the default. */
export interface CatalogueAddon {
  readonly name: string;
  readonly type: string;
  readonly versions: readonly string[];
  /** Absent: the sandbox creates no objects for the add-on, and the add-on can have no role. */
  readonly objects?: AddonObjects;
}

/** The Pod Identity agent. */
export const AGENT = 'eks-pod-identity-agent';

/**
 * The add-ons of the sandbox. The versions are examples: any version of the right format can be installed.
 * Source: https://docs.aws.amazon.com/eks/latest/userguide/eks-add-ons.html and workloads-add-ons-available-eks.html (namespaces and
 * service accounts), https://aws-otel.github.io/docs/getting-started/adot-eks-add-on/config-otel-logs-collector (collectors)
 */
export const ADDON_CATALOGUE: readonly CatalogueAddon[] = [
  {
    name: AGENT,
    type: 'security',
    versions: ['v1.0.0-eksbuild.1', 'v1.1.0-eksbuild.1', 'v1.2.0-eksbuild.1', 'v1.3.2-eksbuild.2', 'v1.3.4-eksbuild.1'],
    objects: {
      namespace: 'kube-system',
      serviceAccounts: [],
      workload: {
        kind: 'DaemonSet',
        name: AGENT,
        serviceAccount: AGENT,
        image: 'eks/eks-pod-identity-agent',
        args: ['--port', '80'],
        hostPorts: [80, 2703],
      },
    },
  },
  {
    name: 'vpc-cni',
    type: 'networking',
    versions: ['v1.18.1-eksbuild.1', 'v1.19.0-eksbuild.1'],
    objects: {
      namespace: 'kube-system',
      serviceAccounts: ['aws-node'],
      workload: {
        kind: 'DaemonSet',
        name: 'aws-node',
        serviceAccount: 'aws-node',
        image: 'amazon-k8s-cni',
        hostPorts: [61_678],
      },
    },
  },
  { name: 'coredns', type: 'networking', versions: ['v1.11.1-eksbuild.4', 'v1.11.3-eksbuild.1'] },
  { name: 'kube-proxy', type: 'networking', versions: ['v1.30.0-eksbuild.3', 'v1.31.2-eksbuild.3'] },
  {
    name: 'aws-ebs-csi-driver',
    type: 'storage',
    versions: ['v1.35.0-eksbuild.1', 'v1.37.0-eksbuild.1'],
    objects: {
      namespace: 'kube-system',
      serviceAccounts: ['ebs-csi-controller-sa'],
      workload: {
        kind: 'Deployment',
        name: 'ebs-csi-controller',
        serviceAccount: 'ebs-csi-controller-sa',
        image: 'eks/aws-ebs-csi-driver',
      },
    },
  },
  {
    name: 'aws-efs-csi-driver',
    type: 'storage',
    versions: ['v2.0.7-eksbuild.1', 'v2.1.0-eksbuild.1'],
    objects: {
      namespace: 'kube-system',
      serviceAccounts: ['efs-csi-controller-sa', 'efs-csi-node-sa'],
      workload: {
        kind: 'Deployment',
        name: 'efs-csi-controller',
        serviceAccount: 'efs-csi-controller-sa',
        image: 'eks/aws-efs-csi-driver',
      },
    },
  },
  {
    name: 'aws-mountpoint-s3-csi-driver',
    type: 'storage',
    versions: ['v1.9.0-eksbuild.1', 'v1.11.0-eksbuild.1'],
    objects: {
      namespace: 'kube-system',
      serviceAccounts: ['s3-csi-driver-sa'],
      workload: {
        kind: 'DaemonSet',
        name: 's3-csi-node',
        serviceAccount: 's3-csi-driver-sa',
        image: 'eks/aws-s3-csi-driver',
      },
    },
  },
  {
    name: 'amazon-cloudwatch-observability',
    type: 'observability',
    versions: ['v2.6.0-eksbuild.1', 'v3.1.0-eksbuild.1'],
    objects: {
      namespace: 'amazon-cloudwatch',
      serviceAccounts: ['cloudwatch-agent'],
      workload: {
        kind: 'DaemonSet',
        name: 'cloudwatch-agent',
        serviceAccount: 'cloudwatch-agent',
        image: 'cloudwatch-agent/cloudwatch-agent',
      },
    },
  },
  {
    name: 'adot',
    type: 'observability',
    versions: ['v0.102.1-eksbuild.1', 'v0.109.0-eksbuild.1'],
    objects: {
      namespace: 'opentelemetry-operator-system',
      serviceAccounts: ['adot-col-prom-metrics', 'adot-col-otlp-ingest', 'adot-col-container-logs'],
      workload: {
        kind: 'Deployment',
        name: 'adot-col-prom-metrics-collector',
        serviceAccount: 'adot-col-prom-metrics',
        image: 'aws-observability/aws-otel-collector',
      },
    },
  },
];

/** The Kubernetes objects of an add-on. Undefined when the sandbox creates none. */
export function catalogueObjects(addon: string): AddonObjects | undefined {
  return ADDON_CATALOGUE.find(({ name }) => name === addon)?.objects;
}
