import * as aws from './awsFormats';
import * as cluster from './clusterFormats';
import type { Format } from './Format';
import * as inventory from './inventoryFormats';

/** Every rule about how one text is written, by its name, in the order of the names. */
export const FORMATS: ReadonlyMap<string, Format> = new Map(
  [...Object.values(aws), ...Object.values(cluster), ...Object.values(inventory)]
    .map((format) => [format.name, format] as const)
    .sort(([first], [second]) => (first < second ? -1 : 1)),
);
