import {
  CreateAddonCommand,
  CreatePodIdentityAssociationCommand,
  DeletePodIdentityAssociationCommand,
  type EKSClient,
  UpdatePodIdentityAssociationCommand,
} from '@aws-sdk/client-eks';
import {
  CreateRoleCommand,
  type IAMClient,
  PutRolePolicyCommand,
  TagRoleCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import type { Association, Role } from '../../../../src/blueprint/Blueprint';
import { compile } from '../../../../src/blueprint/compile';
import type { Inventory } from '../../../../src/inventory/Inventory';
import type { Sandbox } from '../../../../src/sandbox/startSandbox';
import { clients } from '../../../sandbox/testSandbox';

/** Ids of the associations that an apply made, by sandbox, cluster, namespace and service account: as Terraform's state has them. */
const states = new WeakMap<Sandbox, Map<string, string>>();

/** Makes a sandbox into what Terraform leaves of an inventory, in Terraform's order, by the real SDK. It may be called again and again. */
export async function applyInventory(sandbox: Sandbox, inventory: Inventory): Promise<void> {
  const { account, agents, roles, targetRoles, associations, serviceAccounts } = compile(inventory, 'prod');
  const { iam, eks } = clients(sandbox, account.id);
  for (const role of roles) await applyRole(iam, role);
  for (const role of targetRoles) await applyRole(clients(sandbox, role.account.id).iam, role);
  for (const { clusterName, version, tags } of agents)
    await unless('ResourceInUseException', () =>
      eks.send(
        new CreateAddonCommand({ clusterName, addonName: 'eks-pod-identity-agent', addonVersion: version, tags }),
      ),
    );
  await applyAssociations(eks, associations, stateOf(sandbox));
  for (const { clusterName, region, namespace, name, annotations } of serviceAccounts)
    sandbox.kubernetes.setServiceAccount({
      cluster: { account: account.id, region, name: clusterName },
      namespace,
      name,
      annotations,
    });
}

async function applyRole(iam: IAMClient, { name, path, trust, inline, tags }: Role): Promise<void> {
  const document = JSON.stringify(trust);
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  const made = await unless('EntityAlreadyExistsException', () =>
    iam.send(new CreateRoleCommand({ RoleName: name, Path: path, AssumeRolePolicyDocument: document, Tags })),
  );
  if (!made) {
    await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: name, PolicyDocument: document }));
    await iam.send(new TagRoleCommand({ RoleName: name, Tags }));
  }
  if (inline === undefined) return;
  const policy = { RoleName: name, PolicyName: 'podlift', PolicyDocument: JSON.stringify(inline) };
  await iam.send(new PutRolePolicyCommand(policy));
}

async function applyAssociations(eks: EKSClient, wanted: readonly Association[], state: Map<string, string>) {
  for (const [key, associationId] of state) {
    const [clusterName, namespace, serviceAccount] = key.split(' ');
    if (wanted.some((one) => keyOf(one) === [clusterName, namespace, serviceAccount].join(' '))) continue;
    await eks.send(new DeletePodIdentityAssociationCommand({ clusterName, associationId }));
    state.delete(key);
  }
  for (const association of wanted) {
    const {
      clusterName,
      namespace,
      serviceAccount,
      roleArn,
      targetRoleArn = '',
      disableSessionTags,
      tags,
    } = association;
    const associationId = state.get(keyOf(association));
    const parts = { clusterName, roleArn, disableSessionTags };
    if (associationId !== undefined) {
      await eks.send(new UpdatePodIdentityAssociationCommand({ ...parts, targetRoleArn, associationId }));
      continue;
    }
    const target = targetRoleArn === '' ? {} : { targetRoleArn };
    const input = { ...parts, ...target, namespace, serviceAccount, tags };
    const made = await eks.send(new CreatePodIdentityAssociationCommand(input));
    state.set(keyOf(association), made.association?.associationId ?? '');
  }
}

function keyOf({ clusterName, namespace, serviceAccount }: Association): string {
  return `${clusterName} ${namespace} ${serviceAccount}`;
}

function stateOf(sandbox: Sandbox): Map<string, string> {
  const state = states.get(sandbox) ?? new Map<string, string>();
  states.set(sandbox, state);
  return state;
}

/** Whether it was done; false where it is refused with this error. */
async function unless(name: string, work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === name) return false;
    throw error;
  }
}
