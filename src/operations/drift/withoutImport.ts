import type { Remedy } from './Difference';
import { applied } from './Scope';

/** What the inventory wants to take over, and AWS does not have. */
export interface GoneImport {
  /** Where the inventory says so: `clusters.main.agent.adopt`. */
  readonly path: string;
  /** What is done to it: `take it out of`, `take away`. */
  readonly undo: string;
  /** What the apply does then: `attaches it`. */
  readonly then: string;
  /** The other way, how it comes back as it was: a sentence, or one that leads to commands. */
  readonly again: string;
  readonly stacks: readonly string[];
}

/** What to do where an import block would stop the first apply. Source: https://developer.hashicorp.com/terraform/language/block/import */
export function withoutImport({ path, undo, then, again, stacks }: GoneImport): Remedy {
  const first = `Nothing is applied yet, and an apply stops here (Cannot import non-existent remote object): ${undo} ${path}, and the apply ${then}; or ${again}`;
  const { remedy, apply = [] } = applied(stacks, 'Then see what differs, and apply:');
  return { remedy: `${first}\n${remedy}`, apply, beforeApply: true };
}
