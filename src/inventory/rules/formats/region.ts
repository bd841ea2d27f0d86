import type { Format } from '../Format';

/**
 * A region is the code of an AWS region.
 * Source: https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
 */
export const region: Format = {
  name: 'region',
  severities: ['error'],
  what: 'A region is the code of an AWS region.',
  example: '"us-west2" is not a region',
  subject: 'a region',
  pattern:
    /^(af|ap|ca|cn|eu|il|me|mx|sa|us|us-gov)-(central|east|north|northeast|northwest|south|southeast|southwest|west)-[1-9]$/,
  expected: 'a region of the partitions aws, aws-cn and aws-us-gov, such as us-west-2',
  hint: "Write the region's code, not its name, and no availability zone.",
};
