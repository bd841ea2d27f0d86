// Keys of the inventory, SDK versions and times.

import type { Format } from './Format';

export const keyName: Format = {
  name: 'key-name',
  what: 'Keys of accounts, environments, clusters, waves, workloads, targets and values are lower-case DNS labels.',
  example: '"Prod_EU" is not a key',
  subject: 'a key',
  pattern: /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
  expected: 'a lower-case DNS label: a-z, 0-9 and -, at most 63, no - at its ends',
  hint: 'Rename the key and all references to it.',
};

/** A cluster of `expanded`: its key, after that of its environment where the key alone is not clear. */
export const clusterReference: Format = {
  name: 'cluster-reference',
  what: 'A key of `expanded.WORKLOAD` is the key of a cluster, or ENVIRONMENT/CLUSTER.',
  example: '"prod main" is not a cluster',
  subject: 'a cluster',
  pattern: /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\/)?[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
  expected: 'the key of a cluster, or ENVIRONMENT/CLUSTER',
  hint: "Write the cluster's key under the environment's `clusters`, not its EKS name.",
};

export const sdkVersion: Format = {
  name: 'sdk-version',
  what: '`sdk.version` is a version that podlift can compare.',
  example: '"latest" is not an SDK version',
  subject: 'an SDK version',
  pattern: /^(v?\d{1,5}(\.\d{1,5}){1,3}|release-\d{4}-\d{2}-\d{2})$/,
  expected: 'numbers joined by dots, or release-YYYY-MM-DD for Go v2 and Rust',
  hint: 'Write the version of the AWS SDK in the image of the workload.',
  unquoted: 'Write it in quotes: without them YAML reads 1.40 as the number 1.4.',
};

export const since: Format = {
  name: 'since',
  what: '`since` is an existing ISO 8601 time.',
  example: '"yesterday" is not a time',
  subject: 'a time',
  pattern: /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/,
  accepts: isRealTime,
  expected: 'ISO 8601 with a time zone, such as 2026-11-14T09:00:00Z',
  hint: 'Write day, time and zone, like 2026-11-14T09:00:00Z.',
};

/** `Date` reads 30 February as 2 March: a time exists if its day is unchanged. */
function isRealTime(text: string): boolean {
  const day = text.slice(0, 10);
  const midnight = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(Date.parse(text)) && !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day);
}

export const acceptance: Format = {
  name: 'acceptance',
  what: '`accepted` has the name of a check, with a workload and a cluster where it is about these alone.',
  example: '"Agent on nodes" is not an accepted check',
  subject: 'an accepted check',
  pattern: /^[a-z][a-z0-9-]*(:([a-z0-9][a-z0-9-]*|(?=:[^:])))?(:[a-z0-9][a-z0-9-]*)?$/,
  expected: 'CHECK, CHECK:WORKLOAD, CHECK:WORKLOAD:CLUSTER or CHECK::CLUSTER',
  hint: 'Write it as the gate names it, like pod-credentials:orders-api:main.',
};

export const evidenceFolder: Format = {
  name: 'evidence-folder',
  what: '`evidence` is a folder, relative to the folder of the inventory.',
  example: '"/var/evidence" is not a relative folder',
  subject: 'a relative folder',
  // A Windows drive, a backslash and a character that nobody sees are refused.
  pattern: /^(?![/~])(?![A-Za-z]:)[^\\\p{Cc}\p{Cf}]{1,512}$/u,
  expected: 'a path with /, such as evidence or ../evidence',
  hint: 'Write it relative to the folder of the first inventory file.',
};

export const soak: Format = {
  name: 'soak',
  what: '`soak` is a number with a unit.',
  example: '"a week" is not a time span',
  subject: 'a time span',
  pattern: /^[1-9]\d{0,4}[mhdw]$/,
  expected: 'a whole number and m, h, d or w, such as 7d',
  hint: 'Write it like 36h or 7d.',
  unquoted: 'Add the unit: 7d is seven days.',
};
