import * as aws from './awsFormats';
import * as cluster from './clusterFormats';
import type { Format } from './Format';
import * as inventory from './inventoryFormats';
import * as state from './stateFormats';

/** All formats by their names, sorted. */
export const FORMATS: ReadonlyMap<string, Format> = new Map(
  [aws, cluster, inventory, state]
    .flatMap((formats) => Object.values<Format>(formats))
    .map((format) => [format.name, format] as const)
    .sort(([first], [second]) => (first < second ? -1 : 1)),
);
