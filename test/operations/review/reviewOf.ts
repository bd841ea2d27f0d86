import type { Inventory } from '../../../src/inventory/Inventory';
import { type Review, reviewChange } from '../../../src/operations/review/reviewChange';
import { type Change, changed, checkMarked } from '../../inventory/marked';

function version(change: Change): Inventory {
  const { loaded } = checkMarked({ 'inventory.yaml': changed(change) });
  if (!loaded.inventory) throw new Error(JSON.stringify(loaded.findings, null, 2));
  return loaded.inventory;
}

/** What the change from one version of the common base to another allows. `undefined`: there is no earlier version. */
export function reviewOf(base: Change | undefined, head: Change): Review {
  return reviewChange(
    base === undefined ? { accounts: [], waves: [], environments: [] } : version(base),
    version(head),
  );
}

/** The rules that find something, and the kinds of what is allowed, each once. */
export function foundBy(base: Change | undefined, head: Change): readonly string[] {
  const { problems, allowed } = reviewOf(base, head);
  return [...new Set(problems.map(({ rule }) => rule)), ...new Set(allowed.map(({ kind }) => kind))];
}

/** The workload `api` in dev alone, with these lines below it. */
export function inDev(lines: string): Change {
  return { append: `    environments: [dev]\n${lines.replace(/^/gm, '    ').trimEnd()}\n` };
}

/** Statements of permissions, as they are written. */
export function statements(...written: readonly string[]): Change {
  return inDev(`permissions: { statements: [${written.join(', ')}] }`);
}

/** `{ actions: […], resources: […] }`; with `more`, further fields. */
export function allow(actions: string, resources: string, more = ''): string {
  const list = resources.split(' ').map((one) => JSON.stringify(one));
  return `{ actions: [${actions
    .split(' ')
    .map((one) => JSON.stringify(one))
    .join(', ')}], resources: [${list.join(', ')}]${more} }`;
}
