import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { drift } from '../../../src/cli/commands/drift';
import { gate } from '../../../src/cli/commands/gate';
import { status } from '../../../src/cli/commands/status';
import { UsageError } from '../../../src/cli/exit';
import { loadInventory } from '../../../src/inventory/loadInventory';
import { agreedWorld, podOf, portsTo, type World } from '../../operations/agreedWorld';
import { PILOT } from '../commandLine';

const INVENTORY = PILOT.replace('\nworkloads:', '\n  later: { after: pilot, stages: { prod: dual } }\nworkloads:');

const folder = mkdtempSync(join(tmpdir(), 'podlift-gate-'));
const file = join(folder, 'inventory.yaml');
const before = process.env.PODLIFT_INVENTORY;
let printed: string[];

beforeAll(() => {
  writeFileSync(file, INVENTORY);
  process.env.PODLIFT_INVENTORY = file;
});
afterAll(() => {
  if (before === undefined) delete process.env.PODLIFT_INVENTORY;
  else process.env.PODLIFT_INVENTORY = before;
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  printed = [];
  jest.spyOn(console, 'log').mockImplementation((text: string) => void printed.push(text));
  jest.spyOn(console, 'error').mockImplementation(() => undefined);
});
afterEach(() => {
  jest.restoreAllMocks();
});

function ports(change: (world: World) => void = () => undefined) {
  const world = agreedWorld(loadInventory(file).inventory!);
  change(world);
  return portsTo(world);
}

describe('podlift gate', () => {
  it('gives 0 and names the command of the step when the gate holds', async () => {
    expect(await gate('pilot', { environment: 'prod', format: 'text' }, ports)).toBe(0);
    expect(printed.join('\n')).toMatch(/^pilot in prod: dual → cutover\n/);
    expect(printed.join('\n')).toMatch(
      /The gate passes\. All \d+ checks passed\. To take the step to cutover:\n {2}npx podlift advance pilot --environment prod$/,
    );
  });

  it('gives 1, what is wrong first, and the commands on lines of their own', async () => {
    const restarted = ports((world) => world.pods.push(podOf({ name: 'orders-api-old' })));
    expect(await gate('pilot', { environment: 'prod', format: 'text' }, () => restarted)).toBe(1);
    const text = printed.join('\n');
    expect(text.split('\n')[4]).toMatch(/FAIL .*pod-credentials .*orders-api .*main/);
    expect(text).toMatch(
      /^ +kubectl --context arn:aws:eks:us-west-2:333333333333:cluster\/prod-main -n production rollout restart deployment\/orders-api$/m,
    );
    expect(text).toMatch(/The gate fails: of \d+ checks, 1 failed\.$/);
  });

  it('gives 0 and shows a warning, which does not stop the step', async () => {
    const selfManaged = () => ports((world) => (world.nodes = [{ name: 'node-1', os: 'linux' }]));
    expect(await gate('pilot', { environment: 'prod', format: 'text' }, selfManaged)).toBe(0);
    const text = printed.join('\n');
    expect(text).toMatch(/warning .*node-role .*main .*the EKS API does not show the role of node-1/);
    expect(text).toMatch(/^Warnings, which do not stop the step:\n {2}node-role of main\n {4}Check that the role/m);
    expect(text).toMatch(/The gate passes\. All \d+ checks passed, 1 of them with a warning\. To take the step/);
    expect(await gate('pilot', { environment: 'prod', format: 'json' }, selfManaged)).toBe(0);
    expect(JSON.parse(printed.at(-1)!)).toMatchObject({
      holds: true,
      evidence: expect.arrayContaining([
        expect.objectContaining({ check: 'node-role', cluster: 'main', holds: 'yes', warning: true }),
      ]),
    });
  });

  it('gives 1 when an answer is missing', async () => {
    const throttled = ports((world) => (world.unanswered = { role: 'throttled' }));
    expect(await gate('pilot', { environment: 'prod', format: 'text' }, () => throttled)).toBe(1);
    expect(printed.join('\n')).toMatch(/The gate fails: of \d+ checks, \d could not be checked\.$/);
  });

  it('prints the evidence as data', async () => {
    expect(await gate('pilot', { environment: 'prod', format: 'json' }, ports)).toBe(0);
    expect(JSON.parse(printed.join('\n'))).toMatchObject({
      format: 'podlift.gate/1',
      wave: 'pilot',
      environment: 'prod',
      from: 'dual',
      to: 'cutover',
      holds: true,
      evidence: expect.arrayContaining([expect.objectContaining({ check: 'pod-credentials', holds: 'yes' })]),
    });
  });

  it('takes the only environment when none is named', async () => {
    expect(await gate('pilot', { format: 'text' }, ports)).toBe(0);
  });

  it.each<[string, string, string | undefined, RegExp]>([
    ['a wave', 'pilto', 'prod', /no wave "pilto": did you mean "pilot"/],
    ['an environment', 'pilot', 'prd', /--environment is "prd": did you mean "prod"/],
  ])('knows %s that is not there for a mistake of usage', async (_, wave, environment, message) => {
    const call = gate(wave, { environment: environment ?? '', format: 'text' }, ports);
    await expect(call).rejects.toThrow(UsageError);
    await expect(call).rejects.toThrow(message);
  });
});

describe('podlift status', () => {
  it('shows each wave with its stage and its next step', async () => {
    expect(await status({ live: false, format: 'text' }, ports as never)).toBe(0);
    expect(printed.join('\n')).toMatch(
      /pilot .*prod .*dual .*cutover[^]*\n {2}npx podlift advance pilot --environment prod/,
    );
    expect(printed.join('\n')).toMatch(/later .*no workload here/);
  });

  it('shows what was accepted for the last step, and why, also as data', async () => {
    const accepted = { because: 'the node has taints', accepted: ['agent-on-nodes:api:main', 'sdk'] };
    writeFileSync(
      file,
      INVENTORY.replace(
        'pilot: { stages: { prod: dual } }',
        `pilot: { stages: { prod: ${JSON.stringify({ stage: 'dual', ...accepted })} } }`,
      ),
    );
    expect(await status({ live: false, format: 'text' }, ports as never)).toBe(0);
    expect(printed.join('\n')).toMatch(
      /^accepted for the last step of pilot in prod, to dual: agent-on-nodes:api:main, sdk \(reason: the node has taints\)$/m,
    );
    await status({ live: false, format: 'json' }, ports);
    writeFileSync(file, INVENTORY);
    const [pilot] = (JSON.parse(printed.at(-1)!) as { readonly waves: readonly unknown[] }).waves;
    expect(pilot).toMatchObject(accepted);
  });

  it('asks nobody without --live', async () => {
    const asked = jest.fn(() => ports());
    await status({ live: false, format: 'json' }, asked);
    expect(asked).not.toHaveBeenCalled();
    expect(JSON.parse(printed.join('\n'))).not.toHaveProperty('live');
  });

  it('gives 0 with --live when AWS agrees, and 1 with what differs when it does not', async () => {
    expect(await status({ live: true, format: 'text' }, () => ports())).toBe(0);
    expect(printed.join('\n')).toMatch(
      /No differences between the inventory and AWS or the clusters \(1 workload, 6 questions\)\./,
    );
    const behind = ports((world) => (world.associations = []));
    expect(await status({ live: true, format: 'text' }, () => behind)).toBe(1);
    expect(printed.join('\n')).toMatch(
      /orders-api in prod\n {2}association of production\/orders-api on prod-main: differs/,
    );
    expect(printed.join('\n')).toMatch(/^ +npx cdktf apply prod-identity$/m);
  });

  it('says what drift says, as data too', async () => {
    const moved = () => ports((world) => (world.roles = {}));
    expect(await status({ live: true, format: 'json' }, moved)).toBe(1);
    expect(printed).toHaveLength(1);
    const said = JSON.parse(printed[0]!) as { format: string; live: { differences: unknown } };
    expect(said).toMatchObject({ format: 'podlift.status/1' });
    expect(said.live).not.toHaveProperty('format');
    expect(await drift(undefined, { format: 'json' }, moved)).toBe(1);
    const { differences } = JSON.parse(printed.at(-1)!) as { differences: unknown };
    expect(said.live.differences).toEqual(differences);
  });

  it('knows an environment that is not there for a mistake of usage', async () => {
    await expect(status({ environment: 'x', live: false, format: 'text' }, () => ports())).rejects.toThrow(UsageError);
  });
});
