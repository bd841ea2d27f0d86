// What IAM refuses of the texts under Resource and NotResource, and of the dates of conditions.
// Source, also of the texts: getmoto/moto moto/iam/policy_validation.py, which was written from IAM's answers.

import { LEGACY } from './documentProblem';

const IAM_PATHS = [
  ...['user/', 'federated-user/', 'role/', 'group/', 'instance-profile/', 'mfa/', 'server-certificate/', 'policy/'],
  ...['sms-mfa/', 'saml-provider/', 'oidc-provider/', 'report/', 'access-report/'],
];

/** Further resources of IAM that AWS's own policies and the Service Authorization Reference have; IAM's message does not name them. */
const NEWER_IAM_PATHS = ['assumed-role/', 'delegation-request/', 'role-template/'];

/**
 * The resources of S3 that have a region.
 * Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html (resource types)
 */
const S3_WITH_REGION = [
  'accesspoint/',
  'access-grants/',
  'async-request/',
  'job/',
  'storage-lens/',
  'storage-lens-group/',
];

/** The parts of an ARN. The colon of a policy variable, as in `${aws:PrincipalAccount}`, ends no part. */
function partsOf(resource: string): readonly string[] {
  return resource.split(/:(?![^${}]*\})/);
}

const PARTITION = /^(\*|aws(-[a-z]+)*)$/;

/**
 * What IAM answers to a resource that it refuses. IAM completes an ARN without its last parts, such as `arn:aws:s3`, with `*`; it does not take an
 * ARN in which a colon before the account is missing. Unknown: which texts IAM takes as a service and as an account.
 * @returns undefined for a resource that IAM takes
 */
export function resourceMistake(resource: string): string | undefined {
  if (resource === '*') return undefined;
  const [, partition, service, region, account, ...rest] = partsOf(resource);
  if (partition === undefined) return `Resource ${resource} must be in ARN format or "*".`;
  if (!PARTITION.test(partition)) {
    const parts = [service, region, account, rest.length === 0 ? undefined : rest.join(':')];
    const shown = parts.map((part) => part ?? '*').join(':');
    return `Partition "${partition}" is not valid for resource "arn:${partition}:${shown}".`;
  }
  if (service === undefined) return 'Resource vendor must be fully qualified and cannot contain regexes.';
  return regionMistake(resource) ?? (isIncomplete(resource) ? LEGACY : undefined);
}

/**
 * IAM has no regions, and most resources of S3 have none. A name that begins with a wildcard can be one that has: whether IAM takes it is unknown.
 * Source: https://github.com/aws/aws-cdk/issues/22445 (the text for S3)
 */
function regionMistake(resource: string): string | undefined {
  const [, , service, region, account, ...rest] = partsOf(resource);
  const name = rest.join(':');
  const hasRegion = region !== undefined && region !== '';
  if (
    service === 's3' &&
    hasRegion &&
    !/^[*?$]/.test(name) &&
    !S3_WITH_REGION.some((path) => `${name}/`.startsWith(path))
  )
    return `Resource ${resource} can not contain region information.`;
  if (service !== 'iam') return undefined;
  if (hasRegion) return `IAM resource ${resource} cannot contain region information.`;
  if (account === undefined || name === '*' || name === 'root' || name.startsWith('$')) return undefined;
  if ([...IAM_PATHS, ...NEWER_IAM_PATHS].some((path) => name.startsWith(path))) return undefined;
  return `IAM resource path must either be "*" or start with ${IAM_PATHS.join(', ')}.`;
}

/** True for an ARN without a service, and for one in which a colon is missing: `arn:aws:s3::bucket`. */
function isIncomplete(resource: string): boolean {
  const parts = partsOf(resource);
  return parts[2] === '' || (parts.length < 6 && resource.includes('::'));
}

/**
 * ISO 8601 in parts, each of which may be missing from the end; the zone is `Z`, or two digits with or without minutes. moto takes no zone west of
 * Greenwich and none after minutes; IAM's guide names the W3C forms, which have both: https://www.w3.org/TR/NOTE-datetime
 */
const DATE_TIME =
  /^(?<year>-?\d+)(-(?<month>\d+)(-(?<day>\d+))?)?(t((?<hour>\d+)(:(?<minute>\d+)(:(?<second>\d+)(\.(?<fraction>\d{1,9}))?)?(z|[+-](?<zoneHour>\d\d)(:(?<zoneMinute>\d\d))?)?)?)?)?$/i;

/** The smallest and the largest value of each part. */
const BOUNDS: Readonly<Record<string, readonly [number, number]>> = {
  year: [-292_275_054, 292_278_993],
  month: [1, 12],
  day: [1, 31],
  hour: [0, 23],
  minute: [0, 59],
  second: [0, 59],
  zoneHour: [0, 23],
  zoneMinute: [0, 59],
};

const LAST_SECOND = 2n ** 63n - 1n;

/**
 * Whether IAM takes a text as the value of a date condition: ISO 8601, or seconds since 1970. A policy variable has its value later.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Date
 */
export function isPolicyDate(text: string): boolean {
  if (text.includes('${')) return true;
  if (/^\d+$/.test(text)) return BigInt(text) <= LAST_SECOND;
  const { groups = {} } = DATE_TIME.exec(text) ?? {};
  return (
    groups.year !== undefined &&
    Object.entries(BOUNDS).every(([part, [least, most]]) => {
      const value = groups[part];
      return value === undefined || (Number(value) >= least && Number(value) <= most);
    })
  );
}
