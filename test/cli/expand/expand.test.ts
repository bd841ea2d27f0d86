import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expand, type ExpandOptions } from '../../../src/cli/commands/expand';
import { UsageError } from '../../../src/cli/exit';
import { loadInventory } from '../../../src/inventory/loadInventory';
import { agreedWorld, portsTo, type World } from '../../operations/agreedWorld';
import { serviceAccountOf } from '../../operations/facts';
import { PILOT, useFolder } from '../commandLine';

const ROLE_ANNOTATION = 'eks.amazonaws.com/role-arn';
const ROLE = 'arn:aws:iam::333333333333:role/prod-previews';
const PATTERN = 'subjects: [{ namespaces: "pr-*", serviceAccounts: app }]';
const PREVIEWS = `${PILOT}  previews:
    stage: dual
    because: every preview has the same data
    ${PATTERN}
    permissions: { statements: [{ actions: [s3:GetObject], resources: ["arn:aws:s3:::acme/*"] }] }
`;
const listed = (...namespaces: readonly string[]) =>
  namespaces.map((namespace) => `      - { namespace: ${namespace}, serviceAccount: app }\n`).join('');
const EXPANDED = (...namespaces: readonly string[]) => `expanded:\n  previews:\n    main:\n${listed(...namespaces)}`;

interface Case {
  readonly text?: string;
  /** The accounts of the cluster as `namespace/name`, with the role of their annotation. */
  readonly accounts: Readonly<Record<string, string | undefined>>;
  readonly change?: (world: World) => void;
  readonly flags?: Partial<ExpandOptions>;
}

const folder = useFolder();

/** Runs the command; gives its exit code, what it printed, and the inventory after it. */
async function run({ text = PREVIEWS, accounts, change = () => undefined, flags = {} }: Case) {
  const file = join(folder.path, 'inventory.yaml');
  writeFileSync(file, text);
  process.env.PODLIFT_INVENTORY = file;
  const world = agreedWorld(loadInventory(file).inventory!);
  world.associations = [];
  world.serviceAccounts = Object.fromEntries(
    Object.entries(accounts).map(([id, role]) => {
      const [namespace = '', name = ''] = id.split('/');
      return [id, serviceAccountOf(namespace, name, role === undefined ? {} : { [ROLE_ANNOTATION]: role })];
    }),
  );
  change(world);
  const printed: string[] = [];
  const log = jest.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line));
  const code = await expand({ environment: 'prod', format: 'text', ...flags }, () => portsTo(world));
  log.mockRestore();
  return { code, printed: printed.join('\n'), after: readFileSync(file, 'utf8'), asked: world.asked };
}

describe('podlift expand', () => {
  afterEach(() => {
    delete process.env.PODLIFT_INVENTORY;
  });

  it('shows what is new and writes nothing', async () => {
    const { code, printed, after } = await run({
      accounts: { 'pr-1/app': ROLE, 'pr-2/app': undefined, 'shop/app': ROLE },
    });
    expect(code).toBe(0);
    expect(printed).toContain('previews on main in prod (pr-*/app): 0 known, 2 new, 0 gone');
    expect(printed).toContain('npx podlift expand --environment prod --write');
    expect(printed).not.toContain('shop');
    expect(after).toBe(PREVIEWS);
  });

  it.each<[string, string, readonly string[], number]>([
    ['differs: something is new', PREVIEWS, ['pr-1'], 1],
    ['differs: something is gone', PREVIEWS + EXPANDED('pr-1', 'pr-2'), ['pr-1'], 1],
    ['is as the cluster', PREVIEWS + EXPANDED('pr-1'), ['pr-1'], 0],
  ])('with --check gives 1 where the map differs: it %s', async (_what, text, namespaces, expected) => {
    const accounts = Object.fromEntries(namespaces.map((one) => [`${one}/app`, ROLE]));
    expect(await run({ text, accounts, flags: { check: true } })).toMatchObject({ code: expected, after: text });
  });

  it('writes the new ones in the order of their names, and a second run writes nothing', async () => {
    const accounts = { 'pr-2/app': ROLE, 'pr-10/app': ROLE, 'pr-1/app': ROLE };
    const first = await run({ accounts, flags: { write: true } });
    expect(first).toMatchObject({ code: 0, after: PREVIEWS + EXPANDED('pr-1', 'pr-10', 'pr-2') });
    expect(first.printed).toContain('npx cdktf apply prod-identity');
    const second = await run({ text: first.after, accounts, flags: { write: true } });
    expect(second).toMatchObject({ code: 0, after: first.after });
  });

  it('keeps what is gone without --prune and says so, and removes it with --prune', async () => {
    const text = PREVIEWS + EXPANDED('pr-1', 'pr-2');
    const kept = await run({ text, accounts: { 'pr-2/app': ROLE, 'pr-3/app': ROLE }, flags: { write: true } });
    expect(kept.after).toBe(PREVIEWS + EXPANDED('pr-1', 'pr-2', 'pr-3'));
    expect(kept.printed).toContain('1 service account that is gone stays in expanded');
    expect(kept.printed).toContain('--write --prune');
    const pruned = await run({ text, accounts: { 'pr-2/app': ROLE }, flags: { write: true, prune: true } });
    expect(pruned).toMatchObject({ code: 0, after: PREVIEWS + EXPANDED('pr-2') });
  });

  it.each<[string, (world: World) => void, RegExp]>([
    [
      'gives no answer',
      (world) => (world.unanswered.serviceAccounts = 'denied'),
      /Could not read cluster main in prod/,
    ],
    [
      'does not answer for associations',
      (world) => (world.unanswered.associations = 'denied'),
      /Could not read cluster main/,
    ],
    [
      'is another one than the context leads to',
      (world) => (world.issuer = 'https://other'),
      /the context leads to another cluster/,
    ],
    ['does not exist', (world) => (world.clusters = {}), /there is no cluster prod-main/],
    [
      'lists no service account at all, which no cluster has',
      (world) => (world.serviceAccounts = {}),
      /the list of the service accounts of prod-main is empty/,
    ],
  ])('prunes nothing and adds nothing where the cluster %s', async (_what, change, message) => {
    const text = PREVIEWS + EXPANDED('pr-1');
    const { code, printed, after } = await run({
      text,
      accounts: { 'pr-2/app': ROLE },
      change,
      flags: { write: true, prune: true },
    });
    expect({ code, after }).toEqual({ code: 1, after: text });
    expect(printed).toMatch(message);
    expect(printed).toContain('Its lists stay as they are.');
  });

  const OTHER = 'arn:aws:iam::333333333333:role/other';
  it.each<[string, string, Partial<Case>, RegExp]>([
    [
      'another workload names',
      PREVIEWS.replace('namespace: production', 'namespace: pr-9').replace(
        'serviceAccount: orders-api',
        'serviceAccount: app',
      ),
      {},
      /pr-9\/app on main belongs to workload orders-api/,
    ],
    [
      'is annotated with another role',
      PREVIEWS,
      { accounts: { 'pr-1/app': ROLE, 'pr-9/app': OTHER } },
      /is annotated with another role, .*role\/other/,
    ],
    [
      'has an association with another role',
      PREVIEWS,
      {
        change: (world) =>
          (world.associations = [
            {
              id: 'a-1',
              namespace: 'pr-9',
              serviceAccount: 'app',
              roleArn: OTHER,
              disableSessionTags: false,
              tags: {},
            },
          ]),
      },
      /has an association with another role, .*role\/other/,
    ],
    [
      'a pattern of another workload admits, where no annotation decides',
      `${PREVIEWS}  nines:\n    stage: dual\n    because: test\n    subjects: [{ namespaces: "pr-9*", serviceAccounts: "*" }]\n`,
      { accounts: { 'pr-1/app': ROLE, 'pr-9/app': undefined } },
      /is also admitted by a pattern of workload nines/,
    ],
  ])('leaves out an account that %s, and names it', async (_what, text, more, message) => {
    const { code, printed, after } = await run({
      text,
      accounts: { 'pr-1/app': ROLE, 'pr-9/app': ROLE },
      flags: { write: true },
      ...more,
    });
    expect(code).toBe(0);
    expect(printed).toMatch(message);
    expect(after).toBe(text + EXPANDED('pr-1'));
  });

  const standing = (tags: Readonly<Record<string, string>>, roleArn = ROLE) => ({
    id: 'a-0123456789abcdefg',
    namespace: 'pr-9',
    serviceAccount: 'app',
    roleArn,
    disableSessionTags: false,
    tags,
  });

  it('leaves out an account whose association with the role others made, since an apply fails, and says what the inventory needs', async () => {
    const accounts = { 'pr-1/app': ROLE, 'pr-9/app': ROLE };
    const change = (world: World) => void (world.associations = [standing({})]);
    const left = await run({ accounts, change, flags: { write: true } });
    expect(left).toMatchObject({ code: 0, after: PREVIEWS + EXPANDED('pr-1') });
    expect(left.printed).toContain('pr-9/app on main: a-0123456789abcdefg');
    const [name = '', id = ''] = [/expanded\.previews\.main: (.*)/, /imports\.associations\.main: (.*)/].map(
      (line) => line.exec(left.printed)?.[1] ?? '',
    );
    // What is printed is what the inventory takes.
    const text =
      PREVIEWS.replace(PATTERN, `${PATTERN}\n    role: { imports: { associations: { main: ${id} } } }`) +
      `${EXPANDED('pr-1')}      - ${name}\n`;
    const after = await run({ text, accounts, change, flags: { check: true } });
    expect(after).toMatchObject({ code: 0 });
    expect(after.printed).not.toContain('Left out');
  });

  it('names the environment in what the inventory needs where several have a cluster of this key', async () => {
    const dev =
      '  dev:\n    account: apps\n    region: us-west-2\n    clusters:\n      main:\n        name: dev-main\n        version: "1.33"\n        oidc: { issuer: "https://oidc.eks.us-west-2.amazonaws.com/id/D1D1D1D1D1D1D1D1D1D1D1D1D1D1D1D1" }\n        agent: { version: v1.3.4-eksbuild.1 }\n';
    const { printed } = await run({
      text: PREVIEWS.replace('waves:\n', `${dev}waves:\n`),
      accounts: { 'pr-9/app': ROLE },
      change: (world) => (world.associations = [standing({})]),
    });
    expect(printed).toContain('expanded.previews.prod/main: {');
    expect(printed).toContain('workloads.previews.overrides.prod.role.imports.associations.main: {');
  });

  it.each<[string, string, Readonly<Record<string, string>>]>([
    ['podlift made for the environment', PREVIEWS, { 'podlift:environment': 'prod' }],
    [
      'another tool owns, as the entry says',
      PREVIEWS.replace(PATTERN, `${PATTERN}\n    association: { manage: external, as: ack }`),
      {},
    ],
  ])('writes an account whose association %s', async (_what, text, tags) => {
    const { after } = await run({
      text,
      accounts: { 'pr-9/app': ROLE },
      change: (world) => (world.associations = [standing(tags)]),
      flags: { write: true },
    });
    expect(after).toBe(text + EXPANDED('pr-9'));
  });

  const OWNED = PREVIEWS.replace(PATTERN, `${PATTERN}\n    association: { manage: external, as: ack }`);
  it.each<[string, string, RegExp, RegExp]>([
    ['an apply, at dual', PREVIEWS, /cdktf apply prod-identity/, /podlift association|step to dual/],
    [
      'the other tool that owns the associations',
      OWNED,
      /ACK owns the associations of previews.*podlift association previews --environment prod/s,
      /cdktf apply/,
    ],
    [
      'the step to dual, before it',
      PREVIEWS.replace('stage: dual\n    because: every', 'stage: prepared\n    because: every'),
      /previews is at prepared, which has no associations: the step to dual adds them/,
      /cdktf apply|podlift association/,
    ],
  ])('says that the associations come by %s', async (_what, text, expected, not) => {
    const { code, printed } = await run({ text, accounts: { 'pr-1/app': ROLE }, flags: { write: true } });
    expect(code).toBe(0);
    expect(printed).toMatch(expected);
    expect(printed).not.toMatch(not);
  });

  it('says that the other tool removes the associations of what was pruned', async () => {
    const flags = { write: true, prune: true };
    const text = OWNED + EXPANDED('pr-1', 'pr-2');
    const { printed } = await run({ text, accounts: { 'pr-1/app': ROLE }, flags });
    expect(printed).toContain('Remove the objects of those that are gone, and their associations, through ACK.');
  });

  it('gives an account that two patterns admit to the workload whose role its association names', async () => {
    const text = `${PREVIEWS}  nines:\n    stage: dual\n    because: test\n    subjects: [{ namespaces: "pr-9*", serviceAccounts: "*" }]\n`;
    const { after } = await run({
      text,
      accounts: { 'pr-9/app': undefined },
      change: (world) => (world.associations = [standing({ 'podlift:environment': 'prod' })]),
      flags: { write: true },
    });
    expect(after).toBe(text + EXPANDED('pr-9'));
  });

  it('says how to remove what is gone where --prune was given without --write', async () => {
    const text = PREVIEWS + EXPANDED('pr-1', 'pr-2');
    const { printed, after } = await run({ text, accounts: { 'pr-1/app': ROLE }, flags: { prune: true } });
    expect(after).toBe(text);
    expect(printed).toContain('npx podlift expand --environment prod --write --prune');
  });

  it('does not say that nothing is missing where an account was left out', async () => {
    const text = PREVIEWS + EXPANDED('pr-1');
    const { printed } = await run({ text, accounts: { 'pr-1/app': ROLE, 'pr-9/app': OTHER } });
    expect(printed).toContain('every service account that the patterns admit and that is not left out');
  });

  it('does not take an account that the workload names itself', async () => {
    const text = PREVIEWS.replace(PATTERN, PATTERN.replace('[', '[{ namespace: pr-1, serviceAccount: app }, '));
    expect(await run({ text, accounts: { 'pr-1/app': ROLE }, flags: { check: true } })).toMatchObject({ code: 0 });
  });

  it('writes into the file that has the map, and into no other', async () => {
    writeFileSync(join(folder.path, 'expanded.yaml'), '# found by podlift expand\nexpanded: {}\n');
    const text = PREVIEWS.replace('version: 1\n', 'version: 1\ninclude: [expanded.yaml]\n');
    expect(await run({ text, accounts: { 'pr-1/app': ROLE }, flags: { write: true } })).toMatchObject({
      code: 0,
      after: text,
    });
    expect(readFileSync(join(folder.path, 'expanded.yaml'), 'utf8')).toBe(
      `# found by podlift expand\n${EXPANDED('pr-1')}`,
    );
  });

  it('writes nothing where the cluster would have more associations than the quota', async () => {
    const text = PREVIEWS.replace(
      '    region: us-west-2\n',
      '    region: us-west-2\n    quotas: { associationsPerCluster: 2 }\n',
    );
    const few = await run({ text, accounts: { 'pr-1/app': ROLE }, flags: { write: true } });
    expect(few.code).toBe(0);
    const many = await run({ text, accounts: { 'pr-1/app': ROLE, 'pr-2/app': ROLE }, flags: { write: true } });
    expect(many).toMatchObject({ code: 1, after: text });
    expect(many.printed).toMatch(/3 associations on a cluster .* exceed the quota of 2/);
    expect(many.printed).toContain('Nothing was written');
  });

  it('takes no name that Kubernetes does not have', async () => {
    const accounts = { 'pr-1: []\n  api/app': ROLE, 'pr-${x}/app': ROLE, 'pr-1/app': ROLE };
    const { after } = await run({ accounts, flags: { write: true } });
    expect(after).toBe(PREVIEWS + EXPANDED('pr-1'));
  });

  it('refuses flags that do not go together', async () => {
    await expect(run({ accounts: {}, flags: { write: true, check: true } })).rejects.toThrow(UsageError);
    await expect(run({ accounts: {}, flags: { write: true, estate: 'x' } })).rejects.toThrow(UsageError);
  });

  it('asks only clusters with patterns, and says where there are none', async () => {
    const { code, printed, asked } = await run({ text: PILOT, accounts: { 'pr-1/app': ROLE } });
    expect({ code, asked }).toEqual({ code: 0, asked: [] });
    expect(printed).toBe('No workload of prod has service accounts by pattern.');
  });

  it('has everything in its document', async () => {
    const { printed } = await run({
      text: PREVIEWS + EXPANDED('pr-1', 'pr-2'),
      accounts: { 'pr-2/app': ROLE, 'pr-3/app': ROLE },
      flags: { format: 'json' },
    });
    expect(JSON.parse(printed)).toMatchObject({
      format: 'podlift.expand/1',
      environments: ['prod'],
      differs: true,
      written: [],
      workloads: [
        {
          environment: 'prod',
          workload: 'previews',
          cluster: 'main',
          kept: [{ namespace: 'pr-2', serviceAccount: 'app' }],
          added: [{ namespace: 'pr-3', serviceAccount: 'app' }],
          gone: [{ namespace: 'pr-1', serviceAccount: 'app' }],
          left: [],
        },
      ],
      unread: [],
    });
  });
});
