import { TerraformOutput, type TerraformStack } from '../modules/cdktf';

/** The only output of a stack: the roles of its workloads. */
export function roleArnsOutput(stack: TerraformStack, roleArns: Readonly<Record<string, unknown>>): void {
  new TerraformOutput(stack, 'role_arns', {
    value: roleArns,
    description: 'Role ARNs by workload',
    staticId: true,
  });
}
