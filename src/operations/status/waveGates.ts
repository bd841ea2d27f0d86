import type { Estate } from '../../estate/Estate';
import type { Question } from '../../estate/questions';
import type { Inventory, Stage } from '../../inventory/Inventory';
import type { GateCheckName } from '../checks/checkTable';
import { gateQuestions, type GateResult } from '../gate/gate';
import type { StepRequest } from '../gate/Step';
import type { StepObstacle } from '../step/stepObstacles';
import { statusOf } from './statusOf';

/**
 * The answer to the next step of a wave: `passes` (the step can be taken now), `fails`, `unchecked` (no check fails, and some could not be checked), `done` (the last stage) or
 * `empty` (no workload of the wave runs in the environment).
 */
export type GateAnswer = 'passes' | 'fails' | 'unchecked' | 'done' | 'empty';

/** A wave in an environment, with its next step and the gate's answer. */
export interface WaveGate {
  readonly wave: string;
  readonly environment: string;
  /** How many of the wave's workloads run in the environment. */
  readonly workloads: number;
  readonly from: Stage;
  /** Absent at the last stage. */
  readonly to?: Stage;
  readonly answer: GateAnswer;
  /** The result of the gate. Absent where there is no step, and where no workload runs. */
  readonly gate?: Pick<GateResult, 'evidence' | 'holds'>;
  /** Errors that the inventory would have after the step, although the gate passes. Absent: none. */
  readonly obstacles?: readonly StepObstacle[];
}

/** The checks that fail while a wave waits: for the end of its soak, or for another wave. Nobody has to fix anything. */
export const WAITING_CHECKS: ReadonlySet<string> = new Set<GateCheckName>(['soak', 'wave-order']);

/** All waves of some environments, and what their gates must know. */
export interface WaveGates {
  readonly questions: (estate: Estate) => readonly Question[];
  readonly judge: (estate: Estate) => readonly WaveGate[];
}

/**
 * The gates of the next steps of all waves, on one Estate. A wave where no workload runs has no gate: it would pass without a check.
 *
 * @param environments keys
 * @param judge the gate
 * @param obstaclesOf the errors of the inventory with the step, asked in the order of the waves where the gate passes
 */
export function waveGates(
  inventory: Inventory,
  environments: readonly string[],
  judge: (inventory: Inventory, request: StepRequest, estate: Estate) => GateResult,
  obstaclesOf: (request: StepRequest, estate: Estate) => readonly StepObstacle[],
): WaveGates {
  // The stages do not depend on the time, which only the soak of a status needs.
  const waves = statusOf(inventory, new Date(0), environments).waves.map(
    ({ wave, environment, workloads, stage: from, next }) => ({
      about: { wave, environment, workloads, from },
      next: next.kind === 'done' || next.kind === 'empty' ? next.kind : next.to,
      request: { wave, environment, direction: 'forward' } as const,
    }),
  );
  const asked = waves
    .filter(({ next }) => next !== 'done' && next !== 'empty')
    .map(({ request }) => gateQuestions(inventory, request));
  return {
    questions: (estate) => asked.flatMap((questions) => questions(estate)),
    judge: (estate) =>
      waves.map(({ about, next, request }): WaveGate => {
        if (next === 'done' || next === 'empty') return { ...about, answer: next };
        const { evidence, holds } = judge(inventory, request, estate);
        const gate = { evidence, holds };
        if (!holds) return { ...about, to: next, answer: failedAnswer(gate), gate };
        const obstacles = obstaclesOf(request, estate);
        if (obstacles.length > 0) return { ...about, to: next, answer: 'fails', gate, obstacles };
        return { ...about, to: next, answer: 'passes', gate };
      }),
  };
}

function failedAnswer({ evidence }: Pick<GateResult, 'evidence'>): GateAnswer {
  return evidence.some(({ holds }) => holds === 'no') ? 'fails' : 'unchecked';
}
