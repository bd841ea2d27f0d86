import { compile } from '../../blueprint/compile';
import { compileLoaded } from '../../blueprint/compileLoaded';
import { type Finding, hasErrors } from '../../inventory/Finding';
import type { Inventory, Stage } from '../../inventory/Inventory';
import type { EditableFile } from '../../inventory/edit/editFile';
import { keepAgent } from '../../inventory/edit/keepAgent';
import { setStage, sinceText } from '../../inventory/edit/setStage';
import type { ChangedLines } from '../../inventory/edit/yamlText';
import type { LoadedInventory } from '../../inventory/loadInventory';
import type { ReadInventory } from '../inventoryFile/editableInventory';
import { formatPath } from '../../inventory/source/plainData';
import { importsOfStep } from '../recover/deadImports';
import { importEdit } from '../recover/importEdits';
import type { AgentInUse } from './agentsInUse';

/** The change of the inventory's file. */
export interface FileChange extends ChangedLines {
  /** As findings name it. */
  readonly file: string;
}

/** An agent that stays, and the change of its file. */
export interface KeptAgent extends AgentInUse {
  readonly change: FileChange;
}

/** The new stage of a wave in an environment. */
export interface StageChange {
  readonly wave: string;
  readonly environment: string;
  readonly from: Stage;
  readonly to: Stage;
  /** The reason of a step whose gate did not pass. */
  readonly because?: string;
  /** The checks that were accepted for it. */
  readonly accepted?: readonly string[];
}

/** The edited files, and the inventory with them; or the errors that the edit would cause. */
export type StageEdit =
  | {
      readonly ok: true;
      /** By file, in the order of writing. */
      readonly texts: ReadonlyMap<string, string>;
      readonly change: FileChange;
      readonly keeps: readonly KeptAgent[];
      /** Paths of the imports that the step makes useless, and that the edit removes. */
      readonly imports: readonly string[];
      readonly inventory: Inventory;
    }
  | { readonly ok: false; readonly findings: readonly Finding[] };

/**
 * Edits the text of the file that has the wave, and of those that have the clusters of these agents, and checks the whole inventory with the new
 * texts. Writes nothing. The agents come first in `texts`: an agent that stays longer harms nobody, if the process is killed before the stage is written.
 */
export function editStage(
  read: ReadInventory,
  change: StageChange,
  now: Date,
  agents: readonly AgentInUse[] = [],
): StageEdit {
  const { wave, environment, from, to, because, accepted } = change;
  const texts = new Map<string, string>();
  const keeps: KeptAgent[] = [];
  for (const agent of agents) {
    const { file, text } = fileOf(read, texts, `environments.${environment}.clusters.${agent.cluster}.agent`);
    const kept = keepAgent({ file, text }, { environment, cluster: agent.cluster });
    if ('refusal' in kept) return { ok: false, findings: [kept.refusal] };
    texts.set(file, kept.edit.text);
    keeps.push({ ...agent, change: { file, ...kept.edit.changes } });
  }
  const { file, text } = fileOf(read, texts, `waves.${wave}`);
  const reason = { ...(because !== undefined && { because }), ...(accepted !== undefined && { accepted }) };
  const request = { wave, environment, from, stage: to, since: sinceText(now), ...reason };
  const result = setStage({ file, text }, request);
  if ('refusal' in result) return { ok: false, findings: [result.refusal] };
  texts.set(file, result.edit.text);
  const edited = inventoryOrErrors(read.with(texts));
  if (!('inventory' in edited)) return { ok: false, findings: edited.errors };
  const without = withoutImports(read, change, texts, edited.inventory);
  return { ok: true, change: { file, ...result.edit.changes }, keeps, ...without };
}

/**
 * Removes the imports of what the apply of the step removes: a later import of it would stop the plan. They stay where podlift cannot edit their file.
 * The other files come first: a stage without its import is right, and so is an import without the stage.
 */
function withoutImports(
  { loaded, texts: read, with: inventoryWith }: ReadInventory,
  { environment: key }: StageChange,
  texts: ReadonlyMap<string, string>,
  inventory: Inventory,
): Pick<Extract<StageEdit, { readonly ok: true }>, 'texts' | 'imports' | 'inventory'> {
  const unchanged = { texts, imports: [], inventory };
  const before = loaded.inventory;
  const environment = inventory.environments.find((one) => one.key === key);
  if (before === undefined || environment === undefined) return unchanged;
  const useless = importsOfStep(inventory, environment, compile(before, key), compile(inventory, key));
  if (useless.length === 0) return unchanged;
  const edit = importEdit({ loaded, texts: read }, useless, [], new Map([...read, ...texts]));
  if (!('texts' in edit)) return unchanged;
  const edited = inventoryOrErrors(inventoryWith(edit.texts));
  if (!('inventory' in edited)) return unchanged;
  const inOrder = new Map(
    [...edit.texts].toSorted(([one], [other]) => Number(texts.has(one)) - Number(texts.has(other))),
  );
  return { texts: inOrder, imports: edit.removed.map((path) => formatPath(path)), inventory: edited.inventory };
}

/** The file that has an entry, with its text after the edits so far. */
function fileOf(read: ReadInventory, edited: ReadonlyMap<string, string>, path: string): EditableFile {
  const { file } = read.loaded.locate({ severity: 'error', rule: '', path, message: '', hint: '' });
  const text = edited.get(file) ?? read.texts.get(file);
  if (text === undefined) throw new Error(`${file} has ${path} and was not read`);
  return { file, text };
}

/** The inventory when nothing in it is an error, quotas included; else the errors. */
export function inventoryOrErrors(
  loaded: LoadedInventory,
): { readonly inventory: Inventory } | { readonly errors: readonly Finding[] } {
  const { inventory } = loaded;
  const { findings } = compileLoaded(loaded);
  if (inventory && !hasErrors(findings)) return { inventory };
  return { errors: findings.filter(({ severity }) => severity === 'error') };
}

/** The inventory as it is with these texts. */
export function withTexts(read: ReadInventory, texts: ReadonlyMap<string, string>): ReadInventory {
  return {
    root: read.root,
    loaded: read.with(texts),
    texts: new Map([...read.texts, ...texts]),
    with: (more) => read.with(new Map([...texts, ...more])),
  };
}
