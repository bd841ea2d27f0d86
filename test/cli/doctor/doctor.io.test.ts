import { doctor, type DoctorOptions } from '../../../src/cli/commands/doctor';
import { loadInventory } from '../../../src/inventory/loadInventory';
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

interface Words {
  readonly workload?: string;
  readonly inventory?: string;
}

async function ask(
  change: (one: World) => unknown = () => undefined,
  options: Partial<DoctorOptions> = {},
  { workload, inventory = SOUND }: Words = {},
) {
  Object.assign(process.env, inventoryIn(folder, SOUND), { NO_COLOR: '1', PODLIFT_ENVIRONMENT: '' });
  const printed = jest.spyOn(console, 'log').mockImplementation(() => undefined);
  const complained = jest.spyOn(console, 'error').mockImplementation(() => undefined);
  const one = world();
  change(one);
  inventoryIn(folder, inventory);
  const exit = await doctor(workload, { format: 'text', ...options }, () => portsTo(one));
  const lines = ({ mock }: typeof printed) => mock.calls.map(([line]) => String(line)).join('\n');
  return { exit, text: lines(printed), errors: lines(complained) };
}

describe('podlift doctor', () => {
  it('gives 0 where all is healthy, warnings included', async () => {
    const { exit, text } = await ask();
    expect(text).toMatch(/^✓ api on prod\/main: pod-identity, a new pod uses Pod Identity \(1 warning\)\n/);
    expect(text).toMatch(/^ {2}warning sdk \(api on prod\/main\): ./m);
    expect(text.split('\n').at(-1)).toBe('1 workload on its cluster: 1 healthy (1 with warnings).');
    expect(exit).toBe(0);
  });

  it('gives 1 on a problem', async () => {
    const { exit, text } = await ask((one) => (one.associations = []));
    expect(text).toMatch(/PROBLEM association/);
    expect(exit).toBe(1);
  });

  it('gives 1 where something could not be checked', async () => {
    const { exit, text } = await ask((one) => (one.unanswered = { role: 'throttled' }));
    expect(text).toMatch(/not checked role: throttled/);
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

  it('prints warnings whole for the workload that is asked for', async () => {
    const { text } = await ask(undefined, {}, { workload: 'api' });
    expect(text).toMatch(
      / {2}warning sdk: .*\n {4}reason {3}.*\n {4}inspect {2}kubectl .*\n {4}fix {6}Write the SDK of the image into/,
    );
  });

  describe('with an inventory that has errors', () => {
    const BROKEN = `${SOUND}  broken:
    stage: pod-identity
    namespace: shop
    serviceAccount: broken
    permissions: { statements: [{ actions: [s3:GetObjects], resources: ["*"] }] }
`;
    const LINE =
      'warning: 1 error in the inventory. podlift doctor checks the part without errors. All errors: npx podlift validate';

    it('works on the part without, and says how many errors there are', async () => {
      const { exit, text, errors } = await ask(undefined, {}, { workload: 'api', inventory: BROKEN });
      expect(text).toMatch(/✓ api on prod\/main/);
      expect(errors).toBe(LINE);
      expect(exit).toBe(0);
    });

    it('gives 1 for all workloads: some were not checked', async () => {
      const { exit, text, errors } = await ask(undefined, {}, { inventory: BROKEN });
      expect(text).toMatch(/1 workload on its cluster: 1 healthy/);
      expect(errors).toBe(LINE);
      expect(exit).toBe(1);
    });

    it('gives 1 for a workload that has them, with those alone', async () => {
      const elsewhere = BROKEN.replace('[s3:GetObject]', '[s3:GetObject, s4:X]');
      const { exit, text, errors } = await ask(undefined, {}, { workload: 'broken', inventory: elsewhere });
      expect(text).toBe('');
      expect(errors).toMatch(/there is no action s3:GetObjects/);
      expect(errors).not.toMatch(/s4/);
      expect(exit).toBe(1);
    });

    it('gives 1 for a workload that refers to what has them, with all', async () => {
      const inventory = SOUND.replace('region: us-west-2', 'region: nowhere-1');
      const { exit, errors } = await ask(undefined, {}, { workload: 'api', inventory });
      expect(errors).toMatch(/nowhere-1/);
      expect(exit).toBe(1);
    });

    it('gives 1 where nothing is sound', async () => {
      const { exit, errors } = await ask(undefined, {}, { inventory: SOUND.replace('version: 1', 'version: 9') });
      expect(errors).toMatch(/version/);
      expect(exit).toBe(1);
    });

    it('is wrong usage for a workload that is not in the file', async () => {
      await expect(ask(undefined, {}, { workload: 'apis', inventory: BROKEN })).rejects.toThrow(
        /there is no workload "apis": did you mean "api"/,
      );
    });
  });

  it('is wrong usage for an action that IAM does not know, with the one that was meant', () => {
    const words = ['doctor', 'api', '--action', 's3:GetObjcet', '--resource', 'arn:aws:s3:::acme/1'];
    const { status, stderr } = run(['src/cli/podlift.js', ...words], inventoryIn(folder, SOUND));
    expect(stderr).toMatch(/there is no action s3:GetObjcet: did you mean "GetObject"\?/);
    expect(status).toBe(2);
  });

  it('is wrong usage for a workload that is not there, with the one that was meant', () => {
    const { status, stderr } = run(['src/cli/podlift.js', 'doctor', 'apis'], inventoryIn(folder, SOUND));
    expect(stderr).toBe('podlift: there is no workload "apis": did you mean "api"? workloads: api\n');
    expect(status).toBe(2);
  });
});
