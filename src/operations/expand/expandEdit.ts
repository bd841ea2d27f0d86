import { compileLoaded } from '../../blueprint/compileLoaded';
import { type Finding, hasErrors } from '../../inventory/Finding';
import { setAccounts } from '../../inventory/edit/setAccounts';
import type { Inventory } from '../../inventory/Inventory';
import { type ClusterPlace, placesNamed, referenceTo } from '../../inventory/resolve/resolveExpanded';
import { isMap, valueAt } from '../../inventory/source/plainData';
import { parseSource } from '../../inventory/source/parseSource';
import type { ReadInventory } from '../inventoryFile/editableInventory';
import type { WorkloadExpansion } from './expand';

/** New texts of files by the names that findings use; empty: nothing changes. Or why they cannot be written. */
export type ExpandEdit = { readonly texts: ReadonlyMap<string, string> } | { readonly findings: readonly Finding[] };

/**
 * Writes what is new into `expanded`, and with `prune` takes out what is gone. The lists of a workload are in the file that has them, else in the first
 * file that has `expanded`, else in the first file of the inventory. The inventory with the new texts is checked as a whole, quotas included: where it
 * has errors, nothing is to be written. Writes nothing itself.
 */
export function expandEdit(
  read: ReadInventory,
  inventory: Inventory,
  expansions: readonly WorkloadExpansion[],
  prune: boolean,
): ExpandEdit {
  const texts = new Map<string, string>();
  const textOf = (file: string) => texts.get(file) ?? read.texts.get(file) ?? '';
  for (const { workload, environment, cluster, added, gone } of expansions) {
    const removed = prune ? gone : [];
    if (added.length + removed.length === 0) continue;
    const file = fileOf(read, workload);
    const places = placesOf(inventory, workload);
    const change = {
      workload,
      reference: writtenReference(read, file, workload, { environment, cluster }, places),
      added,
      removed,
    };
    const edited = setAccounts({ file, text: textOf(file) }, change);
    if ('refusal' in edited) return { findings: [edited.refusal] };
    texts.set(file, edited.text);
  }
  if (texts.size === 0) return { texts };
  const { findings } = compileLoaded(read.with(texts));
  return hasErrors(findings) ? { findings: findings.filter(({ severity }) => severity === 'error') } : { texts };
}

/** The file for the lists of a workload: one file has each of them, since the same key in two files is an error. */
export function fileOf({ texts }: ReadInventory, workload: string): string {
  const files = [...texts].flatMap(([file, text]) => {
    const data = parseSource(text, file).source?.data ?? {};
    return [{ file, has: Object.hasOwn(data, 'expanded'), lists: valueAt(data, ['expanded']) }];
  });
  const own = files.find(({ lists }) => isMap(lists) && Object.hasOwn(lists, workload));
  return (own ?? files.find(({ has }) => has) ?? files[0])?.file ?? '';
}

/** The key of the list of a workload on a cluster, as short as it is clear. */
export function listReference(inventory: Inventory, workload: string, place: ClusterPlace): string {
  return referenceTo(place, placesOf(inventory, workload));
}

/** Where the workload runs, in all environments. */
function placesOf({ environments }: Inventory, key: string): readonly ClusterPlace[] {
  return environments.flatMap((environment) =>
    [...environment.workloads, ...(environment.released ?? [])]
      .filter((one) => one.key === key)
      .flatMap(({ clusters }) => clusters.map((cluster) => ({ environment: environment.key, cluster }))),
  );
}

/** The key of the list: the one that the file has for this cluster, else as short as it is clear. */
function writtenReference(
  { texts }: ReadInventory,
  file: string,
  workload: string,
  place: ClusterPlace,
  places: readonly ClusterPlace[],
): string {
  const lists = valueAt(parseSource(texts.get(file) ?? '', file).source?.data, ['expanded', workload]);
  const found = Object.keys(isMap(lists) ? lists : {}).find((reference) => {
    const [named, ...others] = placesNamed(reference, places);
    return others.length === 0 && named?.environment === place.environment && named.cluster === place.cluster;
  });
  return found ?? referenceTo(place, places);
}
