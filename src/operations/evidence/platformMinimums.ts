/**
 * The first platform version (`eks.N`) of each Kubernetes version that knows Pod Identity; every later Kubernetes version does, no
 * earlier one. Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-identities.html (cluster versions)
 */
export const PLATFORM_MINIMUMS: Readonly<Record<string, number>> = {
  '1.24': 13,
  '1.25': 10,
  '1.26': 9,
  '1.27': 8,
  '1.28': 4,
};

/** The last Kubernetes version of the table. */
const LAST_LISTED = 28;

/** Whether a cluster knows Pod Identity; nothing where its versions cannot be read. */
export function knowsPodIdentity(version: string, platformVersion: string): boolean | undefined {
  const minor = Number(/^1\.(\d+)$/.exec(version)?.[1] ?? Number.NaN);
  if (Number.isNaN(minor)) return undefined;
  if (minor > LAST_LISTED) return true;
  const minimum = PLATFORM_MINIMUMS[version];
  if (minimum === undefined) return false;
  const platform = Number(/^eks\.(\d+)/.exec(platformVersion)?.[1] ?? Number.NaN);
  return Number.isNaN(platform) ? undefined : platform >= minimum;
}
