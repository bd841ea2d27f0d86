import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import fc from 'fast-check';
import { compileLoaded } from '../../src/blueprint/compileLoaded';
import type { Blueprint } from '../../src/blueprint/Blueprint';
import { loadInventory } from '../../src/inventory/loadInventory';
import { literal } from '../../modules/literal';
import { App } from '../../modules/cdktf';
import { addStacks } from '../../stacks/addStacks';
import { rootFiles } from '../../stacks/rootFiles';
import { type Root, roots } from '../../stacks/roots';

const EXAMPLES = [
  'inventory.yaml',
  'examples/association.yaml',
  'examples/external-role.yaml',
  'examples/resource-policy.yaml',
  'examples/shared-role.yaml',
  'examples/controllers.yaml',
  'examples/patterns/inventory.yaml',
  'examples/existing-estate/inventory.yaml',
];

const blueprintsOf = (file: string): readonly Blueprint[] => compileLoaded(loadInventory(file)).blueprints;
const rootsOf = (file: string, out = '/repo/roots') => roots(blueprintsOf(file), { out, home: '/repo' });
const mainOf = (root: Root) => JSON.parse(root.files.get('main.tf.json')!);

describe.each(EXAMPLES)('the roots of %s', (file) => {
  it('say what cdktf synth says, but for paths, metadata and the form of texts', () => {
    const blueprints = blueprintsOf(file);
    const outdir = mkdtempSync(join(tmpdir(), 'podlift-roots-'));
    try {
      const app = new App({ outdir, stackTraces: false });
      for (const one of blueprints) addStacks(app, one, { files: [] });
      app.synth();
      const own = roots(blueprints, { out: outdir, home: process.cwd() });
      expect(own.length).toBeGreaterThan(0);
      for (const root of own) {
        const cdktf = JSON.parse(readFileSync(join(outdir, 'stacks', root.name, 'cdk.tf.json'), 'utf8'));
        expect(meaningOf(mainOf(root), root)).toEqual(meaningOf(cdktf));
      }
    } finally {
      rmSync(outdir, { recursive: true });
    }
  });

  it('name no path of a machine and no metadata, and read each policy document from a file', () => {
    for (const { files } of rootsOf(file)) {
      const text = [...files.values()].join('\n');
      expect(text).not.toMatch(/"\/\/"|\/repo\/|TfToken|cdktf/);
      expect(text).not.toContain(process.cwd());
      for (const [path, content] of files) {
        expect(isAbsolute(path)).toBe(false);
        if (path === 'main.tf.json') continue;
        expect(dirname(path)).toBe('policies');
        expect(files.get('main.tf.json')).toContain(`file(\\"\${path.module}/${path}\\")`);
        expect(content).toBe(`${JSON.stringify(JSON.parse(content), null, 2)}\n`);
      }
    }
  });

  it('are the same text each time, wherever the folder is', () => {
    const texts = (all: readonly Root[]) => all.map(({ name, files }) => [name, ...files]);
    expect(texts(rootsOf(file))).toEqual(texts(rootsOf(file)));
    expect(texts(roots(blueprintsOf(file), { out: '/other/place', home: '/other' }))).toEqual(
      texts(roots(blueprintsOf(file), { out: '/repo/place', home: '/repo' })),
    );
  });
});

/** A mapping with its keys in the opposite order, at every depth; lists keep theirs. */
function turned(value: any): any {
  if (Array.isArray(value)) return value.map(turned);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, one]) => [key, turned(one)]),
  );
}

describe('the order of the keys in an inventory', () => {
  // Three clusters in three regions, two targets, an entry that is released: whatever the file lists is in a root.
  const cluster = (name: string, region: string, letter: string) => ({
    name: `prod-${name}`,
    region,
    version: '1.33',
    oidc: { issuer: `https://oidc.eks.${region}.amazonaws.com/id/${letter.repeat(32)}` },
    agent: { version: 'v1.3.4-eksbuild.1' },
    kubernetes: { context: `prod-${name}` },
  });
  const statements = (action: string) => ({ statements: [{ actions: [action], resources: ['arn:aws:s3:::acme/*'] }] });
  const workload = (name: string) => ({
    wave: 'first',
    namespace: 'shop',
    serviceAccount: name,
    permissions: statements('s3:GetObject'),
  });
  const inventory = {
    version: 1,
    accounts: { apps: { id: '333333333333' }, data: { id: '444444444444' }, logs: { id: '555555555555' } },
    environments: {
      prod: {
        account: 'apps',
        region: 'us-west-2',
        tags: { team: 'platform', cost: 'shop' },
        clusters: {
          main: cluster('main', 'us-west-2', 'A'),
          batch: cluster('batch', 'eu-west-1', 'B'),
          apac: cluster('apac', 'ap-south-1', 'C'),
        },
      },
    },
    waves: { first: { stages: { prod: 'dual' } } },
    workloads: {
      'orders-api': {
        ...workload('orders-api'),
        targets: {
          ledger: { account: 'data', permissions: statements('dynamodb:Query') },
          archive: { account: 'logs', permissions: statements('s3:ListBucket') },
          audit: { account: 'data', permissions: statements('s3:PutObject') },
        },
      },
      billing: workload('billing'),
      legacy: { ...workload('legacy'), released: true },
    },
  };

  it('changes no file of the roots', () => {
    const folder = mkdtempSync(join(tmpdir(), 'podlift-order-'));
    const texts = (document: object) => {
      const file = join(folder, 'inventory.yaml');
      writeFileSync(file, JSON.stringify(document));
      const { blueprints, findings } = compileLoaded(loadInventory(file));
      expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
      const all = roots(blueprints, { out: '/repo/roots', home: '/repo' });
      return Object.fromEntries(
        all.flatMap(({ name, files }) => [...files].map(([path, text]) => [`${name}/${path}`, text])),
      );
    };
    try {
      const written = texts(inventory);
      expect(Object.keys(written).length).toBeGreaterThan(10);
      expect(texts(turned(inventory))).toEqual(written);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('the step from irsa to prepared', () => {
  /** How often each line stands in the roots of an example whose wave is at a stage, by file and line, without the comma at its end. */
  const linesAt = (stage: string) => {
    const folder = mkdtempSync(join(tmpdir(), 'podlift-step-'));
    try {
      const file = join(folder, 'inventory.yaml');
      const text = readFileSync('examples/atlantis/inventory.yaml', 'utf8');
      writeFileSync(file, text.replace('stages: { prod: dual }', `stages: { prod: ${stage} }`));
      const lines = new Map<string, number>();
      for (const { name, files } of rootsOf(file))
        for (const [path, content] of files)
          for (const line of content.split('\n')) {
            const key = `${name}/${path}: ${line.replace(/,$/, '')}`;
            lines.set(key, (lines.get(key) ?? 0) + 1);
          }
      return lines;
    } finally {
      rmSync(folder, { recursive: true });
    }
  };
  const more = (one: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>) =>
    [...one].flatMap(([line, count]) => Array<string>(Math.max(0, count - (other.get(line) ?? 0))).fill(line));

  it('is a diff of a few lines: one statement for each role, and the agent of the cluster', () => {
    const [before, after] = [linesAt('irsa'), linesAt('prepared')];
    expect(more(before, after)).toEqual([]);
    const added = more(after, before).map((line) => line.slice(0, line.indexOf(':')));
    const counts = [...new Set(added)].map((file) => [file, added.filter((one) => one === file).length]);
    expect(Object.fromEntries(counts)).toEqual({
      'prod-identity/main.tf.json': 12,
      'prod-identity/policies/prod-orders-api.trust.json': 18,
      'prod-targets-data/policies/prod-orders-api-ledger.trust.json': 21,
    });
  });
});

describe('a root', () => {
  const prod = () => rootsOf('inventory.yaml').find(({ name }) => name === 'prod-service-accounts-main')!;

  it('takes the kubeconfig as a variable with the usual default', () => {
    const main = mainOf(prod());
    expect(main.provider.kubernetes).toEqual([{ config_context: 'prod-main', config_path: '${var.kubeconfig}' }]);
    expect(main.variable.kubeconfig).toMatchObject({ type: 'string', default: '~/.kube/config' });
  });

  it('names its providers by their whole source, and the Terraform that it needs', () => {
    for (const root of rootsOf('inventory.yaml')) {
      const { required_providers: providers, required_version } = mainOf(root).terraform;
      for (const [name, { source }] of Object.entries<{ source: string }>(providers))
        expect(source).toBe(`hashicorp/${name}`);
      expect(required_version).toBe('>= 1.10.0');
    }
  });

  it('has its local state beside the project, relative to its own folder', () => {
    const all = roots(blueprintsOf('inventory.yaml'), {
      out: '/repo/a/roots',
      home: '/repo',
      stateDirectory: '/repo/s',
    });
    expect(mainOf(all[0]!).terraform.backend).toEqual({ local: { path: '../../../s/dev-identity.tfstate' } });
  });

  it('comes after the stacks with the roles that it names', () => {
    expect(prod().dependencies).toEqual(['prod-identity']);
  });
});

describe('texts of a root', () => {
  const rootWith = (policy: object, description: string) =>
    rootFiles({
      terraform: {},
      resource: {
        aws_iam_role: {
          a: {
            name: 'Trust',
            assume_role_policy: literal(JSON.stringify(policy)),
            description: literal(description),
          },
        },
        aws_iam_role_policy: {
          b: { role: '${aws_iam_role.a.name}', name: 'trust', policy: literal(JSON.stringify(policy)) },
        },
      },
    });

  it('IAM variables stand raw in policy files, and with a double dollar in main.tf.json', () => {
    const files = rootWith({ Resource: 'arn:aws:s3:::b/${aws:PrincipalTag/team}' }, 'of ${aws:username} at 5%{x}');
    expect(files.get('policies/Trust.trust.json')).toContain('"arn:aws:s3:::b/${aws:PrincipalTag/team}"');
    expect(files.get('main.tf.json')).toContain('"of $${aws:username} at 5%%{x}"');
  });

  it('two documents never have one file, also where capitals do not count', () => {
    const files = [...rootWith({ Version: '2012-10-17' }, '').keys()];
    expect(files).toEqual(['main.tf.json', 'policies/Trust.trust-2.json', 'policies/Trust.trust.json']);
  });

  it('lists of texts are sorted, and lists of statements keep their order', () => {
    const document = {
      Statement: [
        { Sid: 'B', Action: ['s3:Put', 's3:Get'] },
        { Sid: 'A', Action: 's3:*' },
      ],
    };
    expect(JSON.parse(rootWith(document, '').get('policies/Trust.trust.json')!)).toEqual({
      Statement: [
        { Action: ['s3:Get', 's3:Put'], Sid: 'B' },
        { Action: 's3:*', Sid: 'A' },
      ],
    });
  });

  it('Terraform reads every text as it was meant', () => {
    const text = fc.array(
      fc.constantFrom('$', '%', '{', '}', '"', '#', '&', 'e', '1', '+', 'TfToken[', 'a', '${"$"}', 'aws:x'),
    );
    fc.assert(
      fc.property(text, (parts) => {
        const meant = parts.join('');
        const main = JSON.parse(rootWith({}, meant).get('main.tf.json')!);
        expect(evaluated(main.resource.aws_iam_role.a.description)).toBe(meant);
      }),
      { numRuns: 2000 },
    );
  });
});

/** A template of Terraform with no expressions but quoted texts. */
function evaluated(template: string): string {
  return template.replace(/\$\{"([^"]*)"\}|\$\$\{|%%\{/g, (escape: string, quoted: string | undefined) => {
    return quoted ?? escape.slice(1);
  });
}

/** What a stack says: without metadata, with evaluated texts, and with policy documents as they are compared by IAM. */
function meaningOf(stack: any, root?: Root): unknown {
  const { terraform, variable: _variable, provider, '//': _metadata, ...rest } = stack;
  const { backend, required_version: _version, ...other } = terraform;
  const kubernetes = provider.kubernetes?.map(({ config_path: _path, ...one }: any) => one);
  // The order of these blocks means nothing to Terraform.
  const byText = (blocks: any[] = []) => blocks.map((one) => JSON.stringify(plain(one, root))).sort();
  return plain(
    {
      ...rest,
      import: byText(rest.import),
      removed: byText(rest.removed),
      terraform: other,
      provider: { ...provider, kubernetes },
      backend: backend.local === undefined ? backend : 'local',
    },
    root,
  );
}

function plain(value: any, root: Root | undefined): unknown {
  if (typeof value === 'string') {
    const file = /^\$\{file\("\$\{path\.module\}\/(.*)"\)\}$/.exec(value)?.[1];
    const text = file === undefined ? evaluated(value) : root!.files.get(file)!;
    return text.startsWith('{') ? asSets(JSON.parse(text)) : text;
  }
  if (Array.isArray(value)) return value.map((one) => plain(one, root));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, one]) => (key === '//' ? [] : [[evaluated(key), plain(one, root)]])),
  );
}

function asSets(value: any): unknown {
  if (Array.isArray(value))
    return value.every((one) => typeof one === 'string') ? [...value].sort() : value.map(asSets);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, asSets(one)]));
}
