import type { Stage } from '../../inventory/Inventory';

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
  | { readonly kind: 'wait'; readonly to: Stage; readonly reason: string; readonly command: string };

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
  /** Why the last step was forced. */
  readonly because?: string;
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
