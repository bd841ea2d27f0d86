import type { Difference } from '../../operations/drift/Difference';
import { applied } from '../../operations/drift/Scope';
import { applyCommands } from '../../operations/evidence/applyCommands';

/** What a remedy says beside the commands that stand once at the end of the report; empty where it says nothing more than these. */
export function particularOf({ remedy, apply }: Pick<Difference, 'remedy' | 'apply'>): string {
  if (apply === undefined) return remedy;
  if (remedy === applied(apply).remedy) return '';
  const commands = applyCommands(apply).join('\n');
  return remedy.replace(`:\n${commands}`, ' (the commands are at the end).');
}

/** The commands that plan and apply all that differs in an environment, each once, below a sentence; empty where an apply mends nothing. */
export function applyBlock(environment: string, differences: readonly Difference[]): string {
  const these = differences.filter((one) => one.environment === environment && one.apply !== undefined);
  const blocked = new Set(
    differences.filter((one) => one.environment === environment).flatMap(({ blocksApply = [] }) => blocksApply),
  );
  if (blocked.size > 0)
    return `Do not apply ${[...blocked].join(', ')} yet: running pods would lose their role. Fix the entries of the adopted roles above first.`;
  const stacks = [...new Set(these.flatMap(({ apply = [] }) => apply))];
  if (stacks.length === 0) return '';
  const first = these.some(({ beforeApply }) => beforeApply === true)
    ? `When an apply of ${environment} can import all that it should (see above)`
    : `To have in ${environment} what the inventory says`;
  const count = these.length === 1 ? '1 difference' : `${these.length} differences`;
  return applied(stacks, `${first} (${count}), see what differs, and apply:`).remedy;
}
