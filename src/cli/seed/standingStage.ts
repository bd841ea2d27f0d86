import type { Environment, Inventory, Stage, Workload } from '../../inventory/Inventory';

/**
 * The stage at which an adopted role stands on the sandbox before the first apply: what the entry says was `found`, else `irsa`, as every
 * tool leaves such a role. Undefined where podlift's own steps brought the workload to its stage (`since` says so) or where the role is not
 * adopted: nothing of the time before is known then.
 */
export function standingStage(
  { waves }: Pick<Inventory, 'waves'>,
  { key }: Pick<Environment, 'key'>,
  { role, found, stage, wave }: Workload,
): Stage | undefined {
  if (!role.adopt) return undefined;
  if (found !== undefined || stage === 'irsa') return found ?? stage;
  const moved = waves.find((one) => one.key === wave)?.stages[key]?.since !== undefined;
  return moved ? undefined : 'irsa';
}
