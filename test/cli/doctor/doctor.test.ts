import { doctor, type DoctorOptions } from '../../../cli/commands/doctor';
import { loadInventory } from '../../../inventory/loadInventory';
import { agreedWorld, podOf, type World } from '../../operations/agreedWorld';
import { portsTo } from '../../operations/portsTo';
import { inventoryIn, run, SOUND, useFolder } from '../commandLine';

const folder = useFolder();
const before = { ...process.env };
afterEach(() => {
  process.env = { ...before };
  jest.restoreAllMocks();
});

/** Everything as the inventory of `SOUND` says, with one pod that shows nothing, on a node of Auto Mode. */
function world(): World {
  const { inventory } = loadInventory(process.env.PODLIFT_INVENTORY ?? '');
  const made = agreedWorld(inventory!);
  const cluster = made.clusters['prod-main']!;
  return { ...made, clusters: { 'prod-main': { ...cluster, issuer: made.issuer } }, pods: [] };
}

async function ask(change: (one: World) => unknown = () => undefined, options: Partial<DoctorOptions> = {}) {
  Object.assign(process.env, inventoryIn(folder, SOUND), { NO_COLOR: '1', PODLIFT_ENVIRONMENT: '' });
  const printed = jest.spyOn(console, 'log').mockImplementation(() => undefined);
  jest.spyOn(console, 'error').mockImplementation(() => undefined);
  const one = world();
  change(one);
  const exit = await doctor(undefined, { format: 'text', ...options }, () => portsTo(one));
  return { exit, text: printed.mock.calls.map(([line]) => String(line)).join('\n') };
}

describe('podlift doctor', () => {
  it('gives 0 where all is healthy, warnings included', async () => {
    const { exit, text } = await ask();
    expect(text).toMatch(/✓ api on prod\/main: pod-identity/);
    expect(text).toMatch(/warning sdk/);
    expect(text.split('\n').at(-1)).toBe('1 workload on its cluster: 1 healthy, 1 of them with warnings.');
    expect(exit).toBe(0);
  });

  it('gives 1 on a problem', async () => {
    const { exit, text } = await ask((one) => (one.associations = []));
    expect(text).toMatch(/PROBLEM association/);
    expect(exit).toBe(1);
  });

  it('gives 1 where something could not be found out', async () => {
    const { exit, text } = await ask((one) => (one.unanswered = { role: 'throttled' }));
    expect(text).toMatch(/unknown role: throttled/);
    expect(exit).toBe(1);
  });

  it('prints the same as data', async () => {
    const { exit, text } = await ask(
      (one) => (one.pods = [podOf({ namespace: 'shop', name: 'api-1', serviceAccount: 'api' })]),
      { format: 'json' },
    );
    const data = JSON.parse(text) as { healthy: boolean; diagnoses: { findings: unknown[] }[] };
    expect(data.healthy).toBe(false);
    expect(data.diagnoses[0]?.findings).toContainEqual(
      expect.objectContaining({ check: 'pod-credentials', state: 'problem', workload: 'api', pods: ['api-1'] }),
    );
    expect(exit).toBe(1);
  });

  it('is wrong usage for a workload that is not there, with the one that was meant', () => {
    const { status, stderr } = run(['cli/podlift.js', 'doctor', 'apis'], inventoryIn(folder, SOUND));
    expect(stderr).toBe('podlift: there is no workload "apis": did you mean "api"? workloads: api\n');
    expect(status).toBe(2);
  });
});
