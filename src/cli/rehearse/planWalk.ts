import { type Stage, STAGES, type Wave } from '../../inventory/Inventory';

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

/** What is to be walked. */
export interface WalkRequest {
  readonly waves: readonly Wave[];
  readonly environment: string;
  /** Keys of the waves that are rehearsed. */
  readonly rehearsed: readonly string[];
  /** How far forward. */
  readonly to: Stage;
}

/**
 * The steps of a rehearsal, in order: each rehearsed wave goes on to `to`, all the way back to `irsa`, and forward again to where
 * it stands, so that every step is taken in both directions and the end is the beginning. A wave that another's `after` stands in
 * the way of takes the other along, since no wave may run ahead.
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
  // Those that were taken along go home as well, first those that others wait for.
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
