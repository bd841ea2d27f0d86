import type { AddonVersion } from './addonVersions';

/** Every version of the Pod Identity agent, from old to new. The newest is not the default. The date: `ADDON_VERSIONS_DATE`. */
export const AGENT_VERSIONS: readonly AddonVersion[] = [
  { version: 'v1.0.0-eksbuild.1', clusters: ['1.24', '1.34'] },
  { version: 'v1.1.0-eksbuild.1', clusters: ['1.24', '1.34'] },
  { version: 'v1.2.0-eksbuild.1', clusters: ['1.24', '1.34'] },
  { version: 'v1.3.0-eksbuild.1', clusters: ['1.24', '1.34'] },
  { version: 'v1.3.2-eksbuild.2', clusters: ['1.24', '1.34'] },
  { version: 'v1.3.4-eksbuild.1', clusters: ['1.24', '1.34'] },
  { version: 'v1.3.5-eksbuild.2', clusters: ['1.24', '1.34'] },
  { version: 'v1.3.7-eksbuild.2', clusters: ['1.24', '1.35'], defaultFor: ['1.24', '1.26'] },
  { version: 'v1.3.8-eksbuild.2', clusters: ['1.27', '1.35'] },
  { version: 'v1.3.9-eksbuild.3', clusters: ['1.28', '1.36'] },
  { version: 'v1.3.9-eksbuild.5', clusters: ['1.27', '1.36'] },
  { version: 'v1.3.10-eksbuild.1', clusters: ['1.27', '1.36'], defaultFor: ['1.27', '1.28'] },
  { version: 'v1.3.10-eksbuild.2', clusters: ['1.29', '1.36'] },
  { version: 'v1.3.10-eksbuild.3', clusters: ['1.29', '1.36'], defaultFor: ['1.29', '1.36'] },
  { version: 'v1.4.0-eksbuild.1', clusters: ['1.29', '1.36'] },
];

// Of all other add-ons: the oldest, the newest and the default version for each Kubernetes version from 1.28 on, and a few between.

export const VPC_CNI: readonly AddonVersion[] = [
  { version: 'v1.13.3-eksbuild.1', clusters: ['1.23', '1.28'] },
  { version: 'v1.13.4-eksbuild.1', clusters: ['1.21', '1.29'] },
  { version: 'v1.16.0-eksbuild.1', clusters: ['1.24', '1.31'] },
  { version: 'v1.17.1-eksbuild.1', clusters: ['1.21', '1.33'] },
  { version: 'v1.18.0-eksbuild.1', clusters: ['1.23', '1.34'] },
  { version: 'v1.18.1-eksbuild.1', clusters: ['1.23', '1.34'] },
  { version: 'v1.19.0-eksbuild.1', clusters: ['1.24', '1.36'], defaultFor: ['1.25', '1.27'] },
  { version: 'v1.20.4-eksbuild.2', clusters: ['1.28', '1.36'], defaultFor: ['1.28', '1.29'] },
  { version: 'v1.21.0-eksbuild.4', clusters: ['1.28', '1.36'] },
  { version: 'v1.21.1-eksbuild.7', clusters: ['1.29', '1.36'] },
  { version: 'v1.22.3-eksbuild.1', clusters: ['1.30', '1.36'], defaultFor: ['1.30', '1.30'] },
  { version: 'v1.22.4-eksbuild.3', clusters: ['1.30', '1.36'], defaultFor: ['1.31', '1.36'] },
  { version: 'v1.23.0-eksbuild.1', clusters: ['1.31', '1.36'] },
];

export const COREDNS: readonly AddonVersion[] = [
  { version: 'v1.9.3-eksbuild.2', clusters: ['1.24', '1.28'] },
  { version: 'v1.10.1-eksbuild.1', clusters: ['1.27', '1.31'] },
  { version: 'v1.10.1-eksbuild.4', clusters: ['1.27', '1.31'], defaultFor: ['1.27', '1.28'] },
  { version: 'v1.10.1-eksbuild.38', clusters: ['1.27', '1.31'] },
  { version: 'v1.11.1-eksbuild.3', clusters: ['1.29', '1.34'] },
  { version: 'v1.11.1-eksbuild.4', clusters: ['1.29', '1.34'], defaultFor: ['1.29', '1.29'] },
  { version: 'v1.11.4-eksbuild.40', clusters: ['1.29', '1.34'], defaultFor: ['1.30', '1.32'] },
  { version: 'v1.11.4-eksbuild.51', clusters: ['1.29', '1.34'] },
  { version: 'v1.12.1-eksbuild.2', clusters: ['1.33', '1.35'] },
  { version: 'v1.12.4-eksbuild.18', clusters: ['1.33', '1.35'], defaultFor: ['1.33', '1.34'] },
  { version: 'v1.13.1-eksbuild.1', clusters: ['1.33', '1.36'] },
  { version: 'v1.13.2-eksbuild.11', clusters: ['1.33', '1.36'], defaultFor: ['1.35', '1.35'] },
  { version: 'v1.13.2-eksbuild.21', clusters: ['1.33', '1.36'] },
  { version: 'v1.14.3-eksbuild.3', clusters: ['1.35', '1.36'], defaultFor: ['1.36', '1.36'] },
  { version: 'v1.14.3-eksbuild.14', clusters: ['1.35', '1.36'] },
];

export const KUBE_PROXY: readonly AddonVersion[] = [
  { version: 'v1.25.6-eksbuild.1', clusters: ['1.25', '1.28'] },
  { version: 'v1.26.2-eksbuild.1', clusters: ['1.26', '1.29'] },
  { version: 'v1.27.1-eksbuild.1', clusters: ['1.27', '1.30'] },
  { version: 'v1.28.1-eksbuild.1', clusters: ['1.28', '1.31'] },
  { version: 'v1.28.15-eksbuild.31', clusters: ['1.28', '1.31'], defaultFor: ['1.28', '1.28'] },
  { version: 'v1.28.15-eksbuild.41', clusters: ['1.28', '1.31'] },
  { version: 'v1.29.0-eksbuild.1', clusters: ['1.29', '1.32'] },
  { version: 'v1.29.15-eksbuild.16', clusters: ['1.29', '1.32'], defaultFor: ['1.29', '1.29'] },
  { version: 'v1.29.15-eksbuild.50', clusters: ['1.29', '1.32'] },
  { version: 'v1.30.0-eksbuild.2', clusters: ['1.30', '1.33'] },
  { version: 'v1.30.14-eksbuild.42', clusters: ['1.30', '1.33'], defaultFor: ['1.30', '1.30'] },
  { version: 'v1.30.14-eksbuild.43', clusters: ['1.30', '1.33'] },
  { version: 'v1.31.0-eksbuild.2', clusters: ['1.31', '1.34'] },
  { version: 'v1.31.14-eksbuild.25', clusters: ['1.31', '1.34'], defaultFor: ['1.31', '1.31'] },
  { version: 'v1.31.14-eksbuild.26', clusters: ['1.31', '1.34'] },
  { version: 'v1.32.0-eksbuild.2', clusters: ['1.32', '1.35'] },
  { version: 'v1.32.13-eksbuild.21', clusters: ['1.32', '1.35'], defaultFor: ['1.32', '1.32'] },
  { version: 'v1.32.13-eksbuild.22', clusters: ['1.32', '1.35'] },
  { version: 'v1.33.0-eksbuild.2', clusters: ['1.33', '1.36'] },
  { version: 'v1.33.10-eksbuild.18', clusters: ['1.33', '1.36'], defaultFor: ['1.33', '1.33'] },
  { version: 'v1.33.10-eksbuild.19', clusters: ['1.33', '1.36'] },
  { version: 'v1.34.6-eksbuild.18', clusters: ['1.34', '1.36'], defaultFor: ['1.34', '1.34'] },
  { version: 'v1.34.6-eksbuild.19', clusters: ['1.34', '1.36'] },
  { version: 'v1.35.3-eksbuild.18', clusters: ['1.35', '1.36'], defaultFor: ['1.35', '1.35'] },
  { version: 'v1.35.3-eksbuild.19', clusters: ['1.35', '1.36'] },
  { version: 'v1.36.0-eksbuild.14', clusters: ['1.36', '1.36'], defaultFor: ['1.36', '1.36'] },
  { version: 'v1.36.0-eksbuild.15', clusters: ['1.36', '1.36'] },
];

export const AWS_EBS_CSI_DRIVER: readonly AddonVersion[] = [
  { version: 'v1.17.0-eksbuild.1', clusters: ['1.22', '1.28'] },
  { version: 'v1.20.0-eksbuild.1', clusters: ['1.22', '1.29'], defaultFor: ['1.22', '1.22'] },
  { version: 'v1.26.1-eksbuild.1', clusters: ['1.23', '1.30'] },
  { version: 'v1.29.1-eksbuild.1', clusters: ['1.23', '1.34'] },
  { version: 'v1.35.0-eksbuild.1', clusters: ['1.23', '1.34'], defaultFor: ['1.23', '1.23'] },
  { version: 'v1.37.0-eksbuild.1', clusters: ['1.24', '1.34'] },
  { version: 'v1.38.1-eksbuild.2', clusters: ['1.24', '1.35'] },
  { version: 'v1.42.0-eksbuild.1', clusters: ['1.25', '1.36'], defaultFor: ['1.25', '1.25'] },
  { version: 'v1.53.0-eksbuild.1', clusters: ['1.28', '1.36'], defaultFor: ['1.28', '1.28'] },
  { version: 'v1.56.0-eksbuild.1', clusters: ['1.29', '1.36'], defaultFor: ['1.29', '1.29'] },
  { version: 'v1.63.0-eksbuild.1', clusters: ['1.30', '1.36'], defaultFor: ['1.30', '1.30'] },
  { version: 'v1.64.0-eksbuild.1', clusters: ['1.31', '1.36'], defaultFor: ['1.31', '1.36'] },
];

export const AWS_EFS_CSI_DRIVER: readonly AddonVersion[] = [
  { version: 'v1.5.8-eksbuild.1', clusters: ['1.22', '1.33'], defaultFor: ['1.22', '1.22'] },
  { version: 'v2.0.5-eksbuild.1', clusters: ['1.23', '1.33'] },
  { version: 'v2.1.11-eksbuild.1', clusters: ['1.27', '1.34'] },
  { version: 'v2.1.15-eksbuild.1', clusters: ['1.28', '1.34'], defaultFor: ['1.28', '1.28'] },
  { version: 'v2.2.0-eksbuild.1', clusters: ['1.29', '1.35'] },
  { version: 'v2.3.1-eksbuild.1', clusters: ['1.29', '1.35'], defaultFor: ['1.29', '1.29'] },
  { version: 'v3.0.1-eksbuild.1', clusters: ['1.30', '1.36'] },
  { version: 'v3.4.1-eksbuild.1', clusters: ['1.30', '1.36'], defaultFor: ['1.30', '1.36'] },
];

export const AWS_FSX_CSI_DRIVER: readonly AddonVersion[] = [
  { version: 'v1.3.0-eksbuild.1', clusters: ['1.28', '1.35'] },
  { version: 'v1.7.0-eksbuild.1', clusters: ['1.28', '1.35'], defaultFor: ['1.28', '1.28'] },
  { version: 'v1.8.0-eksbuild.1', clusters: ['1.29', '1.36'] },
  { version: 'v1.10.0-eksbuild.1', clusters: ['1.29', '1.36'], defaultFor: ['1.29', '1.36'] },
];

export const AWS_MOUNTPOINT_S3_CSI_DRIVER: readonly AddonVersion[] = [
  { version: 'v1.0.0-eksbuild.1', clusters: ['1.23', '1.29'] },
  { version: 'v1.3.1-eksbuild.1', clusters: ['1.23', '1.30'] },
  { version: 'v1.6.0-eksbuild.1', clusters: ['1.23', '1.31'] },
  { version: 'v1.8.1-eksbuild.1', clusters: ['1.23', '1.32'] },
  { version: 'v1.10.0-eksbuild.1', clusters: ['1.23', '1.33'] },
  { version: 'v1.11.0-eksbuild.1', clusters: ['1.23', '1.34'], defaultFor: ['1.23', '1.23'] },
  { version: 'v1.15.0-eksbuild.1', clusters: ['1.27', '1.36'] },
  { version: 'v2.0.0-eksbuild.1', clusters: ['1.27', '1.34'], defaultFor: ['1.27', '1.27'] },
  { version: 'v2.2.0-eksbuild.1', clusters: ['1.28', '1.34'], defaultFor: ['1.28', '1.28'] },
  { version: 'v2.4.1-eksbuild.1', clusters: ['1.29', '1.35'], defaultFor: ['1.29', '1.29'] },
  { version: 'v2.7.0-eksbuild.1', clusters: ['1.30', '1.36'], defaultFor: ['1.30', '1.36'] },
];

export const SNAPSHOT_CONTROLLER: readonly AddonVersion[] = [
  { version: 'v6.2.2-eksbuild.1', clusters: ['1.23', '1.35'] },
  { version: 'v8.3.0-eksbuild.1', clusters: ['1.27', '1.36'], defaultFor: ['1.27', '1.28'] },
  { version: 'v8.5.0-eksbuild.3', clusters: ['1.29', '1.36'], defaultFor: ['1.29', '1.29'] },
  { version: 'v8.6.0-eksbuild.3', clusters: ['1.30', '1.36'], defaultFor: ['1.30', '1.30'] },
  { version: 'v8.6.0-eksbuild.5', clusters: ['1.31', '1.36'], defaultFor: ['1.31', '1.36'] },
];

export const METRICS_SERVER: readonly AddonVersion[] = [
  { version: 'v0.7.2-eksbuild.1', clusters: ['1.24', '1.35'] },
  { version: 'v0.7.2-eksbuild.6', clusters: ['1.28', '1.35'], defaultFor: ['1.28', '1.28'] },
  { version: 'v0.7.2-eksbuild.11', clusters: ['1.29', '1.35'], defaultFor: ['1.29', '1.29'] },
  { version: 'v0.7.2-eksbuild.12', clusters: ['1.30', '1.36'] },
  { version: 'v0.7.2-eksbuild.18', clusters: ['1.30', '1.36'], defaultFor: ['1.30', '1.30'] },
  { version: 'v0.8.0-eksbuild.3', clusters: ['1.28', '1.36'] },
  { version: 'v0.8.1-eksbuild.15', clusters: ['1.31', '1.36'], defaultFor: ['1.31', '1.33'] },
  { version: 'v0.9.0-eksbuild.6', clusters: ['1.34', '1.36'], defaultFor: ['1.34', '1.36'] },
];

export const EXTERNAL_DNS: readonly AddonVersion[] = [
  { version: 'v0.15.1-eksbuild.1', clusters: ['1.25', '1.32'] },
  { version: 'v0.16.1-eksbuild.2', clusters: ['1.25', '1.33'] },
  { version: 'v0.18.0-eksbuild.1', clusters: ['1.27', '1.36'], defaultFor: ['1.27', '1.27'] },
  { version: 'v0.20.0-eksbuild.1', clusters: ['1.28', '1.36'], defaultFor: ['1.28', '1.28'] },
  { version: 'v0.20.0-eksbuild.5', clusters: ['1.29', '1.36'], defaultFor: ['1.29', '1.29'] },
  { version: 'v0.21.0-eksbuild.8', clusters: ['1.30', '1.36'], defaultFor: ['1.30', '1.36'] },
];

export const ADOT: readonly AddonVersion[] = [
  { version: 'v0.78.0-eksbuild.1', clusters: ['1.22', '1.28'] },
  { version: 'v0.92.1-eksbuild.1', clusters: ['1.23', '1.29'] },
  { version: 'v0.102.0-eksbuild.1', clusters: ['1.24', '1.30'] },
  { version: 'v0.109.0-eksbuild.1', clusters: ['1.24', '1.31'] },
  { version: 'v0.117.0-eksbuild.1', clusters: ['1.26', '1.32'], defaultFor: ['1.26', '1.30'] },
  { version: 'v0.131.0-eksbuild.1', clusters: ['1.31', '1.33'] },
  { version: 'v0.141.0-eksbuild.1', clusters: ['1.31', '1.36'] },
  { version: 'v0.156.0-eksbuild.1', clusters: ['1.31', '1.36'], defaultFor: ['1.31', '1.36'] },
];

export const AMAZON_CLOUDWATCH_OBSERVABILITY: readonly AddonVersion[] = [
  { version: 'v1.1.1-eksbuild.1', clusters: ['1.23', '1.28'] },
  { version: 'v1.2.2-eksbuild.1', clusters: ['1.23', '1.29'] },
  { version: 'v1.7.0-eksbuild.1', clusters: ['1.23', '1.30'] },
  { version: 'v2.0.0-eksbuild.2', clusters: ['1.23', '1.31'] },
  { version: 'v3.0.0-eksbuild.1', clusters: ['1.24', '1.32'] },
  { version: 'v3.1.0-eksbuild.1', clusters: ['1.24', '1.32'], defaultFor: ['1.24', '1.24'] },
  { version: 'v3.7.0-eksbuild.1', clusters: ['1.25', '1.33'], defaultFor: ['1.25', '1.25'] },
  { version: 'v4.3.1-eksbuild.1', clusters: ['1.28', '1.34'] },
  { version: 'v4.8.0-eksbuild.1', clusters: ['1.28', '1.35'] },
  { version: 'v5.3.1-eksbuild.1', clusters: ['1.28', '1.36'] },
  { version: 'v5.4.0-eksbuild.1', clusters: ['1.28', '1.36'], defaultFor: ['1.28', '1.28'] },
  { version: 'v6.5.0-eksbuild.1', clusters: ['1.29', '1.36'], defaultFor: ['1.29', '1.36'] },
];
