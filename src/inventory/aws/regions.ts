import list from './regions.json';

/** The date of the list of regions. */
export const REGIONS_DATE = list.date;

/** The regions of the partitions that podlift knows, at {@link REGIONS_DATE}. The file names source and licence; a test compares it with the SDK. */
export const REGIONS: ReadonlySet<string> = new Set(Object.values(list.regions).flat());
