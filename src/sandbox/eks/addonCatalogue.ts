import { AGENT } from '../../inventory/aws/knownAddons';

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

/** An add-on that can be installed. */
export interface CatalogueAddon {
  readonly name: string;
  readonly type: string;
  /** Default: `eks`. */
  readonly publisher?: string;
  /** Default: `aws`. */
  readonly owner?: string;
  readonly computeTypes: readonly string[];
  /** The add-on needs IAM permissions. */
  readonly requiresIam: boolean;
  /** Absent: the sandbox creates no objects for the add-on, and the add-on can have no role. */
  readonly objects?: AddonObjects;
}

/**
 * The add-ons of the sandbox. Their versions and configuration are in `KNOWN_ADDONS`. Compute types and permissions: answers of
 * DescribeAddonVersions of 2026-08-22.
 * Source: https://docs.aws.amazon.com/eks/latest/userguide/eks-add-ons.html and workloads-add-ons-available-eks.html (namespaces and
 * service accounts), https://aws-otel.github.io/docs/getting-started/adot-eks-add-on/config-otel-logs-collector (collectors),
 * kubernetes-sigs/aws-fsx-csi-driver charts/aws-fsx-csi-driver (service accounts of FSx). The workload names of metrics-server, external-dns and
 * snapshot-controller follow from the names of the add-ons.
 */
export const ADDON_CATALOGUE: readonly CatalogueAddon[] = [
  {
    name: AGENT,
    type: 'security',
    computeTypes: ['ec2', 'hybrid', 'local-cluster'],
    requiresIam: false,
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
    computeTypes: ['ec2', 'local-cluster'],
    requiresIam: true,
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
  {
    name: 'coredns',
    type: 'networking',
    computeTypes: ['ec2', 'hybrid', 'fargate', 'auto', 'local-cluster'],
    requiresIam: false,
  },
  {
    name: 'kube-proxy',
    type: 'networking',
    computeTypes: ['ec2', 'hybrid', 'local-cluster'],
    requiresIam: false,
  },
  {
    name: 'aws-ebs-csi-driver',
    type: 'storage',
    computeTypes: ['ec2'],
    requiresIam: true,
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
    computeTypes: ['ec2', 'auto'],
    requiresIam: true,
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
    publisher: 's3',
    computeTypes: ['ec2', 'auto'],
    requiresIam: true,
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
    computeTypes: ['ec2', 'hybrid', 'auto'],
    requiresIam: true,
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
    computeTypes: ['ec2', 'hybrid', 'fargate', 'auto'],
    requiresIam: true,
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
  {
    name: 'aws-fsx-csi-driver',
    type: 'storage',
    computeTypes: ['ec2', 'auto', 'hybrid'],
    requiresIam: true,
    objects: {
      namespace: 'kube-system',
      serviceAccounts: ['fsx-csi-controller-sa', 'fsx-csi-node-sa'],
      workload: {
        kind: 'Deployment',
        name: 'fsx-csi-controller',
        serviceAccount: 'fsx-csi-controller-sa',
        image: 'eks/aws-fsx-csi-driver',
      },
    },
  },
  {
    name: 'snapshot-controller',
    type: 'storage',
    computeTypes: ['ec2', 'hybrid', 'auto', 'fargate'],
    requiresIam: false,
    objects: {
      namespace: 'kube-system',
      serviceAccounts: [],
      workload: {
        kind: 'Deployment',
        name: 'snapshot-controller',
        serviceAccount: 'snapshot-controller',
        image: 'eks/snapshot-controller',
      },
    },
  },
  {
    name: 'metrics-server',
    type: 'observability',
    owner: 'community',
    computeTypes: ['ec2', 'hybrid', 'auto', 'fargate'],
    requiresIam: false,
    objects: {
      namespace: 'kube-system',
      serviceAccounts: [],
      workload: {
        kind: 'Deployment',
        name: 'metrics-server',
        serviceAccount: 'metrics-server',
        image: 'eks/metrics-server',
      },
    },
  },
  {
    name: 'external-dns',
    type: 'networking',
    owner: 'community',
    computeTypes: ['auto', 'ec2', 'fargate', 'hybrid'],
    requiresIam: true,
    objects: {
      namespace: 'external-dns',
      serviceAccounts: ['external-dns'],
      workload: {
        kind: 'Deployment',
        name: 'external-dns',
        serviceAccount: 'external-dns',
        image: 'eks/external-dns',
      },
    },
  },
];

/** The add-on of that name. Undefined when the sandbox does not know it. */
export function catalogueAddon(name: string): CatalogueAddon | undefined {
  return ADDON_CATALOGUE.find((addon) => addon.name === name);
}

/** The Kubernetes objects of an add-on. Undefined when the sandbox creates none. */
export function catalogueObjects(addon: string): AddonObjects | undefined {
  return catalogueAddon(addon)?.objects;
}
