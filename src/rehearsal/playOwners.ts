import { IAMClient, UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam';
import { type OwnedRole, ownedRoles } from '../blueprint/ownerWrites';
import type { Step } from '../operations/gate/Step';
import type { Sandbox } from '../sandbox/startSandbox';

/**
 * Plays the owners of the external roles of a wave, those of targets too: writes the trust policy that `podlift trust` prints for the new stage, with an IAM client of
 * their own. Only the roles whose owner writes at this time. It returns their names.
 *
 * @param when `before` or `after` the apply of the step
 */
export async function playOwners(
  sandbox: Pick<Sandbox, 'endpoint' | 'accessKeyId' | 'secretAccessKey'>,
  { environment, workloads, from, to }: Pick<Step, 'environment' | 'workloads' | 'from' | 'to'>,
  when: Exclude<OwnedRole['when'], 'never'>,
): Promise<readonly string[]> {
  const roles = workloads
    .flatMap((workload) => ownedRoles(environment, workload, from, to))
    .filter((role) => role.when === when);
  const { endpoint, secretAccessKey } = sandbox;
  for (const { name, account, after } of roles) {
    const credentials = { accessKeyId: sandbox.accessKeyId(account.id), secretAccessKey };
    const client = new IAMClient({ endpoint, region: environment.region, credentials });
    await client.send(new UpdateAssumeRolePolicyCommand({ RoleName: name, PolicyDocument: JSON.stringify(after) }));
    client.destroy();
  }
  return roles.map(({ name }) => name);
}
