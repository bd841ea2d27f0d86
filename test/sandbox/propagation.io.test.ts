import {
  CreatePodIdentityAssociationCommand,
  DeletePodIdentityAssociationCommand,
  UpdatePodIdentityAssociationCommand,
} from '@aws-sdk/client-eks';
import { CreateRoleCommand } from '@aws-sdk/client-iam';
import type { Timing } from '../../src/sandbox/startSandbox';
import { podsOf, ROLES } from './podFixtures';
import { clients, podTrust, policy, roleArn, seedWith, useSandbox } from './testSandbox';

type Propagation = Timing['propagationMs'];

// Source: https://docs.aws.amazon.com/eks/latest/APIReference/API_CreatePodIdentityAssociation.html ("eventually consistent"),
// aws/eks-pod-identity-agent #52 (5 to 10 s), aws/amazon-eks-pod-identity-webhook #264 and pkg/containercredentials/config.go.
describe('A change of an association', () => {
  let now = Date.now();
  const at = useSandbox(() => ({ seed: seedWith(ROLES), clock: () => new Date(now) }));
  const { admit, associate, annotate, ask } = podsOf(at);
  const eks = () => clients(at.sandbox, undefined, now - Date.now()).eks;
  const delay = (propagationMs: Propagation) => {
    at.sandbox.setTiming({ propagationMs });
  };
  const remove = (associationId: string | undefined) =>
    eks().send(new DeletePodIdentityAssociationCommand({ clusterName: 'main', associationId }));
  const tick = (ms: number) => {
    now += ms;
  };
  beforeEach(() => {
    delay(() => 0);
  });

  it('reaches the webhook of each API server at a time of its own, so that two pods of one second can differ', async () => {
    annotate('apart', 'dual');
    delay((viewer) => (viewer === 'webhook 0' ? 2000 : viewer === 'webhook 1' ? 8000 : 0));
    await associate('apart', 'dual');
    const uses = () => [admit('apart').uses, admit('apart').uses].sort();
    const seen = [uses()];
    for (let second = 0; second < 8; second += 2) {
      tick(2000);
      seen.push(uses());
    }
    const mixed = ['irsa', 'pod-identity'];
    expect(seen).toEqual([['irsa', 'irsa'], mixed, mixed, mixed, ['pod-identity', 'pod-identity']]);
  });

  it('that creates it can reach EKS Auth after the webhooks: a new pod gets 404 until then', async () => {
    delay((viewer) => (viewer === 'eks-auth' ? 5000 : 0));
    await associate('heals', 'dual');
    const pod = admit('heals');
    expect(pod.uses).toBe('pod-identity');
    expect((await ask(pod)).source.ok).toBe(false);
    expect(at.sandbox.denials().at(-1)?.code).toBe('ResourceNotFoundException');
    tick(5000);
    expect((await ask(pod)).source.ok).toBe(true);
  });

  it('that deletes it can reach EKS Auth before the webhooks: a pod that was restarted too early gets 404 for its life', async () => {
    annotate('early', 'dual');
    const id = await associate('early', 'dual');
    delay((viewer) => (viewer === 'eks-auth' ? 0 : 10_000));
    await remove(id);
    const early = admit('early');
    tick(10_000);
    const later = admit('early');
    expect([early.uses, later.uses]).toEqual(['pod-identity', 'irsa']);
    expect((await ask(early)).source.ok).toBe(false);
  });

  it('that updates it changes nothing for the webhooks, which know no role, and reaches EKS Auth late', async () => {
    const associationId = await associate('updated', 'dual');
    delay(() => 5000);
    await eks().send(
      new UpdatePodIdentityAssociationCommand({ clusterName: 'main', associationId, roleArn: roleArn('untagged') }),
    );
    const pod = admit('updated');
    const roleOf = async () => {
      const { source } = await ask(pod);
      return source.ok ? source.arn.split('/')[1] : source.error.message;
    };
    expect([pod.uses, await roleOf()]).toEqual(['pod-identity', 'dual']);
    tick(5000);
    expect(await roleOf()).toBe('untagged');
  });

  it('follows the earlier ones, also when it would be seen before them', async () => {
    const associationId = await associate('order', 'dual');
    delay((_, change) => (change.endsWith(' 2') ? 9000 : 1000));
    await remove(associationId);
    await associate('order', 'dual');
    tick(2000);
    expect(admit('order').uses).toBe('pod-identity');
    tick(7000);
    expect(admit('order').uses).toBe('pod-identity');
  });

  it('needs a role that EKS sees: EKS does not see a new role at once, and STS does', async () => {
    delay((viewer) => (viewer === 'eks' ? 3000 : 0));
    const { iam } = clients(at.sandbox, undefined, now - Date.now());
    const trust = JSON.stringify(policy(podTrust()));
    await iam.send(new CreateRoleCommand({ RoleName: 'fresh', AssumeRolePolicyDocument: trust }));
    const create = () =>
      eks().send(
        new CreatePodIdentityAssociationCommand({
          clusterName: 'main',
          namespace: 'production',
          serviceAccount: 'fresh',
          roleArn: roleArn('fresh'),
        }),
      );
    await expect(create()).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: expect.stringContaining('Role provided in the request does not exist'),
    });
    tick(3000);
    await create();
    expect((await ask(admit('fresh'))).source.ok).toBe(true);
  });
});
