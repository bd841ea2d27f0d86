import { labelOf } from '../../inventory/edit/labelOf';
import { sinceText } from '../../inventory/edit/setStage';
import { type Cluster, type Environment, type Stage, STAGES } from '../../inventory/Inventory';
import type { FoundCluster } from './FoundCluster';
import type { ProposedEntry, ProposedWorkload } from './Proposal';

/** Workloads that have a wave of their own, with the first words of its description. */
const WAVE_KINDS = { addons: 'EKS add-ons ', patterns: 'accounts by pattern ' } as const;
type WaveKind = keyof typeof WAVE_KINDS;

type WhereFound = Pick<FoundCluster, 'inventory' | 'now'> & {
  readonly environment: Pick<Environment, 'key'>;
  readonly cluster: Pick<Cluster, 'key'>;
};

/**
 * The wave for what is found on a cluster at a stage: `<environment>-<cluster>` for workloads at `irsa` (`<cluster>` alone where that is the environment's
 * key, or begins with it and a `-`), `…-<stage>` for later ones, `…-addons` before that for add-ons, none for the last stage. A wave of the inventory is
 * used only for `irsa`, and only while it is at `irsa`: a later wave has a soak that these workloads did not have. Else the name gets `-2`, `-3`, ….
 * The entry is absent where the inventory has the wave. `…-patterns` is for accounts by pattern, which stop at `dual`.
 */
export function waveFor(
  { inventory, environment: { key: environment }, cluster: { key: cluster }, now }: WhereFound,
  stage: Stage,
  kind?: WaveKind,
): { readonly key: string; readonly entry?: ProposedEntry['entry'] } | undefined {
  if (stage === 'pod-identity') return undefined;
  const prefix = cluster === environment || cluster.startsWith(`${environment}-`) ? [cluster] : [environment, cluster];
  const base = [...prefix, ...(kind === undefined ? [] : [kind]), ...(stage === 'irsa' ? [] : [stage])];
  for (let count = 1; ; count++) {
    const key = labelOf(...base, ...(count === 1 ? [] : [String(count)]));
    const wave = inventory.waves.find((one) => one.key === key);
    if (wave === undefined) {
      const description = `${kind === undefined ? '' : WAVE_KINDS[kind]}found on ${cluster} of ${environment} at ${stage}`;
      const stages = stage === 'irsa' ? {} : { stages: { [environment]: { stage, since: sinceText(now) } } };
      return { key, entry: { description, ...stages } };
    }
    if (stage === 'irsa' && (wave.stages[environment]?.stage ?? 'irsa') === 'irsa') return { key };
  }
}

/** The waves of proposed workloads that the inventory does not have, and a note on each that it has: all workloads of a wave move together. */
export function newWaves(
  found: FoundCluster,
  workloads: readonly ProposedWorkload[],
): { readonly entries: readonly ProposedEntry[]; readonly notes: readonly string[] } {
  const used = new Set(workloads.map(({ entry }) => entry.wave));
  const kinds = [undefined, ...(Object.keys(WAVE_KINDS) as WaveKind[])];
  const waves = kinds
    .flatMap((kind) => STAGES.flatMap((stage) => waveFor(found, stage, kind) ?? []))
    .filter(({ key }) => used.has(key));
  const joined = waves.filter(({ entry }) => entry === undefined).map(({ key }) => key);
  return {
    entries: waves.flatMap(({ key, entry }) => (entry === undefined ? [] : [{ key, entry }])),
    notes: joined.flatMap((key) => {
      const inWave = found.inventory.environments.flatMap((one) => one.workloads.filter(({ wave }) => wave === key));
      const count = new Set(inWave.map((one) => one.key)).size;
      if (count === 0) return [];
      const those = `${count} ${count === 1 ? 'workload' : 'workloads'}`;
      return [
        `Workloads at irsa join wave ${key}, which has ${those}: all of them move together. To move them separately, write another wave.`,
      ];
    }),
  };
}
