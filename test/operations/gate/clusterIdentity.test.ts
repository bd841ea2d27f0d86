import { collectEvidence } from './gateText';
import { agreedWorld, NOW, pilotAt, portsTo, type World } from '../agreedWorld';

const OTHER = 'https://oidc.eks.us-west-2.amazonaws.com/id/OTHER';

/** The evidence on whether the context leads to the cluster, after the world was changed. */
async function identity(change: (world: World) => void) {
  const inventory = pilotAt('cutover');
  const world = agreedWorld(inventory);
  change(world);
  const request = { environment: 'prod', wave: 'pilot', direction: 'forward' } as const;
  const { evidence, holds } = await collectEvidence(inventory, request, portsTo(world), NOW);
  return { found: evidence.filter(({ check }) => check === 'cluster').slice(-1), holds };
}

describe('a gate', () => {
  it('is sure that the context leads to the cluster that is meant', async () => {
    const { found } = await identity(() => undefined);
    expect(found).toEqual([expect.objectContaining({ holds: 'yes', cluster: 'main' })]);
  });

  it('says no where it leads to another, whose pods would speak for this one’s', async () => {
    const { found, holds } = await identity((world) => (world.issuer = OTHER));
    expect(found).toEqual([
      expect.objectContaining({
        holds: 'no',
        found: expect.stringContaining(`its issuer is ${OTHER}`) as string,
        remedy: expect.stringMatching(
          /aws eks update-kubeconfig --name prod-main --region us-west-2 --alias=/,
        ) as string,
      }),
    ]);
    expect(holds).toBe(false);
  });

  it('says no where the inventory has another issuer than EKS', async () => {
    const { found } = await identity((world) => {
      world.issuer = OTHER;
      world.clusters = Object.fromEntries(
        Object.entries(world.clusters).map(([name, facts]) => [name, { ...facts, issuer: OTHER }]),
      );
    });
    expect(found).toEqual([expect.objectContaining({ holds: 'no', remedy: expect.stringContaining(OTHER) as string })]);
  });

  it('says no by the issuer in the inventory where EKS does not answer', async () => {
    const { found } = await identity((world) => {
      world.issuer = OTHER;
      world.unanswered.describeCluster = 'denied';
    });
    expect(found).toEqual([expect.objectContaining({ holds: 'no', identity: true })]);
  });

  it.each(['issuer', 'describeCluster'])('does not know where %s gets no answer', async (method) => {
    const { found, holds } = await identity((world) => (world.unanswered[method] = 'denied'));
    expect(found).toEqual([expect.objectContaining({ holds: 'unknown' })]);
    expect(holds).toBe(false);
  });
});
