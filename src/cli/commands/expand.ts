import { placesOf } from '../../estate/places';
import type { Ports } from '../../estate/Ports';
import { inventoryFile } from '../../inventory/inventoryFile';
import { expand as compare, expandQuestions } from '../../operations/expand/expand';
import { expandEdit } from '../../operations/expand/expandEdit';
import { readForEdit, saveEdits } from '../../operations/inventoryFile/editableInventory';
import { inventoryOrErrors } from '../../operations/step/editStage';
import { environmentWords, type EstateFlags, estateFor, estateSource, loadLivePorts } from '../estateFor';
import { selectEnvironments } from '../examine';
import { EXIT, UsageError } from '../exit';
import { type ExpandReport, expandReport } from '../expand/expandReport';
import { printResult, printToStderr } from '../output';
import { stdoutStyle } from '../report';

export interface ExpandOptions extends EstateFlags {
  /** Default: `PODLIFT_ENVIRONMENT`, else all. */
  readonly environment?: string | undefined;
  readonly write?: boolean;
  /** Give 1 where the map differs from the clusters. */
  readonly check?: boolean;
  /** With `write`: also remove what is gone. */
  readonly prune?: boolean;
  readonly format: 'text' | 'json';
}

/**
 * `podlift expand`: which service accounts of the clusters a pattern admits, compared with `expanded`. With `write` the inventory gets the new ones, and with
 * `prune` it loses those that are gone from a cluster that answered.
 *
 * Returns 0 when it is done; 1 when a cluster gave no answer or its context leads elsewhere, with `check` when the map differs, and when the inventory has
 * errors or cannot be edited; 2 when the file cannot be written. Throws `UsageError` for flags that do not go together and an unknown environment.
 */
export async function expand(
  { environment, write = false, check = false, prune = false, format, ...flags }: ExpandOptions,
  ports: () => Ports = loadLivePorts,
): Promise<number> {
  if (write && check) throw new UsageError('--check changes nothing: use it without --write');
  if (write && flags.estate !== undefined)
    throw new UsageError('--estate FILE is a snapshot of an earlier time: --write needs the clusters as they are now');
  const source = estateSource(flags);
  const read = readForEdit(inventoryFile());
  const checked = inventoryOrErrors(read.loaded);
  if ('errors' in checked) {
    printToStderr(checked.errors);
    return EXIT.findings;
  }
  const { inventory } = checked;
  const environments = selectEnvironments(inventory, environment);
  const places = placesOf(inventory);
  const command = ['expand', ...environmentWords(environment)];
  const estate = await estateFor(expandQuestions(inventory, environments), places, ports, { source, command });
  const found = compare(inventory, environments, estate);
  const differs = found.workloads.some(({ added, gone }) => added.length + gone.length > 0);
  let report: ExpandReport = { ...found, differs, written: [], pruned: false };
  let exit: number = found.unread.length > 0 || (check && differs) ? EXIT.findings : EXIT.ok;
  if (write) {
    const edit = expandEdit(read, inventory, found.workloads, prune);
    if ('findings' in edit) {
      report = { ...report, findings: edit.findings };
      exit = EXIT.findings;
    } else if (edit.texts.size > 0) {
      const saved = saveEdits(read, edit.texts);
      if (saved.saved) report = { ...report, written: [...edit.texts.keys()], pruned: prune };
      else {
        report = { ...report, problem: { message: saved.message, hint: saved.hint } };
        exit = saved.reason === 'failed' ? EXIT.usage : EXIT.findings;
      }
    }
  }
  printResult('expand', format, report, () => expandReport(report, { write, prune }, inventory, stdoutStyle()));
  return exit;
}
