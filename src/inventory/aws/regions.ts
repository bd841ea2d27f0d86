import list from './regions.json';

/** The date of the list of regions. */
export const REGIONS_DATE = list.date;

/** The regions of the partitions that podlift knows, at {@link REGIONS_DATE}. The file names source and licence; a test compares it with the SDK. */
export const REGIONS: ReadonlySet<string> = new Set(Object.values(list.regions).flat());

/** The regions of a partition; none for a partition that podlift does not know. */
export function regionsOf(partition: string): readonly string[] {
  return (list.regions as Readonly<Record<string, readonly string[]>>)[partition] ?? [];
}

/**
 * Regions that an account must opt in to before it can use them: those that AWS introduced after 20 March 2019.
 * Source: https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html (2026-11)
 */
export const OPT_IN_REGIONS: ReadonlySet<string> = new Set([
  ...['af-south-1', 'ap-east-1', 'ap-east-2', 'ap-south-2', 'ap-southeast-3', 'ap-southeast-4', 'ap-southeast-5'],
  ...['ap-southeast-6', 'ap-southeast-7', 'ca-west-1', 'eu-central-2', 'eu-south-1', 'eu-south-2', 'il-central-1'],
  ...['me-central-1', 'me-south-1', 'mx-central-1'],
]);
