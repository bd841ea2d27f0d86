import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { discover, type DiscoverOptions } from '../../../src/cli/commands/discover';
import type { DiscoverReport } from '../../../src/cli/discover/reportText';
import { UsageError } from '../../../src/cli/exit';
import { lockInventory } from '../../../src/operations/inventoryFile/lockInventory';
import { arnOf, eksctlOidc, ISSUER, type Shape, trustOf } from '../../operations/discover/shapes';
import { foundOf, NOW, portsOf, refused, refusedRole } from '../../operations/discover/foundOf';

const INVENTORY = `version: 1
accounts: { apps: { id: "333333333333" } }
environments:
  prod:
    account: apps
    region: us-west-2
    clusters:
      main: { name: prod-main, version: "1.33", oidc: { issuer: "${ISSUER}" } }
  dev: { account: apps, region: us-west-2 }
workloads: {} # none yet
`;
const API: Shape = {
  of: 'shop/api',
  annotated: true,
  found: 'irsa',
  role: { name: 'api', trust: trustOf(eksctlOidc('shop', 'api')) },
};
const WEB: Shape = { ...API, of: 'shop/web', role: { name: 'web', trust: trustOf(eksctlOidc('shop', 'web')) } };

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'podlift-discover-'));
  file = join(folder, 'inventory.yaml');
  process.env.PODLIFT_INVENTORY = file;
});
afterEach(() => {
  delete process.env.PODLIFT_INVENTORY;
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

async function run(
  options: Partial<DiscoverOptions> = {},
  { text = INVENTORY, survey = foundOf([API, WEB]), rewrite = true, meanwhile = (): undefined => undefined } = {},
) {
  if (rewrite) writeFileSync(file, text);
  const lines: string[] = [];
  const [out, err]: [string[], string[]] = [[], []];
  jest.spyOn(console, 'log').mockImplementation((line: string) => void (out.push(line), lines.push(line)));
  jest.spyOn(console, 'error').mockImplementation((line: string) => void (err.push(line), lines.push(line)));
  const ports = portsOf(survey);
  const world = {
    now: () => NOW,
    ports: () => ({ ...ports, aws: (...of: Parameters<typeof ports.aws>) => (meanwhile(), ports.aws(...of)) }),
  };
  const exit = await discover({ environment: 'prod', cluster: 'main', format: 'text', ...options }, world);
  return { exit, lines, out: out.join('\n'), err: err.join('\n'), text: readFileSync(file, 'utf8') };
}
const reportOf = ({ out }: { out: string }) => JSON.parse(out) as DiscoverReport;

it('prints the entries on stdout and the report on stderr, and writes nothing', async () => {
  const { exit, out, err, text } = await run();
  expect(exit).toBe(0);
  expect(text).toBe(INVENTORY);
  expect(out).toContain('workloads:\n  api:\n    wave: prod-main\n');
  expect(err).toContain('Would be added to');
  expect(err).toContain('2 entries without sdk');
});

it('adds them with --write, and says in which lines and what to do next', async () => {
  const { exit, out, err, text } = await run({ write: true });
  expect(exit).toBe(0);
  expect(err).toBe('');
  expect(text).toContain('workloads: # none yet\n  api:\n    wave: prod-main\n');
  const line = text.split('\n').indexOf('  web:') + 1;
  expect(out).toMatch(new RegExp(`${line}  workloads\\.web  wave prod-main, role web`));
  expect(out).toContain('npx cdktf plan prod-identity');
  expect(readdirSync(folder)).toEqual(['inventory.yaml']);
});

it('gives everything as JSON', async () => {
  const report = reportOf(await run({ format: 'json' }));
  expect(report).toMatchObject({ environment: 'prod', clusterKey: 'main', written: false, findings: [], left: [] });
  expect(report.workloads.map(({ key }) => key)).toEqual(['api', 'web']);
  expect(report.asked).toEqual({ aws: 8, clusters: 6, milliseconds: 0 });
});

it('ends with 1 where a question stayed open, and adds what is known', async () => {
  const survey = foundOf([API, WEB]);
  const roles = { ...survey.roles, [arnOf('web')]: refusedRole('throttled') };
  const { exit, out, text } = await run({ write: true }, { survey: { ...survey, roles } });
  expect(exit).toBe(1);
  expect(out).toContain('left out: unanswered (1)');
  expect(text).toContain('  api:\n');
  expect(text).not.toContain('  web:\n');
});

it('ends with 1 and says why where nothing can be proposed', async () => {
  const { exit, out, err } = await run({}, { survey: foundOf([API], { nodes: refused('nodes is forbidden') }) });
  expect([exit, out]).toEqual([1, '']);
  expect(err).toContain('Nothing can be proposed: no answer to get nodes.');
  expect(err).toContain('nodes is forbidden');
});

it('leaves out what the inventory would have errors with, and writes the rest', async () => {
  const odd = { ...WEB, role: { ...WEB.role, inline: { podlift: { Version: '2012-10-17' as const, Statement: [] } } } };
  const report = reportOf(await run({ format: 'json' }, { survey: foundOf([API, odd]) }));
  expect(report.workloads.map(({ key }) => key)).toEqual(['api']);
  expect(report.left).toEqual([expect.objectContaining({ serviceAccount: 'web', reason: 'invalid' })]);
});

it('writes nothing where the file cannot be added to, and shows the place', async () => {
  const aliased = INVENTORY.replace('workloads: {} # none yet', 'workloads: &w {}\nwaves: *w');
  const { exit, err, text } = await run({ write: true }, { text: aliased });
  expect([exit, text]).toEqual([1, aliased]);
  expect(err).toContain('Nothing was written.');
  expect(err).toContain('Change the file by hand first');
  expect(err).toContain('edit-alias');
});

it('writes nothing where the inventory changed meanwhile, or is held', async () => {
  const changed = await run(
    { write: true },
    {
      meanwhile: () => {
        writeFileSync(file, `${INVENTORY}# new\n`);
        return undefined;
      },
    },
  );
  expect([changed.exit, changed.text]).toEqual([1, `${INVENTORY}# new\n`]);
  expect(changed.err).toContain('changed while this command ran');
  const lock = lockInventory(file) as { release: () => void };
  const held = await run({ write: true });
  lock.release();
  expect([held.exit, held.text]).toEqual([1, INVENTORY]);
  expect(held.err).toContain('another podlift is changing the inventory');
});

it.each(['text', 'json'] as const)(
  'says last and on stderr that the file cannot be written, as %s, and ends with 2',
  async (format) => {
    writeFileSync(file, INVENTORY);
    chmodSync(file, 0o444);
    const { exit, out, err, text } = await run({ write: true, format }, { rewrite: false });
    expect([exit, text]).toEqual([2, INVENTORY]);
    expect(err).toContain('Nothing was written');
    expect(err).toContain(`chmod u+w ${file}`);
    if (format === 'text') expect(out).not.toMatch(/Nothing was written|Added to|Would be added/);
    else expect(reportOf({ out }).problem!.message).toContain('read-only');
  },
);

it('prints nothing behind the reason why nothing was written', async () => {
  writeFileSync(file, INVENTORY);
  chmodSync(file, 0o444);
  const { lines } = await run({ write: true }, { rewrite: false });
  expect(lines.at(-1)).toContain('Nothing was written');
});

it('says what blocks the whole cluster before anything else', async () => {
  const bare = INVENTORY.replace(`, oidc: { issuer: "${ISSUER}" }`, '');
  const { err } = await run({}, { text: bare, survey: foundOf([API, WEB]) });
  const place = (text: string) => err.indexOf(text);
  expect(place('First, before the next plan:')).toBeGreaterThan(0);
  expect(err).toContain(`oidc: { issuer: "${ISSUER}" }`);
  expect(place('First,')).toBeLessThan(place('left out: cluster-entry'));
  expect(place('left out: cluster-entry')).toBeLessThan(place('There is nothing to add'));
});

it('shows a service account of the inventory that still names another role, with what is to be done', async () => {
  const text = INVENTORY.replace(
    'workloads: {} # none yet',
    'workloads: { api: { stage: irsa, because: x, namespace: shop, serviceAccount: api, environments: [prod], permissions: {} } }',
  );
  const { err } = await run({}, { text, survey: foundOf([API]) });
  expect(err).toContain('left out: in-inventory (1)');
  expect(err).toContain('When arn:aws:iam::333333333333:role/prod-api exists, change the annotation to this role');
});

it.each([
  ['prod', 'clusters of prod: main'],
  ['dev', 'the inventory has none of dev yet'],
])('says where the clusters of %s are seen, and with whose credentials', async (environment, known) => {
  await expect(run({ environment, cluster: undefined })).rejects.toThrow(
    `${known}; clusters of its account:\nWith credentials of apps (333333333333):\naws eks list-clusters --region us-west-2`,
  );
});

it('prints the findings of an inventory that is not sound, and asks nothing', async () => {
  const { exit, err } = await run({}, { text: `${INVENTORY}colour: red\n` });
  expect(exit).toBe(1);
  expect(err).toContain('colour');
});

it('proposes a cluster that the inventory does not have, by its name', async () => {
  const { out } = await run({ cluster: 'other-cluster' });
  expect(out).toContain('other-cluster:\n        name: other-cluster\n');
});

it.each([
  ['an environment that is not there', { environment: 'prdo' }],
  ['no environment where there are several', { environment: undefined }],
  ['no cluster', { cluster: undefined }],
  ['a cluster by what cannot be its name', { cluster: 'arn:aws:eks:x' }],
])('refuses %s as wrong usage', async (_what, options) => {
  await expect(run(options)).rejects.toThrow(UsageError);
});
