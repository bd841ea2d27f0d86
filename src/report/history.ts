import type { Inventory, Stage, Wave } from '../inventory/Inventory';
import type { ReadHead } from '../operations/step/evidenceHead';

/** A step of a wave that was taken, with what is known of it. */
export interface StageMove {
  /** ISO 8601: `since` of the new stage, else when it was committed. Absent: not known. */
  readonly at?: string;
  readonly environment: string;
  readonly wave: string;
  /** Absent: nothing but the stage of today is known. */
  readonly from?: Stage;
  readonly to: Stage;
  /** The step was taken whatever the checks found. */
  readonly forced?: true;
  /** The checks that did not pass and were accepted: `CHECK[:WORKLOAD[:CLUSTER]]`. Absent: none. */
  readonly accepted?: readonly string[];
  /** The reason for that. */
  readonly because?: string;
  /** Who took the step, as the evidence or the commit has it. */
  readonly by?: string;
  /** The id of the commit that has the new stage first. */
  readonly commit?: string;
  /** The file of the evidence. */
  readonly evidence?: string;
}

/** The stages that an inventory had after a commit. */
interface StagesThen {
  readonly commit?: string;
  readonly at?: string;
  readonly by?: string;
  readonly waves: readonly Pick<Wave, 'key' | 'stages'>[];
}

/** A document of the evidence folder. */
export interface EvidenceFile {
  readonly file: string;
  readonly head: ReadHead;
}

/**
 * The steps of all waves, the newest first: from the commits of the inventory, the evidence of steps, and the inventory of today, which can have a step that is in
 * neither. A step that several of them have is one entry.
 *
 * @param commits the oldest first
 * @param environments keys
 */
export function movesOf(
  inventory: Inventory,
  environments: readonly string[],
  commits: readonly StagesThen[],
  evidence: readonly EvidenceFile[],
): readonly StageMove[] {
  const now: StagesThen = { waves: inventory.waves };
  const versions = [...commits, now];
  const moves = versions
    .slice(1)
    .flatMap((after, index) => movesBetween(versions[index] ?? now, after))
    .map((move) => mergedWith(move, evidence));
  const known = new Set(moves.map(({ evidence: file }) => file));
  const others = evidence.filter(({ file }) => !known.has(file)).map(moveOfEvidence);
  const all = [...moves, ...others];
  const rest = inventory.waves
    .flatMap((wave) => stagesOfToday(wave))
    .filter((one) => !all.some((move) => isSame(move, one)));
  return [...all, ...rest]
    .filter(({ environment }) => environments.includes(environment))
    .map((move, index) => ({ move, index }))
    .sort((one, other) => timeOf(other.move) - timeOf(one.move) || other.index - one.index)
    .map(({ move }) => move);
}

function movesBetween(before: StagesThen, { waves, at, commit, by }: StagesThen): readonly StageMove[] {
  return waves.flatMap(({ key, stages }) => {
    const earlier = before.waves.find((wave) => wave.key === key);
    // A wave that is new was not moved.
    if (earlier === undefined) return [];
    const environments = new Set([...Object.keys(earlier.stages), ...Object.keys(stages)]);
    return [...environments].flatMap((environment): readonly StageMove[] => {
      const from = earlier.stages[environment]?.stage ?? 'irsa';
      const { stage: to, since, because, accepted = [] } = stages[environment] ?? { stage: 'irsa' as const };
      if (from === to) return [];
      const time = since ?? at;
      return [
        {
          ...(time !== undefined && { at: time }),
          environment,
          wave: key,
          from,
          to,
          ...(because !== undefined && accepted.length === 0 && { forced: true as const }),
          ...(accepted.length > 0 && { accepted }),
          ...(because !== undefined && { because }),
          ...(by !== undefined && by !== '' && { by }),
          ...(commit !== undefined && { commit }),
        },
      ];
    });
  });
}

/** Who took a step is better known to its evidence than to the commit. */
function mergedWith(move: StageMove, evidence: readonly EvidenceFile[]): StageMove {
  const found = evidence.map(moveOfEvidence).find((one) => isSame(one, move) && one.from === move.from);
  if (found === undefined) return move;
  const { commit } = move;
  return { ...move, ...found, ...(commit !== undefined && { commit }) };
}

function moveOfEvidence({ file, head }: EvidenceFile): StageMove {
  const { at, environment, wave, from, to, forced, accepted, because, by } = head;
  const name = by?.git ?? by?.user;
  return {
    at,
    environment,
    wave,
    from,
    to,
    ...(forced && { forced: true as const }),
    ...(accepted.length > 0 && { accepted }),
    ...(because !== undefined && { because }),
    ...(name !== undefined && { by: name }),
    evidence: file,
  };
}

/** The last step of a wave in each environment, as far as the inventory says it. */
function stagesOfToday({ key, stages }: Pick<Wave, 'key' | 'stages'>): readonly StageMove[] {
  return Object.entries(stages).flatMap(([environment, { stage, since, because, accepted = [] }]) =>
    since === undefined
      ? []
      : [
          {
            at: since,
            environment,
            wave: key,
            to: stage,
            ...(because !== undefined && accepted.length === 0 && { forced: true as const }),
            ...(accepted.length > 0 && { accepted }),
            ...(because !== undefined && { because }),
          },
        ],
  );
}

function isSame(one: StageMove, other: StageMove): boolean {
  return (
    one.environment === other.environment &&
    one.wave === other.wave &&
    one.to === other.to &&
    timeOf(one) === timeOf(other)
  );
}

function timeOf({ at }: StageMove): number {
  return at === undefined ? Number.POSITIVE_INFINITY : Date.parse(at);
}
