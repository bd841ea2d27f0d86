import type { ChangedLines } from '../../inventory/edit/yamlText';
import type { Finding } from '../../inventory/Finding';
import type { Stage } from '../../inventory/Inventory';
import type { GateResult } from '../../operations/gate/GateResult';
import type { NextSteps } from './nextSteps';

/** The change of the inventory's file. */
export interface FileChange extends ChangedLines {
  /** As findings name it. */
  readonly file: string;
}

/** What came of `advance` or `rollback`. */
export interface StepReport {
  readonly wave: string;
  readonly environment: string;
  readonly direction: 'forward' | 'back';
  readonly from: Stage;
  /** Absent at the end of the stages. */
  readonly to?: Stage;
  readonly dryRun: boolean;
  readonly written: boolean;
  /** Why it was forced; no evidence was asked for then. */
  readonly because?: string;
  readonly gate?: Pick<GateResult, 'evidence' | 'holds'>;
  readonly change?: FileChange;
  readonly next?: NextSteps;
  /** Why nothing was written, where that is neither the gate nor `dryRun`. */
  readonly problem?: { readonly message: string; readonly hint: string };
  /** What would be wrong with the inventory after the step, or why its file cannot be edited. */
  readonly findings?: readonly Finding[];
}
