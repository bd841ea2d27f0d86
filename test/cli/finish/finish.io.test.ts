import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { finish, type FinishOptions } from '../../../src/cli/commands/finish';
import { UsageError } from '../../../src/cli/exit';
import type { Ports } from '../../../src/estate/Ports';
import { loadInventory } from '../../../src/inventory/loadInventory';
import { agreedWorld, podIdentityPod, portsTo, type World } from '../../operations/agreedWorld';
import { serviceAccountOf } from '../../operations/facts';
import { inventoryIn, SOUND, useFolder } from '../commandLine';

const folder = useFolder();
const path = (name: string) => join(folder.path, name);
const before = process.env.PODLIFT_INVENTORY;
beforeEach(() => {
  Object.assign(process.env, inventoryIn(folder, SOUND));
});
afterEach(() => {
  jest.restoreAllMocks();
  if (before === undefined) delete process.env.PODLIFT_INVENTORY;
  else process.env.PODLIFT_INVENTORY = before;
});

/** Runs the command on a world where all is at pod-identity, after a change. */
async function run(options: Partial<FinishOptions>, change: (world: World) => void = () => undefined) {
  const [out, err]: [string[], string[]] = [[], []];
  jest.spyOn(console, 'log').mockImplementation((text: string) => void out.push(`${text}\n`));
  jest.spyOn(console, 'error').mockImplementation((text: string) => void err.push(text));
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => out.push(String(text)) > 0);
  const ports = (): Ports => {
    const world = agreedWorld(loadInventory(path('inventory.yaml')).inventory!);
    world.pods = [podIdentityPod({ namespace: 'shop', serviceAccount: 'api' })];
    change(world);
    return portsTo(world);
  };
  const exit = await finish({ environment: 'prod', ...options }, ports);
  jest.restoreAllMocks();
  return { exit, out: out.join(''), err: err.join('\n') };
}
const left = (world: World) => {
  const role = { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::333333333333:role/old' };
  world.serviceAccounts['team/app'] = serviceAccountOf('team', 'app', role);
};

describe('the certificate', () => {
  it.each([
    ['certificate.md', /^# podlift finish: certificate of prod\n/],
    ['certificate', /^# podlift finish: certificate of prod\n/],
    ['certificate.html', /^<!doctype html>[^]*<title>podlift finish: certificate of prod/],
    ['certificate.json', /^\{\n {2}"format": "podlift\.finish\/1"/],
  ])('is written as %s by its name', async (name, beginning) => {
    const { exit, out, err } = await run({ out: path(name) });
    expect([exit, out, err]).toEqual([0, '', `The certificate is written: ${path(name)}`]);
    expect(readFileSync(path(name), 'utf8')).toMatch(beginning);
  });

  it('is replaced by a newer one, and no other file is', async () => {
    const out = path('certificate.md');
    await run({ out });
    expect((await run({ out })).exit).toBe(0);
    await expect(run({ out: path('inventory.yaml'), format: 'markdown' })).rejects.toThrow(UsageError);
  });

  it('is printed without a file', async () => {
    const { exit, out } = await run({});
    expect([exit, out]).toEqual([0, expect.stringContaining('Nothing uses or trusts the OIDC provider of a cluster')]);
  });

  it('of a saved Estate says so, with its digest', async () => {
    const { exit } = await run({ saveEstate: path('estate.json') });
    const again = await run({ estate: path('estate.json') });
    expect([exit, again.exit]).toEqual([0, 0]);
    expect(again.out).toContain('Read (saved Estate)');
    const { estate } = JSON.parse((await run({ estate: path('estate.json'), format: 'json' })).out) as {
      estate: string;
    };
    expect(again.out).toContain(estate);
  });
});

describe('what is left', () => {
  it.each([undefined, 'markdown', 'html'] as const)('goes to stdout, and no file is written (%s)', async (format) => {
    const out = path('certificate.html');
    const { exit, out: text, err } = await run({ out, ...(format && { format }) }, left);
    expect([exit, existsSync(out)]).toEqual([1, false]);
    expect(text).toContain('prod is not finished');
    expect(err).toBe(`No certificate is written: something is left, or could not be read. ${out} is as it was.`);
  });

  it('leaves an earlier certificate as it was', async () => {
    const out = path('certificate.md');
    await run({ out });
    const earlier = readFileSync(out, 'utf8');
    await run({ out }, left);
    expect(readFileSync(out, 'utf8')).toBe(earlier);
  });

  it('is a table for a spreadsheet', async () => {
    const { exit, out } = await run({ format: 'csv' }, left);
    expect([exit, out.split('\r\n')[0]]).toEqual([1, 'What,Where,Name,Role,State,Last used,Found']);
    expect(out).toContain('annotation,main,team/app,arn:aws:iam::333333333333:role/old,left over,,');
  });
});

it('refuses HTML without a file, and an environment that is not there, before it asks anything', async () => {
  const never = (): Ports => {
    throw new Error('ports were made');
  };
  await expect(finish({ environment: 'prod', format: 'html' }, never)).rejects.toThrow(
    '--format html needs --out FILE',
  );
  await expect(finish({ environment: 'none' }, never)).rejects.toThrow(UsageError);
  writeFileSync(path('other.md'), 'mine');
  await expect(finish({ environment: 'prod', out: path('other.md') }, never)).rejects.toThrow('is not a certificate');
});
