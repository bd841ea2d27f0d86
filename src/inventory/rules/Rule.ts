import type { Severity } from '../Finding';
import type { Issue } from '../Issue';
import type { Model } from '../resolve/Model';
import type { RuleInfo } from '../RuleInfo';

/** What a rule found. Its rule's first severity, unless it says another. */
export interface Found extends Omit<Issue, 'rule' | 'severity'> {
  readonly severity?: Severity;
}

/** A rule over the whole inventory. It sees only what could be read; broken values were reported before and are left out. */
export interface Rule extends RuleInfo {
  readonly check: (model: Model) => Iterable<Found>;
}
