import {
  DeletePodIdentityAssociationCommand,
  ListPodIdentityAssociationsCommand,
  UpdatePodIdentityAssociationCommand,
} from '@aws-sdk/client-eks';
import { readFileSync } from 'node:fs';
import type { Pod } from '../../src/sandbox/startSandbox';
import { podsOf, ROLES } from './podFixtures';
import { clients, roleArn, seedWith, useSandbox } from './testSandbox';

async function askAgent({ env }: Pod): Promise<{ status: number; text: string }> {
  const authorization = readFileSync(env.AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE ?? '', 'utf8');
  const response = await fetch(env.AWS_CONTAINER_CREDENTIALS_FULL_URI ?? '', { headers: { authorization } });
  return { status: response.status, text: await response.text() };
}

describe('Things that take their time', () => {
  let now = Date.now();
  const at = useSandbox(() => ({ seed: seedWith(ROLES), clock: () => new Date(now), propagationMs: () => 5000 }));
  const { admit, associate } = podsOf(at);
  const eks = () => clients(at.sandbox, undefined, now - Date.now()).eks;
  const tick = (ms: number) => {
    now += ms;
  };
  beforeEach(() => {
    at.sandbox.setTiming({ propagationMs: () => 5000 });
  });

  it('an association that was made: EKS lists it at once, the webhook sees it later, and a pod that came too early stays without', async () => {
    await associate('new', 'dual');
    const { associations } = await eks().send(new ListPodIdentityAssociationsCommand({ clusterName: 'main' }));
    expect(associations).toHaveLength(1);
    const early = admit('new');
    tick(4999);
    expect([early.uses, admit('new').uses]).toEqual(['nothing', 'nothing']);
    tick(1);
    expect(at.sandbox.kubernetes.pods(early.cluster).find(({ uid }) => uid === early.uid)?.uses).toBe('nothing');
    const later = admit('new');
    expect(later.uses).toBe('pod-identity');
    expect((await askAgent(later)).status).toBe(200);
  });

  it('an association that EKS Auth does not know yet', async () => {
    at.sandbox.setTiming({ propagationMs: () => 0 });
    const first = await associate('again', 'dual');
    const pod = admit('again');
    await eks().send(new DeletePodIdentityAssociationCommand({ clusterName: 'main', associationId: first }));
    at.sandbox.setTiming({ propagationMs: () => 5000 });
    await associate('again', 'dual');
    expect(await askAgent(pod)).toMatchObject({
      status: 404,
      text: expect.stringContaining('(ResourceNotFoundException)'),
    });
    tick(5000);
    expect((await askAgent(pod)).status).toBe(200);
  });

  it('an association that was deleted or changed is seen as it was', async () => {
    at.sandbox.setTiming({ propagationMs: () => 0 });
    const id = { clusterName: 'main', associationId: await associate('old', 'dual') };
    at.sandbox.setTiming({ propagationMs: () => 5000 });
    const pod = admit('old');
    await eks().send(new UpdatePodIdentityAssociationCommand({ ...id, roleArn: roleArn('elsewhere') }));
    tick(3000);
    await eks().send(new DeletePodIdentityAssociationCommand(id));
    const seen: number[] = [];
    for (let step = 0; step < 3; step += 1) {
      seen.push((await askAgent(pod)).status);
      tick(3000);
    }
    // The role as it was, then the one that it was changed to and that refuses, then nothing.
    expect(seen).toEqual([200, 400, 404]);
    expect(admit('old').uses).toBe('nothing');
  });
});
