import { checkQuotas } from '../../blueprint/checkQuotas';
import { compile } from '../../blueprint/compile';
import type { ChangedLines } from '../../inventory/edit/yamlText';
import { setStage } from '../../inventory/edit/setStage';
import { sinceText } from '../../inventory/edit/setStage';
import type { Finding } from '../../inventory/Finding';
import { hasErrors } from '../../inventory/Finding';
import type { Inventory, Stage } from '../../inventory/Inventory';
import type { LoadedInventory } from '../../inventory/loadInventory';
import type { ReadInventory } from '../inventoryFile/readForEdit';

/** The new stage of a wave in an environment. */
export interface StageChange {
  readonly wave: string;
  readonly environment: string;
  readonly from: Stage;
  readonly to: Stage;
  /** The reason of a forced step. */
  readonly because?: string;
}

/** The edited file that has the wave, and the inventory with it; or the errors that the edit would cause. */
export type StageEdit =
  | {
      readonly ok: true;
      readonly file: string;
      readonly text: string;
      readonly changes: ChangedLines;
      readonly inventory: Inventory;
    }
  | { readonly ok: false; readonly findings: readonly Finding[] };

/** Edits the text of the file that has the wave, and checks the whole inventory with the new text. Writes nothing. */
export function editStage(read: ReadInventory, change: StageChange, now: Date): StageEdit {
  const { wave, environment, from, to, because } = change;
  const path = `waves.${wave}`;
  const { file } = read.loaded.locate({ severity: 'error', rule: '', path, message: '', hint: '' });
  const text = read.texts.get(file);
  if (text === undefined) throw new Error(`${file} has wave "${wave}" and was not read`);
  const request = { wave, environment, from, stage: to, since: sinceText(now) };
  const result = setStage({ file, text }, { ...request, ...(because !== undefined && { because }) });
  if ('refusal' in result) return { ok: false, findings: [result.refusal] };
  const edited = inventoryOrErrors(read.with(file, result.edit.text));
  if ('inventory' in edited) return { ok: true, file, ...result.edit, inventory: edited.inventory };
  return { ok: false, findings: edited.errors };
}

/** The inventory when nothing in it is an error, quotas included; else the errors. */
export function inventoryOrErrors({
  inventory,
  findings,
  locate,
}: LoadedInventory): { readonly inventory: Inventory } | { readonly errors: readonly Finding[] } {
  const quotas = inventory
    ? checkQuotas(
        inventory,
        inventory.environments.map(({ key }) => compile(inventory, key)),
      )
    : [];
  const all = [...findings, ...quotas.map(locate)];
  if (inventory && !hasErrors(all)) return { inventory };
  return { errors: all.filter(({ severity }) => severity === 'error') };
}
