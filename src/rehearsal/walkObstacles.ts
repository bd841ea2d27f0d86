import { atStage } from '../inventory/atStage';
import type { Inventory } from '../inventory/Inventory';
import { editStage, type StageEdit, withTexts } from '../operations/step/editStage';
import type { ReadInventory } from '../operations/inventoryFile/editableInventory';
import { failedChecks, findingObstacle, type StepObstacle } from '../operations/step/stepObstacles';
import { isForward, type Move } from './planWalk';

/** What refuses a step of a rehearsal. */
export interface WalkObstacle extends StepObstacle {
  /** The first step that it refuses. */
  readonly move: Move;
}

/**
 * Tries the steps of a rehearsal one after the other without Terraform, AWS or a sandbox: the edit of the inventory, its rules, and the checks of the gate that
 * need no question. Each obstacle once, with the first step that it refuses. After a step that leaves errors in the inventory, only the checks are tried.
 */
export function walkObstacles(
  read: ReadInventory,
  inventory: Inventory,
  environment: string,
  moves: readonly Move[],
): readonly WalkObstacle[] {
  const found = new Map<string, WalkObstacle>();
  let here: ReadInventory | undefined = read;
  let at = inventory;
  for (const move of moves) {
    const request = { wave: move.wave, environment, direction: isForward(move) ? 'forward' : 'back' } as const;
    const edit: StageEdit | undefined = here && editStage(here, { environment, ...move }, new Date(0));
    const errors = edit?.ok === false ? edit.findings.map(findingObstacle) : [];
    for (const obstacle of [...errors, ...failedChecks(at, request)]) {
      const id = JSON.stringify(obstacle);
      if (!found.has(id)) found.set(id, { ...obstacle, move });
    }
    here = here && edit.ok ? withTexts(here, edit.texts) : undefined;
    at = atStage(at, move.wave, environment, move.to);
  }
  return [...found.values()];
}
