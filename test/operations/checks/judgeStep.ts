import { openQuestions } from '../../../src/estate/ask';
import { placesOf } from '../../../src/estate/places';
import { type Stage, STAGES } from '../../../src/inventory/Inventory';
import { type CheckFunction, onClusters } from '../../../src/operations/checks/Check';
import { judge, type Judged } from '../../../src/operations/checks/judge';
import { NOW, type Setting, type World } from '../agreedWorld';
import { healthy } from '../doctor/doctorWorld';
import { estateOf } from '../estateOf';

/** What a check finds before the step forward from a stage, in a healthy world in which one thing is changed. */
export async function judgeStep(
  check: CheckFunction,
  from: Stage,
  change: (world: World) => unknown = () => undefined,
  setting: Setting = {},
): Promise<readonly Judged[]> {
  const { inventory, world } = healthy(from, setting);
  change(world);
  const [environment] = inventory.environments;
  const next = STAGES[STAGES.indexOf(from) + 1];
  const [subject] = onClusters(environment!, environment!.workloads[0]!, next, NOW);
  const checked = check(subject!);
  const { arn } = subject!.cluster;
  const estate = await estateOf(world, inventory, (known) => [
    { ask: 'issuer', cluster: arn },
    { ask: 'cluster', cluster: arn },
    ...openQuestions(checked, known),
  ]);
  return judge(checked, 'workloads.orders-api', estate, placesOf(inventory), subject!.cluster);
}

/** The texts of the results that do not pass: `problem: …`. */
export async function notesOf(results: Promise<readonly Judged[]>): Promise<readonly string[]> {
  return (await results).filter(({ state }) => state !== 'ok').map(({ state, found }) => `${state}: ${found}`);
}
