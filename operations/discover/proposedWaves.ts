import { sinceText } from '../../inventory/edit/sinceText';
import type { Inventory, Stage } from '../../inventory/Inventory';
import { labelOf } from './freeKey';
import type { ProposedEntry } from './Proposal';

/** Gives each stage that has to be written its wave. */
export interface Waves {
  /** The wave for a workload at a stage; none at the last one, which needs none. */
  readonly of: (stage: Stage) => string | undefined;
  /** Those that are new and were asked for. */
  readonly entries: () => readonly ProposedEntry[];
}

/**
 * Waves for what is found on a cluster: `<environment>-<cluster>` for workloads at `irsa`, `…-<stage>` for those further on. A wave
 * that the inventory has already is used only for `irsa`, and only while it is there: joining one at a later stage would
 * claim that time had passed which has not.
 */
export function proposedWaves(inventory: Inventory, environment: string, cluster: string, now: Date): Waves {
  const known = new Map(inventory.waves.map((wave) => [wave.key, wave]));
  const made = new Map<Stage, ProposedEntry>();
  const used = new Map<Stage, string>();
  // A cluster that is named after its environment does not need it twice.
  const names = cluster === environment || cluster.startsWith(`${environment}-`) ? [cluster] : [environment, cluster];
  const make = (stage: Stage): string => {
    const base = [...names, ...(stage === 'irsa' ? [] : [stage])];
    for (let count = 1; ; count++) {
      const key = labelOf(...base, ...(count === 1 ? [] : [String(count)]));
      const wave = known.get(key);
      if (wave === undefined) {
        made.set(stage, { key, entry: entryOf(environment, cluster, stage, now) });
        return key;
      }
      if (stage === 'irsa' && (wave.stages[environment]?.stage ?? 'irsa') === 'irsa') return key;
    }
  };
  return {
    of: (stage) => {
      if (stage === 'pod-identity') return undefined;
      const key = used.get(stage) ?? make(stage);
      used.set(stage, key);
      return key;
    },
    entries: () => [...made.values()],
  };
}

function entryOf(environment: string, cluster: string, stage: Stage, now: Date): ProposedEntry['entry'] {
  return {
    description: `found on ${cluster} of ${environment} at ${stage}`,
    ...(stage !== 'irsa' && { stages: { [environment]: { stage, since: sinceText(now) } } }),
  };
}
