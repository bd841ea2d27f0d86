/** What an add-on runs in its cluster. */
export interface AddonParts {
  readonly namespace: string;
  /** Service accounts that a role can be given to; the IRSA role of the add-on is the first one's. */
  readonly serviceAccounts: readonly string[];
  readonly workload: {
    readonly kind: 'Deployment' | 'DaemonSet';
    readonly name: string;
    readonly serviceAccount: string;
    /** Without the tag, which is the add-on's version. */
    readonly image: string;
    readonly args?: readonly string[];
    /** It shares its node's network, and takes these ports of it. */
    readonly hostPorts?: readonly number[];
  };
}

/** An add-on that a cluster can have. Versions from old to new; the last is the default. */
export interface CatalogueAddon {
  readonly name: string;
  readonly type: string;
  readonly versions: readonly string[];
  /** Absent: the sandbox runs nothing for it, and no role can be given to it. */
  readonly parts?: AddonParts;
}

/** The Pod Identity agent. */
export const AGENT = 'eks-pod-identity-agent';

/**
 * The add-ons that the sandbox knows. The versions are examples of real ones: any version of the right form can be installed.
 * Source: https://docs.aws.amazon.com/eks/latest/userguide/eks-add-ons.html and workloads-add-ons-available-eks.html (namespaces and
 * service accounts), https://aws-otel.github.io/docs/getting-started/adot-eks-add-on/config-otel-logs-collector (collectors)
 */
export const ADDON_CATALOGUE: readonly CatalogueAddon[] = [
  {
    name: AGENT,
    type: 'security',
    versions: ['v1.0.0-eksbuild.1', 'v1.1.0-eksbuild.1', 'v1.2.0-eksbuild.1', 'v1.3.2-eksbuild.2', 'v1.3.4-eksbuild.1'],
    parts: {
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
    parts: {
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
    parts: {
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
    parts: {
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
    parts: {
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
    parts: {
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
    parts: {
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

/** What an add-on runs, as far as the sandbox runs anything for it. */
export function partsOf(addon: string): AddonParts | undefined {
  return ADDON_CATALOGUE.find(({ name }) => name === addon)?.parts;
}

/** The form of every add-on version. */
export const ADDON_VERSION = /^v\d+\.\d+\.\d+-eksbuild\.\d+$/;

/** What the agent's `configurationValues` may say, as far as the sandbox describes it. */
export const CONFIGURATION_SCHEMA = {
  $schema: 'http://json-schema.org/draft-06/schema#',
  type: 'object',
  properties: { agent: { type: 'object', properties: { additionalArgs: { type: 'object' } } } },
};
