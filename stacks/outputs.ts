import { inventoryIdentity } from '../src/blueprint/inventoryIdentity';
import type { Blueprint } from '../src/blueprint/Blueprint';
import { TerraformOutput, type TerraformStack } from '../modules/cdktf';
import { literal } from '../modules/literal';

/** The outputs of a stack: the roles of its workloads, and the inventory that its state belongs to. */
export function outputs(
  stack: TerraformStack,
  blueprint: Blueprint,
  roleArns: Readonly<Record<string, unknown>>,
): void {
  new TerraformOutput(stack, 'role_arns', {
    value: roleArns,
    description: 'Role ARNs by workload',
    staticId: true,
  });
  new TerraformOutput(stack, 'inventory', {
    value: literal(inventoryIdentity(blueprint)),
    description: 'The inventory that this state belongs to',
    staticId: true,
  });
}
