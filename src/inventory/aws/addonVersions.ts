/**
 * Versions of EKS add-ons as DescribeAddonVersions answered in us-east-1 on that day. AWS adds versions every few weeks.
 * Source: https://docs.aws.amazon.com/eks/latest/APIReference/API_DescribeAddonVersions.html
 */
export const ADDON_VERSIONS_DATE = '2026-08-22';

/** A version of an add-on. */
export interface AddonVersion {
  /** `vX.Y.Z-eksbuild.N`. */
  readonly version: string;
  /** The first and the last Kubernetes version that takes this version of the add-on: `1.24`. */
  readonly clusters: readonly [first: string, last: string];
  /** The first and the last Kubernetes version whose default is this version. Absent: no default. */
  readonly defaultFor?: readonly [first: string, last: string];
}

/** The newest Kubernetes version of the lists. */
export const NEWEST_CLUSTER_VERSION = '1.36';

/** Compares versions of clusters or of add-ons by their numbers. Negative: the first one is older. */
export function compareVersions(first: string, second: string): number {
  const [one, two] = [first, second].map((version) => (version.match(/\d+/g) ?? []).map(Number));
  for (const [index, number] of (one ?? []).entries()) {
    const difference = number - (two?.[index] ?? -1);
    if (difference !== 0) return difference;
  }
  return (one?.length ?? 0) - (two?.length ?? 0);
}

function isWithin(version: string, [first, last]: readonly [string, string]): boolean {
  return compareVersions(first, version) <= 0 && compareVersions(version, last) <= 0;
}

/** The listed versions that a cluster takes, from old to new. A cluster newer than the list counts as the newest one of the list. */
export function versionsFor(clusterVersion: string, versions: readonly AddonVersion[]): readonly AddonVersion[] {
  const known = knownCluster(clusterVersion);
  return versions.filter(({ clusters }) => isWithin(known, clusters));
}

/** True when EKS installs this version on the cluster if the request names none. */
export function isDefaultFor({ defaultFor }: AddonVersion, clusterVersion: string): boolean {
  return defaultFor !== undefined && isWithin(knownCluster(clusterVersion), defaultFor);
}

/** The version that EKS installs on a cluster when the request names none. Undefined when the cluster takes no version. */
export function defaultVersion(clusterVersion: string, versions: readonly AddonVersion[]): string | undefined {
  const taken = versionsFor(clusterVersion, versions);
  return (taken.find((version) => isDefaultFor(version, clusterVersion)) ?? taken.at(-1))?.version;
}

/**
 * How a list sees a version of an add-on on a cluster.
 * - `taken`: the cluster takes the version.
 * - `other-clusters`: the list has the version, for other Kubernetes versions only.
 * - `between`: the list does not have the version; older and newer ones are there for the cluster.
 * - `older`, `newer`: the version is older or newer than all listed ones that the cluster takes.
 * - `never`: the version is older than the first one of all.
 */
export type VersionStanding = 'taken' | 'other-clusters' | 'between' | 'older' | 'newer' | 'never';

/** How the list of an add-on sees a version on a cluster. */
export function standingOf(
  version: string,
  clusterVersion: string,
  versions: readonly AddonVersion[],
): VersionStanding {
  const taken = versionsFor(clusterVersion, versions);
  if (taken.some((listed) => listed.version === version)) return 'taken';
  if (versions.some((listed) => listed.version === version)) return 'other-clusters';
  const isOlderThan = (listed: AddonVersion) => compareVersions(version, listed.version) < 0;
  if (versions.every(isOlderThan)) return 'never';
  if (taken.every(isOlderThan)) return 'older';
  return taken.some(isOlderThan) ? 'between' : 'newer';
}

function knownCluster(version: string): string {
  return compareVersions(version, NEWEST_CLUSTER_VERSION) > 0 ? NEWEST_CLUSTER_VERSION : version;
}
