import type { Remedy } from '../../estate/Remedy';
import type { Finding } from '../../inventory/Finding';
import type { Inventory } from '../../inventory/Inventory';
import { stepOf, type StepRequest } from '../gate/Step';
import { staticEvidence } from '../gate/staticEvidence';
import type { ReadInventory } from '../inventoryFile/editableInventory';
import { say } from '../remedies';
import { editStage } from './editStage';

/** What refuses a step, whatever AWS and the clusters answer. */
export interface StepObstacle {
  /** One sentence, without a full stop. */
  readonly found: string;
  readonly remedy: Remedy;
}

/**
 * Tries a step without asking AWS: the edit of the file, the inventory with the edit, and the checks of the gate that need no question. Writes nothing.
 */
export function stepObstacles(
  read: ReadInventory,
  inventory: Inventory,
  request: StepRequest,
): readonly StepObstacle[] {
  if (stepOf(inventory, request).to === undefined) return [];
  return [...editObstacles(read, inventory, request), ...failedChecks(inventory, request)];
}

/** What refuses the edit of a step: the file cannot be edited, or the inventory would have errors. Writes nothing. */
export function editObstacles(
  read: ReadInventory,
  inventory: Inventory,
  request: StepRequest,
): readonly StepObstacle[] {
  const { step, to } = stepOf(inventory, request);
  if (to === undefined) return [];
  const { wave, environment } = request;
  const trial = editStage(read, { wave, environment, from: step.from, to }, new Date(0));
  return trial.ok ? [] : trial.findings.map(findingObstacle);
}

/** An error that the inventory would have, as an obstacle. */
export function findingObstacle({ file, line, message, hint }: Finding): StepObstacle {
  return { found: `${file}:${line}: ${message}`, remedy: [say(hint)] };
}

/** The checks of the gate that fail by the inventory alone. */
export function failedChecks(inventory: Inventory, request: StepRequest): readonly StepObstacle[] {
  return staticEvidence(inventory, request)
    .filter(({ holds }) => holds !== 'yes')
    .map(({ check, workload, found, remedy = [] }) => ({
      found: `${check}${workload === undefined ? '' : ` of ${workload}`}: ${found.split('\n')[0] ?? ''}`,
      remedy,
    }));
}
