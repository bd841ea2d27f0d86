import * as aws from './awsFormats';
import * as cluster from './clusterFormats';
import type { Format } from './Format';
import * as inventory from './inventoryFormats';

/** All formats by their names, sorted. */
export const FORMATS: ReadonlyMap<string, Format> = new Map(
  [...Object.values(aws), ...Object.values(cluster), ...Object.values(inventory)]
    .map((format) => [format.name, format] as const)
    .sort(([first], [second]) => (first < second ? -1 : 1)),
);
