import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { report, type ReportOptions } from '../../src/cli/commands/report';
import { status, type StatusOptions } from '../../src/cli/commands/status';
import { UsageError } from '../../src/cli/exit';
import { folderOf, removeFolders } from '../inventory/fixtures';
import { inventoryText } from '../report/estateOf';

let folder: string;
let printed: string;

beforeEach(() => {
  folder = folderOf({ 'inventory.yaml': inventoryText(12) });
  process.env.PODLIFT_INVENTORY = join(folder, 'inventory.yaml');
  printed = '';
  jest.spyOn(console, 'error').mockImplementation(() => undefined);
  jest.spyOn(console, 'log').mockImplementation((text: string) => void (printed += `${text}\n`));
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});
afterEach(() => {
  jest.restoreAllMocks();
  delete process.env.PODLIFT_INVENTORY;
});
afterAll(removeFolders);

const noPorts = () => {
  throw new Error('AWS is asked');
};
const shown = (options: ReportOptions) => report(options, noPorts);
const out = (name: string) => join(folder, name);

describe('podlift report', () => {
  it.each([
    ['report.html', /^<!doctype html>/],
    ['report.md', /^# podlift report: dev, prod/],
    ['report.csv', /^environment,wave,workload,cluster,stage/],
    ['report.json', /^\{\n {2}"format": "podlift\.report\/1"/],
    ['report.txt', /^podlift report: dev, prod/],
  ])('writes %s, which its owner alone can read, and asks nothing', async (name, beginning) => {
    expect(await shown({ out: out(name) })).toBe(0);
    expect(readFileSync(out(name), 'utf8')).toMatch(beginning);
    expect(statSync(out(name)).mode & 0o777).toBe(0o600);
    // A second run replaces its own file.
    expect(await shown({ out: out(name) })).toBe(0);
  });

  it('prints one environment', async () => {
    expect(await shown({ environment: 'prod', format: 'json' })).toBe(0);
    const document = JSON.parse(printed) as {
      readonly environments: unknown;
      readonly access: readonly { readonly environment: string }[];
    };
    expect(document.environments).toEqual(['prod']);
    expect(new Set(document.access.map(({ environment }) => environment))).toEqual(new Set(['prod']));
  });

  it.each<[string, ReportOptions, RegExp]>([
    ['HTML without a file', { format: 'html' }, /--format html needs --out FILE/],
    ['a file without a format', { out: 'report.xyz' }, /does not say the format/],
    ['an unknown environment', { environment: 'stage' }, /stage/],
    ['a folder of evidence that is not there', { evidence: 'nowhere' }, /--evidence nowhere: there is no such folder/],
    ['an Estate to save without a reading', { saveEstate: 'e.json' }, /add --live/],
  ])('refuses %s', async (_, options, message) => {
    const failure = shown(options);
    await expect(failure).rejects.toThrow(UsageError);
    await expect(failure).rejects.toThrow(message);
  });

  it('does not replace a file that podlift did not write', async () => {
    writeFileSync(out('report.html'), 'mine');
    await expect(shown({ out: out('report.html') })).rejects.toThrow(/is not a report of podlift/);
    expect(readFileSync(out('report.html'), 'utf8')).toBe('mine');
  });
});

describe('podlift status --format prometheus', () => {
  const metrics = (options: Partial<StatusOptions>) =>
    status({ live: false, format: 'prometheus', ...options }, noPorts);

  it('prints the metrics', async () => {
    expect(await metrics({ environment: 'prod' })).toBe(0);
    expect(printed).toMatch(/^podlift_wave_stage\{environment="prod",wave="wave-0"\} 4$/m);
    expect(printed).not.toContain('environment="dev"');
  });

  it('writes a file that the textfile collector can read, and replaces only its own', async () => {
    expect(await metrics({ out: out('podlift.prom') })).toBe(0);
    expect(statSync(out('podlift.prom')).mode & 0o777).toBe(0o644);
    expect(await metrics({ out: out('podlift.prom') })).toBe(0);
    writeFileSync(out('other.prom'), 'node_load1 1\n');
    await expect(metrics({ out: out('other.prom') })).rejects.toThrow(/is not a file of metrics of podlift/);
  });

  it('refuses --out with another format', async () => {
    await expect(metrics({ format: 'json', out: out('status.json') })).rejects.toThrow(
      /--out is the file of --format prometheus/,
    );
    expect(existsSync(out('status.json'))).toBe(false);
  });
});
