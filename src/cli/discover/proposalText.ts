import { entriesOf } from '../../operations/discover/settle';
import { sectionsText } from '../../operations/discover/snippets';
import type { Proposal } from '../../operations/discover/Proposal';
import type { Plain } from '../../inventory/edit/entryLines';

/** The entries of a proposal as YAML, ready to be pasted into an inventory; empty where there are none. */
export function proposalText(proposal: Proposal): string {
  const sections: Record<string, Plain> = {};
  for (const { into, key, value } of entriesOf(proposal)) {
    let map = sections as Record<string, Record<string, Plain>>;
    for (const segment of into) map = (map[segment] ??= {}) as Record<string, Record<string, Plain>>;
    (map as Record<string, Plain>)[key] = value;
  }
  return sectionsText(sections);
}
