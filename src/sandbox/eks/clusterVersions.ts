import type { Actions, Call, Output } from '../api/Action';
import { type Input, optionalFlag, optionalText, textList } from '../api/Input';
import { eksPage } from '../api/pages';

interface ClusterVersion {
  readonly version: string;
  /** Dates in UTC. Absent: not known. */
  readonly dates?: { readonly release: string; readonly endOfStandard: string; readonly endOfExtended: string };
}

/**
 * The Kubernetes versions of EKS as of August 2026. The dates of 1.36 are not known, and the release of 1.35 is 14 months before the
 * end of its standard support.
 * Sources: awsdocs/amazon-eks-user-guide latest/ug/versioning/kubernetes-versions.adoc (release calendar), endoflife.date/amazon-eks (1.35)
 */
const VERSIONS: readonly ClusterVersion[] = [
  { version: '1.29', dates: { release: '2024-01-23', endOfStandard: '2025-03-23', endOfExtended: '2026-03-23' } },
  { version: '1.30', dates: { release: '2024-05-23', endOfStandard: '2025-07-23', endOfExtended: '2026-07-23' } },
  { version: '1.31', dates: { release: '2024-09-26', endOfStandard: '2025-11-26', endOfExtended: '2026-11-26' } },
  { version: '1.32', dates: { release: '2025-01-23', endOfStandard: '2026-03-23', endOfExtended: '2027-03-23' } },
  { version: '1.33', dates: { release: '2025-05-29', endOfStandard: '2026-07-29', endOfExtended: '2027-07-29' } },
  { version: '1.34', dates: { release: '2025-10-02', endOfStandard: '2026-12-02', endOfExtended: '2027-12-02' } },
  { version: '1.35', dates: { release: '2026-01-27', endOfStandard: '2027-03-27', endOfExtended: '2028-03-27' } },
  { version: '1.36' },
];

/** Which version is EKS's default is not known. */
const DEFAULT = '1.36';

type Support = 'STANDARD_SUPPORT' | 'EXTENDED_SUPPORT' | 'UNSUPPORTED';

/** A new period starts at the beginning of the day in UTC. */
function supportOf({ dates }: ClusterVersion, now: Date): Support {
  if (dates === undefined || now < new Date(dates.endOfStandard)) return 'STANDARD_SUPPORT';
  return now < new Date(dates.endOfExtended) ? 'EXTENDED_SUPPORT' : 'UNSUPPORTED';
}

/**
 * A version as EKS shows it. `status` has the values of `versionStatus`, other than in the model: so do the sample in the user guide and answers that
 * users quote. The platform version is a placeholder, and the patch version is not known.
 */
function versionView({ version, dates }: ClusterVersion, support: Support): Output {
  return {
    clusterVersion: version,
    clusterType: 'eks',
    defaultPlatformVersion: 'eks.1',
    defaultVersion: version === DEFAULT,
    ...(dates === undefined
      ? {}
      : {
          releaseDate: new Date(dates.release),
          endOfStandardSupportDate: new Date(dates.endOfStandard),
          endOfExtendedSupportDate: new Date(dates.endOfExtended),
        }),
    status: support,
    versionStatus: support,
  };
}

/** The filter `status` is older than `versionStatus`, and has the same values in another spelling. */
function readSupport(input: Input): Support | undefined {
  const status = optionalText(input, 'status', { pattern: /^(unsupported|standard-support|extended-support)$/ });
  const rule = { pattern: /^(UNSUPPORTED|STANDARD_SUPPORT|EXTENDED_SUPPORT)$/ };
  const wanted = optionalText(input, 'versionStatus', rule) ?? status?.toUpperCase().replace('-', '_');
  return wanted as Support | undefined;
}

/** The versions that EKS supports; with `includeAll` or a filter that names them the others of the list too. */
function describeClusterVersions(input: Input, { time }: Call): Output {
  const type = optionalText(input, 'clusterType') ?? 'eks';
  const named = textList(input, 'clusterVersions');
  const support = readSupport(input);
  const onlyDefault = optionalFlag(input, 'defaultOnly') ?? false;
  const all = (optionalFlag(input, 'includeAll') ?? false) || named.length > 0 || support !== undefined;
  const wanted = VERSIONS.map((one) => ({ ...one, support: supportOf(one, time) })).filter(
    (one) =>
      type === 'eks' &&
      (all || one.support !== 'UNSUPPORTED') &&
      (named.length === 0 || named.includes(one.version)) &&
      (support === undefined || one.support === support) &&
      (!onlyDefault || one.version === DEFAULT),
  );
  const { items, nextToken } = eksPage(input, wanted, ({ version }) => version);
  return { clusterVersions: items.map((one) => versionView(one, one.support)), nextToken };
}

/** The Kubernetes versions of EKS. Source: https://docs.aws.amazon.com/eks/latest/APIReference/API_DescribeClusterVersions.html */
export const clusterVersionActions: Actions = {
  DescribeClusterVersions: {
    route: 'GET /cluster-versions',
    permissions: () => [{ action: 'eks:DescribeClusterVersions', resource: '*' }],
    handle: describeClusterVersions,
  },
};
