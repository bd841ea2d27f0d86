import type { Blueprint } from '../../blueprint/Blueprint';
import { checkQuotas } from '../../blueprint/checkQuotas';
import { compile } from '../../blueprint/compile';
import { setStage, sinceText } from '../../inventory/edit/setStage';
import type { ChangedLines } from '../../inventory/edit/yamlText';
import { type Finding, hasErrors } from '../../inventory/Finding';
import type { Inventory, Stage } from '../../inventory/Inventory';
import type { LoadedInventory } from '../../inventory/loadInventory';
import type { ReadInventory } from '../../operations/inventoryFile/readForEdit';

/** A stage that is to be written. */
export interface StageChange {
  readonly wave: string;
  readonly environment: string;
  readonly from: Stage;
  readonly to: Stage;
  /** Why it is forced. */
  readonly because?: string;
}

/** The file that has the wave, edited, and the inventory as it is then; or what is wrong with that. */
export type StageEdited =
  | {
      readonly ok: true;
      readonly file: string;
      readonly text: string;
      readonly changes: ChangedLines;
      readonly inventory: Inventory;
    }
  | { readonly ok: false; readonly findings: readonly Finding[] };

/** Edits the text of the file that has the wave, and checks the whole inventory with it. Writes nothing. */
export function editStage(read: ReadInventory, change: StageChange, now: Date): StageEdited {
  const { wave, environment, from, to, because } = change;
  const path = `waves.${wave}`;
  const { file } = read.loaded.locate({ severity: 'error', rule: '', path, message: '', hint: '' });
  const text = read.texts.get(file);
  if (text === undefined) throw new Error(`${file} has wave "${wave}" and was not read`);
  const request = { wave, environment, from, stage: to, since: sinceText(now) };
  const result = setStage({ file, text }, { ...request, ...(because !== undefined && { because }) });
  if ('refusal' in result) return { ok: false, findings: [result.refusal] };
  const findings = findingsOf(read.with(file, result.edit.text));
  if ('inventory' in findings) return { ok: true, file, ...result.edit, inventory: findings.inventory };
  return { ok: false, findings: findings.errors };
}

/** An inventory without an error, quotas included, or its errors. */
export function findingsOf({
  inventory,
  findings,
  locate,
}: LoadedInventory): { inventory: Inventory } | { errors: readonly Finding[] } {
  const all = [...findings, ...(inventory ? checkQuotas(inventory, blueprintsOf(inventory)).map(locate) : [])];
  if (inventory && !hasErrors(all)) return { inventory };
  return { errors: all.filter(({ severity }) => severity === 'error') };
}

function blueprintsOf(inventory: Inventory): readonly Blueprint[] {
  return inventory.environments.map(({ key }) => compile(inventory, key));
}
