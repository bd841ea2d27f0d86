import { type Inventory, STAGES, type Stage, type Wave } from '../inventory/Inventory';

/** One step of one wave in one environment, forward or back. */
export interface Move {
  readonly wave: string;
  readonly from: Stage;
  readonly to: Stage;
}

/** True for a step to a later stage. */
export function isForward({ from, to }: Move): boolean {
  return STAGES.indexOf(to) > STAGES.indexOf(from);
}

/** The waves of an environment to rehearse. */
export interface WalkRequest {
  readonly waves: readonly Wave[];
  readonly environment: string;
  /** Keys of the rehearsed waves. */
  readonly rehearsed: readonly string[];
  /** How far forward. */
  readonly to: Stage;
}

/**
 * The steps of a rehearsal, in order: each rehearsed wave goes forward to `to`, back to `irsa`, and forward to its starting stage. Each step is
 * taken in both directions, and the end is the beginning. A wave that `after` ties to another one moves with it: no wave may run ahead.
 */
export function planWalk({ waves, environment, rehearsed, to }: WalkRequest): Move[] {
  const stands = new Map(waves.map(({ key, stages }) => [key, STAGES.indexOf(stages[environment]?.stage ?? 'irsa')]));
  const at = new Map(stands);
  const moves: Move[] = [];
  const before = (wave: string) => waves.find(({ key }) => key === wave)?.after;
  const behind = (wave: string) => waves.filter(({ after }) => after === wave).map(({ key }) => key);

  function move(wave: string, goal: number): void {
    const first = before(wave);
    if (first !== undefined && (at.get(first) ?? 0) < goal) move(first, goal);
    for (const follower of behind(wave)) if ((at.get(follower) ?? 0) > goal) move(follower, goal);
    for (let stage = at.get(wave) ?? 0; stage !== goal;) {
      const next = stage + Math.sign(goal - stage);
      moves.push({ wave, from: stageAt(stage), to: stageAt(next) });
      at.set(wave, next);
      stage = next;
    }
  }

  const ahead = inOrder(waves, rehearsed);
  const furthest = STAGES.indexOf(to);
  for (const wave of ahead) if ((at.get(wave) ?? 0) < furthest) move(wave, furthest);
  for (const wave of [...ahead].reverse()) move(wave, 0);
  // Dependent waves go to their starting stage too, in the order of `after`.
  for (const wave of inOrder(waves, [...at.keys()])) move(wave, stands.get(wave) ?? 0);
  return moves;
}

/** The waves, each after the one that its `after` names. */
function inOrder(waves: readonly Wave[], keys: readonly string[]): string[] {
  const depth = (key: string): number => {
    const after = waves.find((wave) => wave.key === key)?.after;
    return after === undefined ? 0 : 1 + depth(after);
  };
  return [...keys].sort((a, b) => depth(a) - depth(b));
}

function stageAt(index: number): Stage {
  const stage = STAGES[index];
  if (stage === undefined) throw new Error(`there is no stage ${index}`);
  return stage;
}

/** The waves that have workloads in an environment, by key, in the order of the inventory. */
export function wavesIn({ waves, environments }: Inventory, environment: string): string[] {
  const workloads = environments.find(({ key }) => key === environment)?.workloads ?? [];
  const present = new Set(workloads.flatMap(({ wave }) => wave ?? []));
  return waves.map(({ key }) => key).filter((key) => present.has(key));
}

/** The walk with the fewest steps of one wave in one of the environments, to the last stage and back; undefined without waves. */
export function shortestWalk(
  inventory: Inventory,
  environments: readonly string[],
): { readonly environment: string; readonly wave: string; readonly moves: readonly Move[] } | undefined {
  return environments
    .flatMap((environment) =>
      wavesIn(inventory, environment).map((wave) => ({
        environment,
        wave,
        moves: planWalk({ waves: inventory.waves, environment, rehearsed: [wave], to: 'pod-identity' }),
      })),
    )
    .sort((one, other) => one.moves.length - other.moves.length)[0];
}
