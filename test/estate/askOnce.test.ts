import { askOnce } from '../../src/estate/askOnce';
import { clusterOf } from '../blueprint/inventoryOf';
import { agreedWorld, pilotAt, portsTo } from '../operations/agreedWorld';

const ACCOUNT = { key: 'apps-prod', id: '333333333333' };

describe('ports that ask once', () => {
  it('give equal questions one answer, and different ones their own', async () => {
    const world = agreedWorld(pilotAt('dual'));
    const ports = askOnce(portsTo(world));
    const [first, second] = await Promise.all([
      ports.aws(ACCOUNT, 'us-west-2').role('prod-orders-api'),
      ports.aws(ACCOUNT, 'us-west-2').role('prod-orders-api'),
    ]);
    expect(first).toBe(second);
    await ports.aws({ ...ACCOUNT, key: 'other', id: '444444444444' }, 'us-west-2').role('prod-orders-api');
    await ports.kubernetes('prod', clusterOf()).pods('a');
    await ports.kubernetes('prod', clusterOf()).pods('b');
    await ports.kubernetes('prod', clusterOf()).pods('a');
    expect(world.asked).toEqual([
      'role 333333333333 prod-orders-api',
      'role 444444444444 prod-orders-api',
      'pods a',
      'pods b',
    ]);
  });

  it('ask no more than a few at a time, and leave none out', async () => {
    let running = 0;
    let most = 0;
    const world = agreedWorld(pilotAt('dual'));
    const slow = portsTo(world);
    const ports = askOnce(
      {
        aws: (account, region) => ({
          ...slow.aws(account, region),
          role: async (name) => {
            most = Math.max(most, ++running);
            await new Promise((resolve) => setTimeout(resolve, 2));
            running--;
            return slow.aws(account, region).role(name);
          },
        }),
        kubernetes: slow.kubernetes,
      },
      3,
    );
    const port = ports.aws(ACCOUNT, 'us-west-2');
    await Promise.all(Array.from({ length: 20 }, (_, index) => port.role(`role-${index}`)));
    expect(most).toBe(3);
    expect(world.asked).toHaveLength(20);
  });
});
