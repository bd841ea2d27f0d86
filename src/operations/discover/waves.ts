import { sinceText } from '../../inventory/edit/setStage';
import type { Inventory, Stage } from '../../inventory/Inventory';
import { labelOf } from '../../inventory/edit/labelOf';
import type { ProposedEntry } from './Proposal';

/** Gives each stage its wave, and collects those that were asked for. */
export interface Waves {
  /** The wave of a stage; none: the entry names the stage itself. */
  readonly of: (stage: Stage) => string | undefined;
  readonly entries: () => readonly ProposedEntry[];
  /** What an operator should know of waves of the inventory that get more workloads: they move together. */
  readonly notes: () => readonly string[];
}

/**
 * Waves for what is found on a cluster: `<environment>-<cluster>` for workloads at `irsa` (`<cluster>` alone where that is the environment's key, or
 * begins with it and a `-`), `…-<stage>` for later ones, `…-addons` before that for add-ons, none for the last stage. A wave of the inventory is used only
 * for `irsa`, and only while it is at `irsa`: a later wave has a soak that these workloads did not have. Else the name gets `-2`, `-3`, ….
 */
export function proposedWaves(
  { waves, environments }: Inventory,
  environment: string,
  cluster: string,
  now: Date,
  addons = false,
): Waves {
  const known = new Map(waves.map((wave) => [wave.key, wave]));
  const made = new Map<Stage, ProposedEntry>();
  const used = new Map<Stage, string>();
  const prefix = cluster === environment || cluster.startsWith(`${environment}-`) ? [cluster] : [environment, cluster];
  const waveFor = (stage: Stage): string => {
    const base = [...prefix, ...(addons ? ['addons'] : []), ...(stage === 'irsa' ? [] : [stage])];
    for (let count = 1; ; count++) {
      const key = labelOf(...base, ...(count === 1 ? [] : [String(count)]));
      const wave = known.get(key);
      if (wave === undefined) {
        const description = `${addons ? 'EKS add-ons ' : ''}found on ${cluster} of ${environment} at ${stage}`;
        const stages = stage === 'irsa' ? {} : { stages: { [environment]: { stage, since: sinceText(now) } } };
        made.set(stage, { key, entry: { description, ...stages } });
        return key;
      }
      if (stage === 'irsa' && (wave.stages[environment]?.stage ?? 'irsa') === 'irsa') return key;
    }
  };
  return {
    of: (stage) => {
      if (stage === 'pod-identity') return undefined;
      const key = used.get(stage) ?? waveFor(stage);
      used.set(stage, key);
      return key;
    },
    entries: () => [...made.values()],
    notes: () => {
      const joined = made.has('irsa') ? undefined : used.get('irsa');
      const inWave = environments.flatMap(({ workloads }) => workloads.filter(({ wave }) => wave === joined));
      const count = joined === undefined ? 0 : new Set(inWave.map(({ key }) => key)).size;
      if (count === 0) return [];
      return [
        `Workloads at irsa join wave ${joined ?? ''}, which has ${count} ${count === 1 ? 'workload' : 'workloads'}: all of them move together. To move them separately, write another wave.`,
      ];
    },
  };
}
