import type { AddonVersion } from './addonVersions';
import * as listed from './listedVersions';
import { agentConfiguration } from './agentConfiguration';
import type { ValueSchema } from './valueSchema';

/** The Pod Identity agent. */
export const AGENT = 'eks-pod-identity-agent';

/** What podlift knows of an EKS add-on. */
export interface KnownAddon {
  /** From old to new. */
  readonly versions: readonly AddonVersion[];
  /** The list has every version. Default: EKS may also have versions between the listed ones. */
  readonly isComplete?: boolean;
  /** The names at the top of its configuration, of all versions together. Absent: see `agentConfiguration`. */
  readonly configuration?: readonly string[];
  /** Absent: no version of the add-on can have Pod Identity associations. */
  readonly podIdentity?: {
    /** The first version that can have associations. */
    readonly since: string;
    /** The service accounts that can have an association, each with the managed policies that EKS recommends (path and name). */
    readonly serviceAccounts: Readonly<Record<string, readonly string[]>>;
  };
}

/**
 * EKS add-ons by name. The versions are those of `ADDON_VERSIONS_DATE`.
 * Sources of Pod Identity: https://docs.aws.amazon.com/eks/latest/userguide/retreive-iam-info.html (Pod Identity Support Reference),
 * terraform-aws-modules/terraform-aws-eks-pod-identity #37 (S3 from v2),
 * kubernetes-sigs/aws-efs-csi-driver #1759 (EFS: only the controller's account), terraform-aws-modules/terraform-aws-eks #3520 (CloudWatch).
 * FSx and external-dns: their first versions are younger than Pod Identity, so all versions count as supporting it. Policies:
 * https://docs.aws.amazon.com/eks/latest/userguide/workloads-add-ons-available-eks.html; S3 has no recommended one there.
 */
export const KNOWN_ADDONS: Readonly<Record<string, KnownAddon>> = {
  [AGENT]: {
    isComplete: true,
    versions: listed.AGENT_VERSIONS,
  },
  'vpc-cni': {
    configuration: [
      'affinity',
      'branchENICooldown',
      'cri',
      'enableNetworkPolicy',
      'enableWindowsIpam',
      'enableWindowsPrefixDelegation',
      'eniConfig',
      'env',
      'extraEnv',
      'extraVolumeMounts',
      'extraVolumes',
      'init',
      'livenessProbeTimeoutSeconds',
      'minimumWindowsIPTarget',
      'nodeAgent',
      'podAnnotations',
      'podLabels',
      'readinessProbeTimeoutSeconds',
      'resources',
      'tolerations',
      'warmWindowsIPTarget',
      'warmWindowsPrefixTarget',
    ],
    versions: listed.VPC_CNI,
    podIdentity: {
      since: 'v1.15.5-eksbuild.1',
      serviceAccounts: {
        'aws-node': ['AmazonEKS_CNI_Policy'],
      },
    },
  },
  coredns: {
    configuration: [
      'affinity',
      'annotationTopologyMode',
      'autoScaling',
      'computeType',
      'corefile',
      'nodeSelector',
      'podAnnotations',
      'podDisruptionBudget',
      'podLabels',
      'replicaCount',
      'resources',
      'tolerations',
      'topologySpreadConstraints',
      'trafficDistribution',
    ],
    versions: listed.COREDNS,
  },
  'kube-proxy': {
    configuration: ['conntrack', 'ipvs', 'mode', 'podAnnotations', 'podLabels', 'resources'],
    versions: listed.KUBE_PROXY,
  },
  'aws-ebs-csi-driver': {
    configuration: [
      'a1CompatibilityDaemonSet',
      'additionalDaemonSets',
      'controller',
      'customLabels',
      'debugLogs',
      'defaultStorageClass',
      'fips',
      'node',
      'nodeAllocatableUpdatePeriodSeconds',
      'proxy',
      'sidecars',
    ],
    versions: listed.AWS_EBS_CSI_DRIVER,
    podIdentity: {
      since: 'v1.26.0-eksbuild.1',
      serviceAccounts: {
        'ebs-csi-controller-sa': ['service-role/AmazonEBSCSIDriverPolicy'],
      },
    },
  },
  'aws-efs-csi-driver': {
    configuration: [
      'controller',
      'debugLogs',
      'deleteAccessPointRootDir',
      'node',
      'replicaCount',
      'sidecars',
      'useFIPS',
    ],
    versions: listed.AWS_EFS_CSI_DRIVER,
    podIdentity: {
      since: 'v2.0.5-eksbuild.1',
      serviceAccounts: {
        'efs-csi-controller-sa': ['service-role/AmazonEFSCSIDriverPolicy'],
      },
    },
  },
  'aws-fsx-csi-driver': {
    configuration: ['controller', 'csidriver', 'node'],
    versions: listed.AWS_FSX_CSI_DRIVER,
    podIdentity: {
      since: 'v1.3.0-eksbuild.1',
      serviceAccounts: {
        'fsx-csi-controller-sa': ['AmazonFSxFullAccess'],
      },
    },
  },
  'aws-mountpoint-s3-csi-driver': {
    configuration: ['controller', 'mountpointPod', 'node'],
    versions: listed.AWS_MOUNTPOINT_S3_CSI_DRIVER,
    podIdentity: {
      since: 'v2.0.0-eksbuild.1',
      serviceAccounts: {
        's3-csi-driver-sa': [],
      },
    },
  },
  'snapshot-controller': {
    configuration: [
      'additionalArgs',
      'affinity',
      'logLevel',
      'nodeSelector',
      'podAnnotations',
      'podDisruptionBudget',
      'podLabels',
      'priorityClassName',
      'resources',
      'tolerations',
      'topologySpreadConstraints',
    ],
    versions: listed.SNAPSHOT_CONTROLLER,
  },
  'metrics-server': {
    configuration: [
      'addonResizer',
      'affinity',
      'containerPort',
      'hostNetwork',
      'nodeSelector',
      'podAnnotations',
      'podDisruptionBudget',
      'podLabels',
      'priorityClassName',
      'replicas',
      'resources',
      'tolerations',
      'topologySpreadConstraints',
    ],
    versions: listed.METRICS_SERVER,
  },
  'external-dns': {
    configuration: [
      'affinity',
      'domainFilters',
      'env',
      'excludeDomains',
      'extraArgs',
      'extraVolumeMounts',
      'extraVolumes',
      'interval',
      'labelFilter',
      'logFormat',
      'logLevel',
      'managedRecordTypes',
      'namespaced',
      'nodeSelector',
      'podAnnotations',
      'podLabels',
      'policy',
      'priorityClassName',
      'registry',
      'resources',
      'service',
      'serviceMonitor',
      'sources',
      'tolerations',
      'topologySpreadConstraints',
      'triggerLoopOnEvent',
      'txtOwnerId',
      'txtPrefix',
      'txtSuffix',
    ],
    versions: listed.EXTERNAL_DNS,
    podIdentity: {
      since: 'v0.15.1-eksbuild.1',
      serviceAccounts: {
        'external-dns': ['AmazonRoute53FullAccess'],
      },
    },
  },
  adot: {
    configuration: [
      'admissionWebhooks',
      'affinity',
      'collector',
      'extraObjects',
      'kubeRBACProxy',
      'manager',
      'minReadySeconds',
      'nodeSelector',
      'replicaCount',
      'tolerations',
    ],
    versions: listed.ADOT,
    podIdentity: {
      since: 'v0.94.1-eksbuild.1',
      serviceAccounts: {
        'adot-col-prom-metrics': ['AmazonPrometheusRemoteWriteAccess'],
        'adot-col-otlp-ingest': ['AWSXrayWriteOnlyAccess'],
        'adot-col-container-logs': ['CloudWatchAgentServerPolicy'],
      },
    },
  },
  'amazon-cloudwatch-observability': {
    configuration: [
      'admissionWebhooks',
      'agent',
      'agents',
      'applicationSignals',
      'containerInsights',
      'containerLogs',
      'dcgmExporter',
      'kubeStateMetrics',
      'manager',
      'neuronMonitor',
      'nodeExporter',
      'otelContainerInsights',
      'tolerations',
    ],
    versions: listed.AMAZON_CLOUDWATCH_OBSERVABILITY,
    podIdentity: {
      since: 'v3.1.0-eksbuild.1',
      serviceAccounts: {
        'cloudwatch-agent': ['CloudWatchAgentServerPolicy', 'AWSXrayWriteOnlyAccess'],
      },
    },
  },
};

/**
 * The configuration that a version of an add-on takes. Of other add-ons than the agent the names at the top, of all versions. Undefined for an
 * add-on that podlift does not know.
 */
export function addonConfiguration(name: string, version: string): ValueSchema | undefined {
  if (name === AGENT) return agentConfiguration(version);
  const names = Object.hasOwn(KNOWN_ADDONS, name) ? KNOWN_ADDONS[name]?.configuration : undefined;
  if (names === undefined) return undefined;
  const properties = Object.fromEntries(names.map((member) => [member, {}]));
  return { type: 'object', properties, additionalProperties: false };
}

/** The names of all members, at any depth, that podlift knows in configurations of add-ons. */
export const CONFIGURATION_MEMBERS: ReadonlySet<string> = new Set(
  Object.entries(KNOWN_ADDONS).flatMap(([name, { versions }]) => {
    const schema = addonConfiguration(name, versions.at(-1)?.version ?? '');
    return schema === undefined ? [] : membersOf(schema);
  }),
);

function membersOf({ properties = {}, items }: ValueSchema): readonly string[] {
  const inside = Object.values(properties).flatMap(membersOf);
  return [...Object.keys(properties), ...inside, ...(items === undefined ? [] : membersOf(items))];
}
