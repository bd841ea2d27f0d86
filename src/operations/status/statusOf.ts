import { type Environment, type Inventory, type Stage, STAGES, type Wave } from '../../inventory/Inventory';
import { stageSince } from '../checks/soak';
import type { StepRequest } from '../gate/Step';
import { silenceOf } from '../gate/trail';
import type { StepObstacle } from '../step/stepObstacles';
import { formatTimeSpan } from '../timeSpan';

/** How far a stage's soak has come. */
export type Soak =
  | { readonly state: 'none' }
  /** The inventory does not say since when. */
  | { readonly state: 'unknown'; readonly asked: string; readonly reason: string }
  | {
      readonly state: 'soaking' | 'soaked';
      readonly asked: string;
      readonly until: string;
      readonly milliseconds: number;
    };

/** What comes next for a wave in an environment. */
export type Next =
  | { readonly kind: 'done' }
  | { readonly kind: 'empty' }
  /** `command` runs the checks of the step and, if all pass, takes it. */
  | { readonly kind: 'advance'; readonly to: Stage; readonly command: string }
  | {
      readonly kind: 'wait';
      readonly to: Stage;
      readonly reason: string;
      /** The wave that comes first. Absent: the soak is awaited. */
      readonly after?: string;
      readonly command: string;
    }
  /** The step would be refused, whatever AWS and the clusters answer: fix these first. */
  | {
      readonly kind: 'fix';
      readonly to: Stage;
      readonly obstacles: readonly StepObstacle[];
      readonly command: string;
    };

/** A wave in an environment, according to the inventory. */
export interface WaveStatus {
  readonly wave: string;
  readonly environment: string;
  readonly stage: Stage;
  /** ISO 8601, as written. */
  readonly since?: string;
  /** Milliseconds at the stage; absent without a `since` in the past. */
  readonly lasted?: number;
  readonly soak: Soak;
  /** How many of the wave's workloads run in the environment. */
  readonly workloads: number;
  /** The reason why the last step was taken although checks did not pass. */
  readonly because?: string;
  /** The checks that did not pass and were accepted for the last step: `CHECK[:WORKLOAD[:CLUSTER]]`. Absent: none. */
  readonly accepted?: readonly string[];
  readonly next: Next;
}

/** Workloads of an environment that are in no wave. */
export interface OutsideWaves {
  readonly environment: string;
  readonly stage: Stage;
  /** Keys. */
  readonly workloads: readonly string[];
}

/** How far the migration is. */
export interface Status {
  readonly waves: readonly WaveStatus[];
  readonly outside: readonly OutsideWaves[];
}

/** The stage after which a wave must have soaked. Source: docs/MIGRATION.md, cutover → pod-identity. */
const SOAKED_AT: Stage = 'cutover';

/**
 * The stage of each wave in each environment, from the inventory alone: since when, the rest of the soak, the number of workloads, and the next
 * step. Pairs without a workload and without a stage of their own are left out. `environments`: keys; default: all. `obstaclesOf`: what refuses a step.
 */
export function statusOf(
  inventory: Inventory,
  now: Date,
  environments: readonly string[] = inventory.environments.map(({ key }) => key),
  obstaclesOf: (request: StepRequest) => readonly StepObstacle[] = () => [],
): Status {
  const asked = inventory.environments.filter(({ key }) => environments.includes(key));
  const counts = new Map(asked.map((environment) => [environment.key, countByWave(environment)]));
  return {
    waves: inventory.waves.flatMap((wave) =>
      asked.flatMap((environment) => {
        const workloads = counts.get(environment.key)?.get(wave.key) ?? 0;
        if (workloads === 0 && wave.stages[environment.key] === undefined) return [];
        const status = waveStatus(inventory, wave, environment, workloads, now);
        return [{ ...status, next: tried(status, obstaclesOf) }];
      }),
    ),
    outside: asked.flatMap(outsideWaves),
  };
}

/** The next step of a wave, unless it would be refused. */
function tried(
  { wave, environment, next }: WaveStatus,
  obstaclesOf: (request: StepRequest) => readonly StepObstacle[],
): Next {
  if (next.kind !== 'advance') return next;
  const obstacles = obstaclesOf({ wave, environment, direction: 'forward' });
  return obstacles.length === 0 ? next : { ...next, kind: 'fix', obstacles };
}

function countByWave({ workloads }: Environment): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { wave } of workloads) if (wave !== undefined) counts.set(wave, (counts.get(wave) ?? 0) + 1);
  return counts;
}

function waveStatus(
  inventory: Inventory,
  wave: Wave,
  environment: Environment,
  workloads: number,
  now: Date,
): WaveStatus {
  const { stage = 'irsa', since, because, accepted } = wave.stages[environment.key] ?? {};
  const lasted = stageSince({ wave, environment }, now);
  const soak = soakOf(wave, environment, stage, now);
  return {
    wave: wave.key,
    environment: environment.key,
    stage,
    ...(since === undefined ? {} : { since }),
    ...(lasted.known ? { lasted: lasted.milliseconds } : {}),
    soak,
    workloads,
    ...(because === undefined ? {} : { because }),
    ...(accepted === undefined ? {} : { accepted }),
    next: workloads === 0 ? { kind: 'empty' } : nextOf(inventory, wave, environment, stage, soak),
  };
}

/**
 * The rest of the soak, counted from `since`: the gate counts from the time at which AWS and the clusters had the stage, which is never earlier than the step. Only the
 * last step needs the soak. A shorter soak than the delay of CloudTrail, and none, lasts as long as that delay.
 */
function soakOf(wave: Wave, environment: Environment, stage: Stage, now: Date): Soak {
  if (stage !== SOAKED_AT) return { state: 'none' };
  const asked = silenceOf(wave);
  const since = stageSince({ wave, environment }, now);
  if (wave.soak === undefined && !since.known) return { state: 'none' };
  const { soak = formatTimeSpan(asked ?? 0) } = wave;
  if (!since.known) return { state: 'unknown', asked: soak, reason: since.reason };
  if (asked === undefined) return { state: 'unknown', asked: soak, reason: `${soak} is not a duration` };
  const left = asked - since.milliseconds;
  if (wave.soak === undefined && left <= 0) return { state: 'none' };
  return {
    state: left > 0 ? 'soaking' : 'soaked',
    asked: soak,
    until: new Date(since.since.getTime() + asked).toISOString(),
    milliseconds: Math.max(0, left),
  };
}

function nextOf(inventory: Inventory, wave: Wave, { key: environment }: Environment, stage: Stage, soak: Soak): Next {
  const to = STAGES[STAGES.indexOf(stage) + 1];
  if (to === undefined) return { kind: 'done' };
  const command = `npx podlift advance ${wave.key} --environment ${environment}`;
  const before = inventory.waves.find(({ key }) => key === wave.after);
  const limit = before?.stages[environment]?.stage ?? 'irsa';
  if (before !== undefined && STAGES.indexOf(limit) < STAGES.indexOf(to))
    return { kind: 'wait', to, reason: `comes after ${before.key}, which is at ${limit}`, after: before.key, command };
  if (soak.state === 'soaking')
    return { kind: 'wait', to, reason: `the soak lasts another ${formatTimeSpan(soak.milliseconds)}`, command };
  if (soak.state === 'unknown') return { kind: 'wait', to, reason: soak.reason, command };
  return { kind: 'advance', to, command };
}

function outsideWaves({ key: environment, workloads }: Environment): OutsideWaves[] {
  const outside = workloads.filter(({ wave }) => wave === undefined);
  return STAGES.flatMap((stage) => {
    const keys = outside.filter((workload) => workload.stage === stage).map(({ key }) => key);
    return keys.length === 0 ? [] : [{ environment, stage, workloads: keys }];
  });
}
