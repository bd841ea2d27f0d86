import type { TerraformOptions } from '../../operations/terraform/runTerraform';
import { apply, initialise, plan, type PlanCounts } from '../../operations/terraform/stackCommands';

/** Initialises, plans and applies one stack, telling each step and how many resources are done; gives what was planned. */
export async function applyStack(options: TerraformOptions, onStep: (step: string) => void): Promise<PlanCounts> {
  onStep('terraform init');
  await initialise(options);
  onStep('terraform plan');
  const { counts, changes } = await plan(options);
  const total = changes.length;
  let done = 0;
  onStep(`terraform apply: ${total} changes`);
  await apply({
    ...options,
    onLine: (line) => {
      if (!line.includes('"type":"apply_complete"')) return;
      done += 1;
      onStep(`terraform apply: ${done} of ${total}`);
    },
  });
  return counts;
}
