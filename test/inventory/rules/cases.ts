import type { Severity } from '../../../inventory/Finding';
import type { Change } from '../marked';
import { FORMAT_CASES } from './formatCases';
import { PERMISSION_CASES } from './permissionCases';
import { REFERENCE_CASES } from './referenceCases';
import { SHAPE_CASES } from './shapeCases';
import { STAGE_CASES } from './stageCases';

/** One mistake in an otherwise good inventory; `§` stands before what the only finding points to. */
export interface RuleCase extends Change {
  readonly rule: string;
  readonly when: string;
  readonly path: string;
  readonly message: RegExp;
  /** Default: error. */
  readonly severity?: Severity;
}

export const CASES: readonly RuleCase[] = [
  ...SHAPE_CASES,
  ...FORMAT_CASES,
  ...REFERENCE_CASES,
  ...STAGE_CASES,
  ...PERMISSION_CASES,
];
