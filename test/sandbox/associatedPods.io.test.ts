import { CreateAddonCommand, UpdatePodIdentityAssociationCommand } from '@aws-sdk/client-eks';
import { GetRoleCommand, UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam';
import { NAMESPACE, podsOf, ROLES } from './podFixtures';
import { APPS, clients, DATA, irsaTrust, OTHER, podTrust, policy, roleArn, seedWith, useSandbox } from './testSandbox';

describe('A pod with an association', () => {
  const at = useSandbox(() => ({ seed: seedWith(ROLES) }));
  const { admit, ask, associate } = podsOf(at);
  let orders: string | undefined;
  beforeAll(async () => {
    orders = await associate('orders', 'strict');
  });

  it('is denied by EKS when the trust policy asks for other tags', async () => {
    await associate('wanderer', 'elsewhere');
    expect((await ask(admit('wanderer'))).source.ok).toBe(false);
    expect(at.sandbox.denials().at(-1)).toMatchObject({
      code: 'AccessDeniedException',
      action: 'sts:AssumeRole',
      resource: roleArn('elsewhere'),
    });
    expect(at.sandbox.denials().at(-1)?.explanation).toContain('aws:RequestTag/kubernetes-namespace');
  });

  it('leaves its use with its role', async () => {
    const { Role } = await clients(at.sandbox).iam.send(new GetRoleCommand({ RoleName: 'dual' }));
    expect(Role?.RoleLastUsed).toEqual({});
    await associate('user', 'dual');
    await ask(admit('user'));
    const used = await clients(at.sandbox).iam.send(new GetRoleCommand({ RoleName: 'dual' }));
    expect(used.Role?.RoleLastUsed).toEqual({ LastUsedDate: expect.any(Date), Region: 'us-west-2' });
  });

  it('carries tags that are all transitive', async () => {
    await associate('traveller', 'transitive');
    expect((await ask(admit('traveller'))).source).toMatchObject({ ok: true });
  });

  it('is denied as soon as the trust no longer names the service', async () => {
    await associate('late', 'untagged');
    const pod = admit('late');
    expect((await ask(pod)).source.ok).toBe(true);
    const trust = JSON.stringify(policy(irsaTrust(NAMESPACE, 'late')));
    await clients(at.sandbox).iam.send(
      new UpdateAssumeRolePolicyCommand({ RoleName: 'untagged', PolicyDocument: trust }),
    );
    expect((await ask(pod)).source.ok).toBe(false);
    const back = JSON.stringify(policy(podTrust({ 'aws:SourceAccount': APPS })));
    await clients(at.sandbox).iam.send(
      new UpdateAssumeRolePolicyCommand({ RoleName: 'untagged', PolicyDocument: back }),
    );
  });

  it.each<[string, string, object, string, boolean]>([
    ['the tags', 'strict', {}, 'ledger', true],
    ["another namespace's tags", 'strict', {}, 'staging', false],
    ['tags at a target that takes none', 'strict', {}, 'no-tags', false],
    ['a source that may not hop', 'powerless', {}, 'ledger', false],
    ['a source that may not pass tags on', 'tagless', {}, 'ledger', false],
    ['the external id, tags disabled', 'untagged', { disableSessionTags: true }, 'external', true],
    ['no tags, tags disabled, where they are asked for', 'untagged', { disableSessionTags: true }, 'ledger', false],
    ['a source that asks for tags, tags disabled', 'strict', { disableSessionTags: true }, 'external', false],
    ['tags instead of the external id', 'strict', {}, 'external', false],
  ])('chained to a target role by EKS with %s', async (_how, role, rest, target, works) => {
    const { eks } = clients(at.sandbox);
    const id = { clusterName: 'main', associationId: orders };
    const change = { disableSessionTags: false, ...rest, roleArn: roleArn(role), targetRoleArn: roleArn(target, DATA) };
    await eks.send(new UpdatePodIdentityAssociationCommand({ ...id, ...change }));
    const { source } = await ask(admit('orders'));
    expect(source).toMatchObject(
      works
        ? { ok: true, account: DATA, arn: expect.stringContaining(`:assumed-role/${target}/eks-main-`) }
        : { ok: false },
    );
    if (source.ok) expect(Date.parse(source.expiration ?? '') - Date.now()).toBeLessThan(59 * 60_000);
  });

  it('finds no agent on a cluster without the add-on, and finds it once it is there', async () => {
    await associate('agentless', 'dual', 'other');
    const pod = admit('agentless', OTHER);
    expect((await ask(pod)).source.ok).toBe(false);
    expect(at.sandbox.denials().at(-1)?.explanation).toContain('eks-pod-identity-agent');
    await clients(at.sandbox).eks.send(
      new CreateAddonCommand({ clusterName: 'other', addonName: 'eks-pod-identity-agent' }),
    );
    expect((await ask(pod)).source.ok).toBe(true);
  });
});
