import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { advance } from '../../../src/cli/commands/advance';
import { discover } from '../../../src/cli/commands/discover';
import { status } from '../../../src/cli/commands/status';
import { UsageError } from '../../../src/cli/exit';
import type { Ports } from '../../../src/estate/Ports';
import { loadInventory } from '../../../src/inventory/loadInventory';
import { agentPod, agreedWorld, podIdentityPod, portsTo } from '../../operations/agreedWorld';
import { inventoryIn, PILOT, useFolder } from '../commandLine';
import { COMMANDS, printed, withoutFigures } from './commands';

export const INVENTORY = PILOT.replace(/^ *sdk:.*\n/m, '');

const folder = useFolder();
const none = (): Ports => {
  throw new Error('ports were made');
};
const same = (name: string) => name;
const before = process.env.PODLIFT_INVENTORY;
let ports: () => Ports;

beforeEach(() => {
  Object.assign(process.env, inventoryIn(folder, INVENTORY));
  const world = agreedWorld(loadInventory(join(folder.path, 'inventory.yaml')).inventory!);
  world.pods = [podIdentityPod(), agentPod('node-1')];
  ports = () => portsTo(world);
});
afterEach(() => {
  if (before === undefined) delete process.env.PODLIFT_INVENTORY;
  else process.env.PODLIFT_INVENTORY = before;
});

const path = (name: string) => join(folder.path, name);
const saved = async (command: string, name = 'estate.json') => {
  const file = path(name);
  const result = await printed(() => COMMANDS[command]!({ saveEstate: file }, 'text', same, ports));
  return { file, result };
};

describe.each(Object.keys(COMMANDS))('%s', (command) => {
  it.each(['text', 'json'] as const)('prints the same from a file as live, and makes no ports (%s)', async (format) => {
    const file = path('estate.json');
    const live = await printed(() => COMMANDS[command]!({ saveEstate: file }, format, same, ports));
    const own = await printed(() => COMMANDS[command]!({ estate: file }, format, same, none));
    expect(withoutFigures(own.out)).toBe(withoutFigures(live.out));
    expect(own.exit).toBe(live.exit);
    expect(own.err[0]).toMatch(/^Estate of \d{4}-\d{2}-\d{2}T[\d:.]+Z$/);
    const told = (err: readonly string[]) => err.filter((line) => !line.startsWith('Estate of ')).map(withoutFigures);
    expect(told(own.err)).toEqual(told(live.err));
    expect(live.err.filter((line) => line.startsWith('Estate of '))).toEqual([
      `Estate of ${JSON.parse(readFileSync(file, 'utf8')).at} is saved: ${file}`,
    ]);
  });

  it('gives 1 where the file lacks what it asks for', async () => {
    const file = path('empty.json');
    const empty = { format: 'podlift.estate/1', at: '2026-11-21T12:00:00Z', accounts: {}, clusters: {} };
    writeFileSync(file, JSON.stringify(empty));
    const { exit, out, err } = await printed(() => COMMANDS[command]!({ estate: file }, 'text', same, none));
    expect(exit).toBe(1);
    expect(`${out}\n${err.join('\n')}`).toMatch(/not in the Estate/);
  });
});

describe('--save-estate', () => {
  it('writes a file for its owner alone, in one step, also over an older Estate', async () => {
    const { file } = await saved('drift');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    chmodSync(file, 0o644);
    const first = readFileSync(file, 'utf8');
    await saved('gate');
    expect(readFileSync(file, 'utf8')).not.toBe(first);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder.path).toSorted()).toEqual(['estate.json', 'inventory.yaml']);
  });

  it('does not follow a link: whoever commits it chooses its target', async () => {
    mkdirSync(path('kept'));
    symlinkSync(path('kept/estate.json'), path('estate.json'));
    writeFileSync(path('kept/estate.json'), '');
    await expect(saved('drift')).rejects.toThrow('this is a symbolic link. Name the file itself. Nothing is saved.');
    expect(readFileSync(path('kept/estate.json'), 'utf8')).toBe('');
  });

  it.each<[string, string, RegExp]>([
    ['in a folder that is not there', 'no/estate.json', /estate\.json: its folder does not exist\. Nothing is saved\./],
    ['that is a folder', '.', /: this is a folder, a device or a pipe, not a file\. Nothing is saved\./],
    [
      'that is another file',
      'inventory.yaml',
      /inventory\.yaml: this file exists and is not an Estate\. Name another one\./,
    ],
  ])('asks nothing for a file %s', async (_, name, message) => {
    const command = COMMANDS.drift!({ saveEstate: path(name) }, 'text', same, none);
    await expect(command).rejects.toThrow(UsageError);
    await expect(COMMANDS.drift!({ saveEstate: path(name) }, 'text', same, none)).rejects.toThrow(message);
    expect(readFileSync(path('inventory.yaml'), 'utf8')).toBe(INVENTORY);
  });

  it('does not write over the file that it reads', async () => {
    const { file } = await saved('drift');
    const text = readFileSync(file, 'utf8');
    const flags = { estate: file, saveEstate: file, redact: true };
    await expect(COMMANDS.drift!(flags, 'text', same, none)).rejects.toThrow('this is the file of --estate');
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  it('can keep what a file has, without names, with its inventory and the command that judges both', async () => {
    const { file } = await saved('gate');
    const redacted = path('redacted.json');
    const flags = { estate: file, saveEstate: redacted, redact: true };
    const { exit, out, err } = await printed(() => COMMANDS.gate!(flags, 'json', same, none));
    const beside = `${redacted}.inventory.yaml`;
    expect(err.join('\n')).toContain(`Its inventory: ${beside}`);
    const command = err.join('\n').split('\n').at(-1)!.trim();
    const [, wave = '', environment = ''] = /podlift gate (\S+) --environment (\S+) --estate/.exec(command) ?? [];
    expect(command).toBe(
      `PODLIFT_INVENTORY=${beside} npx podlift gate ${wave} --environment ${environment} --estate ${redacted}`,
    );
    for (const one of [redacted, beside]) {
      expect(readFileSync(one, 'utf8')).not.toMatch(/orders|acme|pilot|prod-main|333333333333/);
      expect(statSync(one).mode & 0o777).toBe(0o600);
    }
    process.env.PODLIFT_INVENTORY = beside;
    const names = (name: string) => ({ pilot: wave, prod: environment })[name] ?? name;
    const own = await printed(() => COMMANDS.gate!({ estate: redacted }, 'json', names, none));
    expect(own.exit).toBe(exit);
    const verdicts = (text: string) =>
      JSON.parse(text).evidence.map(({ check, holds }: { check: string; holds: string }) => [check, holds]);
    expect(verdicts(own.out)).toEqual(verdicts(out));
  });

  it('redacts no inventory that has errors, and asks nothing', async () => {
    const broken = '  broken: { stage: duall, namespace: shop, serviceAccount: "not a name", permissions: {} }\n';
    writeFileSync(path('inventory.yaml'), INVENTORY + broken);
    const flags = { saveEstate: path('estate.json'), redact: true };
    const command = () => COMMANDS.doctor!(flags, 'text', same, none);
    await expect(printed(command)).rejects.toThrow(UsageError);
    await expect(printed(command)).rejects.toThrow(
      /^--redact: the inventory has 2 errors, .*\n.*\n {2}npx podlift validate$/,
    );
    expect(readdirSync(folder.path)).toEqual(['inventory.yaml']);
    const whole = await printed(() => COMMANDS.doctor!({ saveEstate: path('estate.json') }, 'text', same, ports));
    expect([whole.exit, existsSync(path('estate.json'))]).toEqual([1, true]);
  });

  it('writes no inventory over another file', async () => {
    writeFileSync(path('estate.json.inventory.yaml'), 'mine');
    const flags = { saveEstate: path('estate.json'), redact: true };
    await expect(COMMANDS.gate!(flags, 'text', same, none)).rejects.toThrow('is not a redacted inventory');
    expect(existsSync(path('estate.json'))).toBe(false);
  });
});

describe('--estate', () => {
  it.each<[string, string | undefined, RegExp]>([
    ['that is not there', undefined, /^--estate .*estate\.json: there is no such file$/],
    ['that is not JSON', 'version: 1', /estate\.json is not JSON: /],
    ['of another format', '{"format":"podlift.estate/2"}', /Upgrade podlift\.$/],
  ])('refuses a file %s', async (_, text, message) => {
    const file = path('estate.json');
    if (text !== undefined) writeFileSync(file, text);
    await expect(COMMANDS.drift!({ estate: file }, 'text', same, none)).rejects.toThrow(message);
    await expect(COMMANDS.drift!({ estate: file }, 'text', same, none)).rejects.toThrow(UsageError);
  });

  it('refuses a folder', async () => {
    await expect(COMMANDS.drift!({ estate: folder.path }, 'text', same, none)).rejects.toThrow('this is not a file');
  });
});

describe('options that do not go together', () => {
  it.each<[string, () => Promise<number>]>([
    ['--redact without --save-estate', () => COMMANDS.gate!({ redact: true }, 'text', same, none)],
    ['status --save-estate without --live', () => status({ live: false, format: 'text', saveEstate: path('e') }, none)],
    [
      'discover --estate --write',
      () => discover({ format: 'text', write: true, estate: path('e') }, { ports: none, now: () => new Date() }),
    ],
    [
      'advance --estate without --dry-run',
      () => advance('pilot', { environment: 'prod', format: 'text', estate: path('e') }),
    ],
  ])('%s', async (_, command) => {
    await expect(command()).rejects.toThrow(UsageError);
    expect(existsSync(path('e'))).toBe(false);
  });
});

it('advance takes the time of the Estate for the stage that it would write', async () => {
  const { file } = await saved('advance');
  const estate = { ...JSON.parse(readFileSync(file, 'utf8')), at: '2026-11-21T12:00:00.000Z' };
  for (const part of [estate.accounts, estate.clusters]) setTimes(part);
  writeFileSync(file, JSON.stringify(estate));
  const { out, exit } = await printed(() => COMMANDS.advance!({ estate: file }, 'text', same, none));
  expect([exit, out]).toEqual([0, expect.stringContaining('{ stage: cutover, since: 2026-11-21T12:00:00Z }')]);
  expect(readFileSync(path('inventory.yaml'), 'utf8')).toBe(INVENTORY);
});

function setTimes(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  if ('at' in value) value.at = '2026-11-21T12:00:00.000Z';
  // The start of a span of CloudTrail's events.
  if ('since' in value) value.since = '2026-10-01T00:00:00.000Z';
  Object.values(value).forEach(setTimes);
}
