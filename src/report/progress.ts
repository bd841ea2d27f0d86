import { isPast } from '../inventory/Inventory';
import type { Status, WaveStatus } from '../operations/status/statusOf';
import { WAITING_CHECKS, type WaveGate } from '../operations/status/waveGates';
import type { StageMove } from './history';

/** What stops the next step of a wave, and since when. */
export interface BlockedBy {
  /** `soak`: it lasts on. `after`: another wave comes first. `since`: the inventory does not say since when the wave soaks. `inventory`: the step would be refused. `gate`: checks of the gate do not pass. */
  readonly by: 'soak' | 'since' | 'after' | 'inventory' | 'gate';
  /** What was found, a sentence each. */
  readonly found: readonly string[];
  /** ISO 8601. Absent: not known. */
  readonly since?: string;
  /** When it ends by itself: ISO 8601. Absent: somebody has to do something. */
  readonly until?: string;
}

/** A wave in an environment, and what stops its next step. */
export interface WaveProgress extends WaveStatus {
  /** Absent: nothing is known to stop it. */
  readonly blocked?: readonly BlockedBy[];
  /** The answer of the gate of the next step. Absent: neither AWS nor the clusters were asked. */
  readonly gate?: WaveGate['answer'];
}

/**
 * What stops each wave: what the inventory says, and the gates where they were asked.
 *
 * @param moves the history, for since when: a wave that moved back stops those after it from then on
 */
export function progressOf(
  { waves }: Status,
  moves: readonly StageMove[],
  gates: readonly WaveGate[] | undefined,
): readonly WaveProgress[] {
  return waves.map((status) => {
    const gate = gates?.find(({ wave, environment }) => wave === status.wave && environment === status.environment);
    const blocked = [...byInventory(status, moves), ...byGate(gate, status)];
    return {
      ...status,
      ...(blocked.length > 0 && { blocked }),
      ...(gate !== undefined && { gate: gate.answer }),
    };
  });
}

function byInventory(status: WaveStatus, moves: readonly StageMove[]): readonly BlockedBy[] {
  const { next, soak, environment, since } = status;
  if (next.kind === 'fix') return [{ by: 'inventory', found: next.obstacles.map(({ found }) => found) }];
  if (next.kind !== 'wait') return [];
  const found = [next.reason];
  if (next.after === undefined)
    return [
      soak.state === 'soaking'
        ? { by: 'soak', found, ...at('since', since), until: soak.until }
        : { by: 'since', found, ...at('since', since) },
    ];
  // A wave never gets ahead of the one before it: so the other one came back, or this one waits since it came here.
  const [last] = moves.filter((move) => move.wave === next.after && move.environment === environment);
  const cameBack = last?.from !== undefined && isBack(last) ? last.at : undefined;
  return [{ by: 'after', found, ...at('since', later(since, cameBack)) }];
}

function byGate(gate: WaveGate | undefined, { next }: WaveStatus): readonly BlockedBy[] {
  if (gate === undefined || gate.answer === 'passes' || gate.answer === 'done' || gate.answer === 'empty') return [];
  // What the inventory alone says is not said twice.
  const known = next.kind === 'fix' ? new Set(next.obstacles.map(({ found }) => found)) : new Set<string>();
  const found = [
    ...(gate.gate?.evidence ?? [])
      .filter(({ holds, check }) => holds !== 'yes' && !(next.kind === 'wait' && WAITING_CHECKS.has(check)))
      .map(({ check, workload, cluster, found: what, holds }) => {
        const where = [workload, cluster].filter((one) => one !== undefined).join(' on ');
        const state = holds === 'unknown' ? ', not checked' : '';
        return `${check}${where === '' ? '' : ` of ${where}`}${state}: ${what.split('\n')[0] ?? ''}`;
      }),
    ...(gate.obstacles ?? []).map((one) => one.found),
  ].filter((one) => !known.has(one));
  return found.length === 0 ? [] : [{ by: 'gate', found }];
}

function isBack({ from, to }: StageMove): boolean {
  return from !== undefined && isPast(from, to);
}

function later(one: string | undefined, other: string | undefined): string | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return Date.parse(one) < Date.parse(other) ? other : one;
}

function at<K extends string>(key: K, value: string | undefined): Partial<Record<K, string>> {
  return (value === undefined ? {} : { [key]: value }) as Partial<Record<K, string>>;
}
