import type { Partition } from '../Inventory';

/** The partition of a region. Source: https://docs.aws.amazon.com/general/latest/gr/rande.html */
export function partitionOf(region: string): Partition {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}
