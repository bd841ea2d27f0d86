import type { Stage } from '../../inventory/Inventory';

/** How far a stage's soak has come. */
export type Soak =
  | { readonly state: 'none' }
  /** There is no time from which to count. */
  | { readonly state: 'unknown'; readonly asked: string; readonly why: string }
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
  /** `command` asks for the evidence of the step and, if it holds, takes it. */
  | { readonly kind: 'advance'; readonly to: Stage; readonly command: string }
  | { readonly kind: 'wait'; readonly to: Stage; readonly why: string; readonly command: string };

/** A wave in an environment, as the inventory has it. */
export interface WaveStatus {
  readonly wave: string;
  readonly environment: string;
  readonly stage: Stage;
  /** ISO 8601, as written. */
  readonly since?: string;
  /** Milliseconds at the stage; absent without a `since` that is past. */
  readonly lasted?: number;
  readonly soak: Soak;
  /** How many of the wave's workloads run in the environment. */
  readonly workloads: number;
  /** Why the last step was taken without its evidence. */
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

/** Where the migration stands. */
export interface Status {
  readonly waves: readonly WaveStatus[];
  readonly outside: readonly OutsideWaves[];
}
