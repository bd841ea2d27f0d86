import { sinceText } from '../../inventory/edit/setStage';
import type { Inventory, Stage } from '../../inventory/Inventory';
import { labelOf } from './freeKey';
import type { ProposedEntry } from './Proposal';

/** Gives each stage that has to be written its wave. */
export interface Waves {
  /** The wave for a workload at a stage; none at the last one, which needs none. */
  readonly of: (stage: Stage) => string | undefined;
  /** Those that are new and were asked for. */
  readonly entries: () => readonly ProposedEntry[];
  /** Those that the inventory has and were asked for, with the number of workloads that are in them there. */
  readonly joined: () => readonly JoinedWave[];
}

/** A wave of the inventory that gets more workloads. */
export interface JoinedWave {
  readonly key: string;
  readonly workloads: number;
}

/**
 * Waves for what is found on a cluster: `<environment>-<cluster>` for workloads at `irsa` (`<cluster>` alone where that is the environment's name,
 * or begins with it and a `-`), `…-<stage>` for those further on, `…-addons` before that for add-ons. A wave that the inventory has already is used
 * only for `irsa`, and only while it is there: joining one at a later stage would claim that time had passed which has not; else the name gets a
 * `-2`, `-3`, ….
 */
export function proposedWaves(
  inventory: Inventory,
  environment: string,
  cluster: string,
  now: Date,
  addons = false,
): Waves {
  const known = new Map(inventory.waves.map((wave) => [wave.key, wave]));
  const made = new Map<Stage, ProposedEntry>();
  const used = new Map<Stage, string>();
  const joined = new Set<string>();
  // A cluster that is named after its environment does not need it twice.
  const names = cluster === environment || cluster.startsWith(`${environment}-`) ? [cluster] : [environment, cluster];
  const make = (stage: Stage): string => {
    const base = [...names, ...(addons ? ['addons'] : []), ...(stage === 'irsa' ? [] : [stage])];
    for (let count = 1; ; count++) {
      const key = labelOf(...base, ...(count === 1 ? [] : [String(count)]));
      const wave = known.get(key);
      if (wave === undefined) {
        made.set(stage, {
          key,
          entry: {
            description: `${addons ? 'EKS add-ons ' : ''}found on ${cluster} of ${environment} at ${stage}`,
            ...stagesOf(environment, stage, now),
          },
        });
        return key;
      }
      if (stage !== 'irsa' || (wave.stages[environment]?.stage ?? 'irsa') !== 'irsa') continue;
      joined.add(key);
      return key;
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
    joined: () => [...joined].map((key) => ({ key, workloads: countOf(inventory, key) })),
  };
}

function stagesOf(environment: string, stage: Stage, now: Date): ProposedEntry['entry'] {
  return stage === 'irsa' ? {} : { stages: { [environment]: { stage, since: sinceText(now) } } };
}

/** How many workloads are in a wave, in whatever environment. */
function countOf({ environments }: Inventory, wave: string): number {
  return new Set(
    environments.flatMap(({ workloads }) => workloads.filter((one) => one.wave === wave).map(({ key }) => key)),
  ).size;
}

/** What an operator should know of waves that get more workloads: they move with those that are in them. */
export function joinedNotes(waves: Waves): readonly string[] {
  return waves
    .joined()
    .filter(({ workloads }) => workloads > 0)
    .map(
      ({ key, workloads }) =>
        `What is found at irsa joins wave ${key}, which has ${workloads} ${workloads === 1 ? 'workload' : 'workloads'}: they move together. Write another wave where that is not meant.`,
    );
}
