import type { Stage } from '../inventory/Inventory';
import type { Mixture, Mode, Step } from './Proof';
import type { ProofRule } from './proofRules';
import type { Verdict } from './Verdict';

/** One sighting of a failure, at one stage or step and on one cluster; sightings of the same kind become one failure. */
export interface Draft {
  readonly rule: ProofRule;
  readonly cluster?: string;
  readonly target?: string;
  readonly stage?: Stage;
  readonly step?: Step;
  readonly mixture?: Mixture;
  readonly who: string;
  readonly what: string;
  /** Why: a verdict, or words where no evaluation is behind it. */
  readonly why: Verdict | string;
}

export const MODE_NAMES: Readonly<Record<Mode, string>> = { irsa: 'IRSA', 'pod-identity': 'Pod Identity' };
