import { REGIONS, REGIONS_DATE } from '../../aws/regions';
import type { Segments } from '../../Finding';
import { region as regionFormat } from '../../formats/awsFormats';
import { fits } from '../../formats/Format';
import { partitionOf } from '../../Inventory';
import { suggest } from '../../suggest';
import type { Rule, RuleFinding } from '../Rule';

/** A warning: AWS adds regions, and the list has a date. A text whose partition is not clear is an error of the rule `region`. */
export const unknownRegion: Rule = {
  name: 'unknown-region',
  severities: ['warning'],
  what: 'A region is one of AWS’s regions. The list inside podlift has a date.',
  example: 'podlift does not know the region us-west-9: did you mean us-west-1?',
  *check({ inventory }) {
    for (const { key, region, state, clusters } of inventory.environments) {
      const path = ['environments', key];
      yield* check(region, [...path, 'region']);
      if (state !== undefined && 's3' in state) yield* check(state.s3.region, [...path, 'state', 's3', 'region']);
      // A cluster without a region of its own has that of its environment.
      for (const cluster of clusters)
        if (cluster.region !== region) yield* check(cluster.region, [...path, 'clusters', cluster.key, 'region']);
    }
  },
};

function* check(region: string, path: Segments): Generator<RuleFinding> {
  if (!fits(regionFormat, region) || REGIONS.has(region)) return;
  const near = suggest(region, REGIONS);
  yield {
    path,
    message: `podlift does not know the region ${region}: ${near === undefined ? '' : `did you mean ${near}? `}it knows the regions of ${REGIONS_DATE}`,
    hint: `Correct the name. If AWS has this region now, podlift uses it in the partition ${partitionOf(region)}.`,
  };
}
