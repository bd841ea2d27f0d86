import { TerraformOutput, type TerraformStack } from '../modules/cdktf';

/** The one output of a stack: which roles its workloads have. */
export function roleArnsOutput(stack: TerraformStack, roleArns: Readonly<Record<string, unknown>>): void {
  new TerraformOutput(stack, 'role_arns', {
    value: roleArns,
    description: 'Role ARNs by workload',
    staticId: true,
  });
}
