import { IAMClient, UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam';
import { compileWorkload } from '../blueprint/compileWorkload';
import type { Stage } from '../inventory/Inventory';
import type { Step } from '../operations/gate/Step';
import type { Sandbox } from '../sandbox/startSandbox';

/**
 * Plays the owners of the external roles of a wave: writes the trust policy that `podlift trust` prints for a stage, with an IAM client of their own.
 * It returns the names of the roles.
 */
export async function playOwners(
  sandbox: Pick<Sandbox, 'endpoint' | 'accessKeyId' | 'secretAccessKey'>,
  { environment, workloads }: Pick<Step, 'environment' | 'workloads'>,
  stage: Stage,
): Promise<readonly string[]> {
  const external = workloads.filter(({ role }) => role.manage === 'external');
  if (external.length === 0) return [];
  const { account, region } = environment;
  const { endpoint, secretAccessKey } = sandbox;
  const credentials = { accessKeyId: sandbox.accessKeyId(account.id), secretAccessKey };
  const client = new IAMClient({ endpoint, region, credentials });
  for (const workload of external) {
    const { name, trust } = compileWorkload(environment, { ...workload, stage }).role;
    await client.send(new UpdateAssumeRolePolicyCommand({ RoleName: name, PolicyDocument: JSON.stringify(trust) }));
  }
  client.destroy();
  return external.map(({ role }) => role.name);
}
