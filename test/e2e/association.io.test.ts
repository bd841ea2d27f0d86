import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { askPods, gotAll } from '../../src/rehearsal/askPods';
import { examine } from '../../src/cli/examine';
import { sandboxSeed } from '../../src/rehearsal/sandboxSeed';
import { type Sandbox, startSandbox } from '../../src/sandbox/startSandbox';
import type { SeedRole } from '../../src/sandbox/Seed';
import type { Blueprint, Role } from '../../src/blueprint/Blueprint';
import { synthesized } from '../stacks/synthesized';

// The provider that knows target_role_arn is not everywhere: the example is synthesised, its documents are put into the sandbox as
// they would be written, and its associations are made by the real AWS CLI.

const { inventory, blueprints, findings } = examine('examples/association.yaml');

function rolesOf(blueprint: Blueprint): SeedRole[] {
  const seed = (account: string, role: Role): SeedRole => ({
    account,
    name: role.name,
    path: role.path,
    trust: role.trust,
    ...(role.inline === undefined ? {} : { inline: { podlift: role.inline } }),
  });
  return [
    ...blueprint.roles.map((role) => seed(blueprint.account.id, role)),
    ...blueprint.targetRoles.map((role) => seed(role.account.id, role)),
  ];
}

/** The sandbox answers in this process: a synchronous child would wait for itself. */
async function aws(sandbox: Sandbox, account: string, ...words: string[]): Promise<void> {
  await promisify(execFile)('aws', words, { env: { ...process.env, ...sandbox.environment(account) } });
}

async function associate(sandbox: Sandbox, { associations, account }: Blueprint): Promise<void> {
  for (const { clusterName, namespace, serviceAccount, roleArn, targetRoleArn, disableSessionTags } of associations)
    await aws(
      sandbox,
      account.id,
      ...['eks', 'create-pod-identity-association', '--cluster-name', clusterName],
      ...['--namespace', namespace, '--service-account', serviceAccount, '--role-arn', roleArn],
      ...(targetRoleArn === undefined ? [] : ['--target-role-arn', targetRoleArn]),
      disableSessionTags ? '--disable-session-tags' : '--no-disable-session-tags',
    );
}

async function installAgent(sandbox: Sandbox, { agents, account }: Blueprint): Promise<void> {
  for (const { clusterName, version } of agents)
    await aws(
      sandbox,
      account.id,
      ...['eks', 'create-addon', '--cluster-name', clusterName],
      ...['--addon-name', 'eks-pod-identity-agent', '--addon-version', version],
    );
}

describe('the example with targets that EKS goes on to', () => {
  it('is sound but for its local state, and asks for a provider that knows target roles', () => {
    expect(findings.map(({ severity, rule }) => `${severity} ${rule}`)).toEqual(['warning local-state']);
    const stack = synthesized([...inventory!.environments])['prod-identity'];
    expect(stack?.terraform.required_providers.aws.version).toBe('>= 6.2.0, < 7.0.0');
    expect(Object.values(stack?.resource.aws_eks_pod_identity_association ?? {})).toHaveLength(2);
  });

  it('gives pods their target roles, by session tags and by external id', async () => {
    const [blueprint] = blueprints;
    const seed = sandboxSeed(inventory!, blueprints);
    const sandbox = await startSandbox({ seed: { ...seed, roles: [...(seed.roles ?? []), ...rolesOf(blueprint!)] } });
    try {
      await installAgent(sandbox, blueprint!);
      await associate(sandbox, blueprint!);
      const answers = await askPods(sandbox, blueprints);
      expect(answers.map(({ workload, uses }) => [workload, uses])).toEqual([
        ['orders-api', 'pod-identity'],
        ['reports', 'pod-identity'],
      ]);
      expect(answers.filter((answer) => !gotAll(answer))).toEqual([]);
    } finally {
      await sandbox.stop();
    }
  });
});
