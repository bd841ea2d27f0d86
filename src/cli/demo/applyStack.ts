import type { TerraformOptions } from '../../runners/stackCommands';
import { apply, initialise, plan, type PlanCounts } from '../../runners/stackCommands';

/** Who hears how far a stack is: of each step, and of each resource that is done. */
export interface ApplyListener {
  readonly onStep: (step: string) => void;
  readonly onResource: (done: number, total: number) => void;
}

/** Initialises, plans and applies one stack; gives what was planned. */
export async function applyStack(
  options: TerraformOptions,
  { onStep, onResource }: ApplyListener,
): Promise<PlanCounts> {
  onStep('terraform init');
  await initialise(options);
  onStep('terraform plan');
  const { counts, changes } = await plan(options);
  let done = 0;
  onStep(`terraform apply: ${changes.length} changes`);
  await apply({
    ...options,
    onLine: (line) => {
      if (!line.includes('"type":"apply_complete"')) return;
      done += 1;
      onResource(done, changes.length);
    },
  });
  return counts;
}
