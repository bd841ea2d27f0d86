import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { next } from '../../../src/cli/commands/next';
import { UsageError } from '../../../src/cli/exit';
import type { gate } from '../../../src/operations/gate/gate';
import { stepOf } from '../../../src/operations/gate/Step';
import { loadInventory } from '../../../src/inventory/loadInventory';
import { folderOf, removeFolders } from '../../inventory/fixtures';
import { agreedWorld, podOf, portsTo, type World } from '../../operations/agreedWorld';
import { PILOT } from '../commandLine';

const INVENTORY = PILOT.replace(
  '\nworkloads:',
  '\n  later: { after: pilot, stages: { prod: prepared } }\n  last: { stages: { prod: pod-identity } }\n  nothing: { stages: { prod: irsa } }\nworkloads:',
);
const SECOND = `  billing:
    wave: later
    namespace: production
    serviceAccount: billing
    sdk: { language: python, version: 1.34.60 }
    permissions: { managedPolicies: [ReadOnlyAccess] }
`;
const passes = ((inventory, request) => {
  const { step, to } = stepOf(inventory, request);
  return { ...request, from: step.from, ...(to && { to }), evidence: [], holds: true };
}) as typeof gate;

let printed: string[];
let file: string;
beforeEach(() => {
  file = join(folderOf({ 'inventory.yaml': INVENTORY }), 'inventory.yaml');
  process.env.PODLIFT_INVENTORY = file;
  printed = [];
  jest.spyOn(console, 'log').mockImplementation((text: string) => void printed.push(text));
  jest.spyOn(console, 'error').mockImplementation(() => undefined);
});
afterEach(() => {
  jest.restoreAllMocks();
  delete process.env.PODLIFT_INVENTORY;
});
afterAll(removeFolders);

function ports(change: (world: World) => void = () => undefined) {
  const world = agreedWorld(loadInventory(file).inventory!);
  change(world);
  return portsTo(world);
}

const row = (wave: string) =>
  printed
    .join('\n')
    .split('\n')
    .find((line) => line.startsWith(`│ ${wave} `));

describe('podlift next', () => {
  it('shows the next step of each wave and the answer of its gate, and gives 0 although a gate fails', async () => {
    const exit = await next({ format: 'text' }, () =>
      ports((world) => world.pods.push(podOf({ name: 'orders-api-old' }))),
    );
    expect(row('pilot')).toMatch(
      /pilot .*prod .*1 .*dual .*cutover .*1 failed .*pod-credentials of orders-api on main/,
    );
    expect(row('last')).toMatch(/pod-identity .*- .*no workload here/);
    expect(row('later')).toMatch(/prepared .*- .*no workload here/);
    expect(printed.join('\n')).toMatch(
      /For the reasons, and what to do:\n {2}npx podlift gate pilot --environment prod/,
    );
    expect(exit).toBe(0);
  });

  it('prints the command of the step where one gate passes', async () => {
    expect(await next({ format: 'text' }, () => ports())).toBe(0);
    expect(row('pilot')).toMatch(/passes/);
    expect(printed.join('\n')).toMatch(
      /To take the step whose gate passes:\n {2}npx podlift advance pilot --environment prod/,
    );
  });

  it('names the command that moves all ready waves of an environment where several gates pass', async () => {
    writeFileSync(file, INVENTORY + SECOND);
    expect(await next({ format: 'text' }, () => ports(), passes)).toBe(0);
    expect(printed.join('\n')).toMatch(
      /To take the steps whose gate passes:\n {2}npx podlift advance --all-ready --environment prod$/,
    );
  });

  it('reads what all gates need once, and gives 1 where a check could not be checked', async () => {
    const world = agreedWorld(loadInventory(file).inventory!);
    world.unanswered = { role: 'throttled' };
    const asked = jest.fn(() => portsTo(world));
    expect(await next({ format: 'json' }, asked)).toBe(1);
    expect(asked).toHaveBeenCalledTimes(1);
    const { format, waves } = JSON.parse(printed[0]!) as { format: string; waves: { wave: string; answer: string }[] };
    expect(format).toBe('podlift.next/1');
    expect(waves.find(({ wave }) => wave === 'pilot')).toMatchObject({
      environment: 'prod',
      workloads: 1,
      from: 'dual',
      to: 'cutover',
      answer: 'unchecked',
      gate: { holds: false },
    });
  });

  it('does not recommend a step after which the inventory would have errors', async () => {
    writeFileSync(
      file,
      INVENTORY.replace('{ prod: dual }', '&s { prod: dual }').replace('{ prod: pod-identity }', '*s'),
    );
    expect(await next({ format: 'json' }, () => ports())).toBe(0);
    const { waves } = JSON.parse(printed[0]!) as { waves: { wave: string }[] };
    expect(waves.find(({ wave }) => wave === 'pilot')).toMatchObject({
      answer: 'fails',
      gate: { holds: true },
      obstacles: [{ found: expect.stringMatching(/inventory\.yaml:\d+: /) }],
    });
    printed = [];
    await next({ format: 'text' }, () => ports());
    expect(printed.join('\n')).toContain('The inventory does not allow the step of pilot in prod to cutover yet:');
    expect(printed.join('\n')).not.toContain('podlift advance');
  });

  it('takes an unknown environment for a mistake of usage, and an inventory with errors for a finding', async () => {
    await expect(next({ format: 'text', environment: 'prd' }, () => ports())).rejects.toThrow(UsageError);
    writeFileSync(file, INVENTORY.replace('wave: pilot', 'wave: pilto'));
    expect(await next({ format: 'json' }, () => ports())).toBe(1);
    expect(printed).toEqual([]);
  });
});
