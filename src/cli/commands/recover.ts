import { placesOf } from '../../estate/places';
import type { Ports } from '../../estate/Ports';
import { inventoryFile } from '../../inventory/inventoryFile';
import { readForEdit, saveEdits } from '../../operations/inventoryFile/editableInventory';
import { importEdit } from '../../operations/recover/importEdits';
import { recover as compare, recoverQuestions } from '../../operations/recover/recover';
import { inventoryOrErrors } from '../../operations/step/editStage';
import { environmentWords, type EstateFlags, estateFor, estateSource, loadLivePorts } from '../estateFor';
import { selectEnvironments } from '../examine';
import { EXIT, UsageError } from '../exit';
import { colourWanted, printResult, printToStderr } from '../output';
import { stackStates } from '../stackStates';
import { type RecoverReport, recoverReport } from '../recover/recoverReport';

export interface RecoverOptions extends Omit<EstateFlags, 'redact'> {
  /** Default: `PODLIFT_ENVIRONMENT`, else all. */
  readonly environment?: string;
  readonly write?: boolean;
  readonly format: 'text' | 'json';
}

/**
 * `podlift recover`: what exists in AWS and on the clusters and is in no Terraform state. With `write` the inventory gets the ids under `imports`, and
 * loses the entries that are no longer needed. Gives 1 where anything was found or could not be checked, 2 where the inventory cannot be written, else 0.
 * Throws `UsageError` for an unknown environment.
 */
export async function recover(
  { environment, write = false, format, ...flags }: RecoverOptions,
  ports: () => Ports = loadLivePorts,
): Promise<number> {
  if (write && flags.estate !== undefined)
    throw new UsageError('--estate FILE judges what stood at another time: --write needs what stands now');
  const source = estateSource(flags);
  const read = readForEdit(inventoryFile());
  const checked = inventoryOrErrors(read.loaded);
  if ('errors' in checked) {
    printToStderr(checked.errors);
    return EXIT.findings;
  }
  const { inventory } = checked;
  const environments = selectEnvironments(inventory, environment);
  const states = await stackStates(inventory, environments, 'recover');
  const places = placesOf(inventory);
  const request = { environments };
  const command = ['recover', ...environmentWords(environment)];
  const estate = await estateFor(recoverQuestions(inventory, request, states), places, ports, { source, command });
  const found = compare(inventory, request, states, estate);
  const wanted = found.resources.flatMap(({ what, entry }) => (what === 'import' && entry ? [entry] : []));
  const edit = importEdit(read, found.dead, wanted);
  let report: RecoverReport = { ...found, written: [] };
  let exit: number = found.resources.length + found.dead.length === 0 ? EXIT.ok : EXIT.findings;
  if (write && 'refusal' in edit) report = { ...report, findings: [edit.refusal] };
  else if (write && 'texts' in edit && edit.texts.size > 0) {
    const sound = inventoryOrErrors(read.with(edit.texts));
    const saved = 'errors' in sound ? undefined : saveEdits(read, edit.texts);
    if (saved === undefined) report = { ...report, findings: 'errors' in sound ? sound.errors : [] };
    else if (saved.saved) report = { ...report, written: [...edit.texts.keys()] };
    else {
      report = { ...report, problem: { message: saved.message, hint: saved.hint } };
      if (saved.reason === 'failed') exit = EXIT.usage;
    }
  }
  printResult('recover', format, report, () => recoverReport(report, inventory, places, colourWanted(process.stdout)));
  return exit;
}
