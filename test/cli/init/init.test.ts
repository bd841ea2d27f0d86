import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { init, type InitOptions, type InitWorld } from '../../../src/cli/commands/init';
import { UsageError } from '../../../src/cli/exit';
import { compileLoaded } from '../../../src/blueprint/compileLoaded';
import { loadInventory } from '../../../src/inventory/loadInventory';
import { SCHEMA_ID } from '../../../src/inventory/schema/generatedPages';
import { provenBlueprints } from '../../../src/operations/provenBlueprints';
import { useFolder } from '../commandLine';

const NONE: InitOptions = { yes: false, cdktf: true, discover: false };
const YES: InitOptions = { ...NONE, yes: true };
const REAL = { account: '123456789012', region: 'eu-central-1', cluster: 'Main_EU' } as const;
const ISSUER = 'https://oidc.eks.eu-central-1.amazonaws.com/id/A1B2';

describe('podlift init', () => {
  const folder = useFolder();
  let said: string[];
  const before = { ...process.env };

  beforeEach(() => {
    said = [];
    const say = (text: unknown) => void said.push(String(text));
    jest.spyOn(console, 'log').mockImplementation(say);
    jest.spyOn(console, 'error').mockImplementation(say);
    delete process.env.PODLIFT_ENVIRONMENT;
    process.env.PODLIFT_INVENTORY = join(folder.path, 'inventory.yaml');
  });
  afterEach(() => {
    jest.restoreAllMocks();
    process.env = { ...before };
  });

  const noCluster: InitWorld['discover'] = () => Promise.reject(new Error('nobody asked for the cluster'));
  const run = (options: InitOptions, world: Partial<InitWorld> = {}) =>
    init(options, { cwd: folder.path, discover: noCluster, ...world });
  const text = (path: string) => readFileSync(join(folder.path, path), 'utf8');
  const write = (path: string, content: string) => {
    mkdirSync(join(folder.path, path, '..'), { recursive: true });
    writeFileSync(join(folder.path, path), content);
  };
  const loaded = (path = 'inventory.yaml') => loadInventory(join(folder.path, path));
  const findings = (path?: string) => compileLoaded(loaded(path)).findings.map(({ rule }) => rule);
  /** Answers the questions one after the other; gives the questions. */
  const person = (...answers: readonly string[]) => {
    const questions: string[] = [];
    const ask = (question: string) => Promise.resolve(answers[questions.push(question) - 1] ?? 'NO ANSWER');
    return { questions, ask };
  };

  it('writes an example with --yes that has no finding and whose proof passes', async () => {
    expect(await run(YES)).toBe(0);
    expect(findings()).toEqual([]);
    expect(provenBlueprints(loaded(), { proof: true })).toEqual({ findings: [], blueprints: [expect.anything()] });
    expect(loaded().inventory).toMatchObject({ environments: [{ key: 'prod', workloads: [{ stage: 'irsa' }] }] });
    expect(said.join('\n')).toContain('podlift sandbox -- npx podlift plan');
  });

  it.each([
    ['us-gov-west-1', 'aws-us-gov'],
    ['cn-north-1', 'aws-cn'],
  ])('writes an example with --yes for %s', async (region, partition) => {
    expect(await run({ ...YES, region })).toBe(0);
    expect(findings()).toEqual([]);
    expect(loaded().inventory?.environments[0]).toMatchObject({ region, partition });
  });

  it('writes the values of the options in place of those of the example', async () => {
    const values = { ...REAL, environment: 'live', issuer: ISSUER, kubernetesVersion: '1.34' };
    await run({ ...YES, ...values });
    expect(findings()).toEqual([]);
    expect(loaded().inventory?.environments[0]).toMatchObject({
      ...{ key: 'live', region: 'eu-central-1', account: { id: '123456789012' } },
      clusters: [{ key: 'main-eu', name: 'Main_EU', version: '1.34', oidc: { issuer: ISSUER } }],
    });
  });

  it('leaves the cluster to discover without its issuer, and prints that command first', async () => {
    expect(await run({ ...NONE, ...REAL })).toBe(0);
    expect(loaded().inventory?.environments).toMatchObject([{ key: 'prod', clusters: [] }]);
    expect(findings()).toEqual(['no-workloads']);
    const commands = said.join('\n').match(/^ {2}npx .*$/gm);
    expect(commands?.[0]).toBe('  npx podlift discover --environment prod --cluster Main_EU --write');
  });

  it('writes the cluster with its issuer and its version', async () => {
    await run({ ...NONE, ...REAL, issuer: ISSUER, kubernetesVersion: '1.34' });
    expect(loaded().inventory?.environments[0]?.clusters).toMatchObject([{ key: 'main-eu', oidc: { issuer: ISSUER } }]);
  });

  it.each([['true'], ['123'], ['1e3'], ['null'], ['no']])(
    'reads the environment and the cluster %s as names',
    async (name) => {
      await run({ ...NONE, ...REAL, cluster: name, environment: name, issuer: ISSUER, kubernetesVersion: '1.30' });
      expect(loaded().inventory?.environments[0]).toMatchObject({ key: name, clusters: [{ key: name, name }] });
    },
  );

  describe('without a terminal', () => {
    it.each<[string, Partial<InitOptions>, string | RegExp]>([
      ['names all options that are missing', {}, /add --account ID --region REGION --cluster NAME\. Or add --yes/],
      ['names the one that is missing', { account: '123456789012', cluster: 'a' }, /add --region REGION\. /],
      ['wants the version with an issuer', { ...REAL, issuer: ISSUER }, /add --kubernetes-version VERSION\. /],
      [
        'wants an issuer with the version',
        { ...REAL, kubernetesVersion: '1.33' },
        /--kubernetes-version needs --issuer/,
      ],
      ['checks the account', { account: '12345' }, '--account: "12345" is not an account id: twelve digits'],
      ['checks the region', { region: 'us-east' }, /^--region: "us-east" is not a region: /],
      ['checks the environment', { environment: 'Prod' }, /^--environment: "Prod" is not a key: /],
      [
        'checks the cluster',
        { yes: true, cluster: 'arn:aws:eks:x' },
        /^--cluster: "arn:aws:eks:x" is not an EKS cluster's/,
      ],
      [
        'checks the issuer',
        { yes: true, issuer: 'https://example.com' },
        /^--issuer: "https:\/\/example.com" is not the OIDC/,
      ],
      [
        'wants a real cluster for --discover',
        { yes: true, discover: true },
        /add --account ID --region REGION --cluster NAME$/,
      ],
    ])('%s, and writes nothing', async (_, options, message) => {
      await expect(run({ ...NONE, ...options })).rejects.toThrow(UsageError);
      await expect(run({ ...NONE, ...options })).rejects.toThrow(message);
      expect(existsSync(join(folder.path, 'inventory.yaml'))).toBe(false);
      expect(existsSync(join(folder.path, '.gitignore'))).toBe(false);
    });
  });

  describe('on a terminal', () => {
    it('asks for what the options do not say, and again after a wrong answer', async () => {
      const { questions, ask } = person('12', '123456789012', '', 'main', ISSUER, '1.33', 'jenkins', 'gitlab', '');
      const ended = jest.fn();
      expect(await run({ ...NONE, region: 'eu-central-1' }, { ask, endQuestions: ended })).toBe(0);
      expect(questions).toEqual([
        'The id of the AWS account: ',
        '"12" is not an account id: twelve digits\nThe id of the AWS account: ',
        'The name of the environment (prod): ',
        'The name of the cluster in EKS: ',
        'The OIDC issuer of the cluster (empty: `podlift discover` reads it): ',
        'The Kubernetes version of the cluster: ',
        'Files for CI: github, gitlab or none (none): ',
        'Files for CI: github, gitlab or none (none): ',
        'Read the cluster now, with your AWS credentials? yes or no (no): ',
      ]);
      expect(loaded().inventory?.environments[0]).toMatchObject({
        key: 'prod',
        clusters: [{ name: 'main', version: '1.33' }],
      });
      expect(existsSync(join(folder.path, '.gitlab-ci.yml'))).toBe(true);
      expect(ended).toHaveBeenCalledTimes(1);
    });

    it('asks for no version where discover reads the issuer', async () => {
      const { questions, ask } = person('', 'none', 'no');
      await run({ ...NONE, ...REAL, environment: 'live' }, { ask });
      expect(questions).toHaveLength(3);
    });

    it('asks nothing where the inventory exists', async () => {
      write('inventory.yaml', 'version: 1\n');
      const { questions, ask } = person();
      expect(await run(NONE, { ask })).toBe(0);
      expect(questions).toEqual([]);
    });

    it('writes nothing where the input ends before the last answer', async () => {
      const ended = jest.fn();
      const ask = () => Promise.reject(new UsageError('the input ended'));
      await expect(run(NONE, { ask, endQuestions: ended })).rejects.toThrow('the input ended');
      expect(existsSync(join(folder.path, '.gitignore'))).toBe(false);
      expect(ended).toHaveBeenCalledTimes(1);
    });
  });

  describe('and discover', () => {
    const read = (code: number) => jest.fn<Promise<number>, [unknown]>(() => Promise.resolve(code));

    it('reads the cluster of the new inventory', async () => {
      const discover = read(0);
      expect(await run({ ...NONE, ...REAL, discover: true }, { discover })).toBe(0);
      expect(discover).toHaveBeenCalledWith({ environment: 'prod', cluster: 'Main_EU', write: true, format: 'text' });
      expect(said.join('\n')).not.toContain('npx podlift discover');
    });

    it('reads it in place of an example with --yes', async () => {
      await run({ ...YES, ...REAL, discover: true }, { discover: read(0) });
      expect(loaded().inventory?.environments).toMatchObject([{ clusters: [], workloads: [] }]);
    });

    it('says how to continue where the cluster could not be read, with the exit code of discover', async () => {
      expect(await run({ ...NONE, ...REAL, discover: true }, { discover: read(1) })).toBe(1);
      expect(said.at(-1)).toContain('  npx podlift discover --environment prod --cluster Main_EU --write');
    });

    it('reads a cluster into an inventory that exists', async () => {
      write('inventory.yaml', 'version: 1\n');
      const discover = read(0);
      await run({ ...NONE, cluster: 'other', discover: true }, { discover });
      expect(discover).toHaveBeenCalledWith(expect.objectContaining({ environment: undefined, cluster: 'other' }));
      await expect(run({ ...NONE, discover: true }, { discover })).rejects.toThrow('add --cluster NAME');
    });
  });

  describe('the files around the inventory', () => {
    it('are the app of cdktf and its configuration', async () => {
      await run(YES);
      expect(text('main.ts')).toMatch(/^\/\/ .*\nimport 'podlift\/main';\n$/);
      expect(JSON.parse(text('cdktf.json'))).toMatchObject({
        language: 'typescript',
        app: 'node --import tsx main.ts',
      });
      expect(said.join('\n')).toContain('Only cdktf needs main.ts and cdktf.json.');
    });

    it('leave out those of cdktf with --no-cdktf', async () => {
      await run({ ...YES, cdktf: false });
      expect([existsSync(join(folder.path, 'main.ts')), existsSync(join(folder.path, 'cdktf.json'))]).toEqual([
        false,
        false,
      ]);
      expect(said.join('\n')).not.toContain('cdktf');
    });

    it('name another inventory in the app of cdktf, before podlift is loaded', async () => {
      process.env.PODLIFT_INVENTORY = join(folder.path, "team's", 'pods.yaml');
      await run(YES);
      expect(findings("team's/pods.yaml")).toEqual([]);
      expect(text('main.ts')).toMatch(
        /^\/\/ .*\nprocess\.env\.PODLIFT_INVENTORY \?\?= 'team\\'s\/pods\.yaml';\nvoid import\('podlift\/main'\);\n$/,
      );
    });

    it('never overwrite: what exists stays, is named, and the others are written', async () => {
      const own = { 'inventory.yaml': 'mine: 1\n', 'cdktf.json': '{}', '.github/workflows/podlift.yml': 'mine' };
      for (const [path, content] of Object.entries(own)) write(path, content);
      symlinkSync('nowhere.ts', join(folder.path, 'main.ts'));
      expect(await run({ ...YES, ci: 'github' })).toBe(0);
      for (const [path, content] of Object.entries(own)) {
        expect(text(path)).toBe(content);
        expect(said.join('\n')).toContain(`${path}: exists, not changed`);
      }
      expect(existsSync(join(folder.path, 'nowhere.ts'))).toBe(false);
      expect(said.join('\n')).toContain('.gitignore: 10 entries added');
    });

    it.each([
      ['main.ts', 'console.log(1);\n', 'cdktf.json', 'cdktf.json: not written; main.ts is another program; '],
      ['cdktf.json', '{"app":"go run ."}', 'main.ts', 'main.ts: not written; cdktf.json has its own app; '],
    ])('leave out the other one of the app of cdktf beside a %s of others', async (own, content, other, line) => {
      write(own, content);
      expect(await run(YES)).toBe(0);
      expect([text(own), existsSync(join(folder.path, other))]).toEqual([content, false]);
      expect(said[0]).toContain(line);
      expect(said[0]).toContain('`addStacks`');
    });

    it('are complete again when one of the app of cdktf is lost', async () => {
      await run(YES);
      rmSync(join(folder.path, 'cdktf.json'));
      expect(await run(YES)).toBe(0);
      expect(existsSync(join(folder.path, 'cdktf.json'))).toBe(true);
    });

    it.each([
      ['a .gitignore that is a folder', '.gitignore/a', /^\.gitignore cannot be written: .* is not a file$/],
      [
        'a .github that is a file',
        '.github',
        /^\.github\/workflows\/podlift\.yml cannot be written: .*\.github is not a folder$/,
      ],
    ])('are none at all where one cannot be written: %s', async (_, path, message) => {
      write(path, 'mine');
      await expect(run({ ...YES, ci: 'github' })).rejects.toThrow(UsageError);
      await expect(run({ ...YES, ci: 'github' })).rejects.toThrow(message);
      expect(readdirSync(folder.path)).toEqual([path.split('/')[0]]);
    });

    it.each<[string, string, RegExp]>([
      ['a folder', 'inventories', /inventories is a folder: name the file of the inventory$/],
      ['a path with / at its end', 'other/', /other\/ is a folder: name the file of the inventory$/],
      [
        'a link to nowhere',
        'link.yaml',
        /link\.yaml is a link to a file that does not exist: create this file, or remove the link$/,
      ],
    ])('are none where the inventory is %s', async (_, path, message) => {
      mkdirSync(join(folder.path, 'inventories'));
      symlinkSync('nowhere.yaml', join(folder.path, 'link.yaml'));
      process.env.PODLIFT_INVENTORY = `${folder.path}/${path}`;
      await expect(run(YES)).rejects.toThrow(UsageError);
      await expect(run(YES)).rejects.toThrow(message);
      expect(readdirSync(folder.path)).toEqual(['inventories', 'link.yaml']);
    });

    it('leave a .gitignore that is a link: its file can be anywhere', async () => {
      write('elsewhere', 'dist\n');
      symlinkSync('elsewhere', join(folder.path, '.gitignore'));
      await run(YES);
      expect(text('elsewhere')).toBe('dist\n');
      expect(said.join('\n')).toContain('.gitignore: a link, not changed');
    });

    it('stay the same when init runs again', async () => {
      await run({ ...YES, ci: 'gitlab' });
      const paths = ['inventory.yaml', 'main.ts', 'cdktf.json', '.gitignore', '.gitlab-ci.yml'];
      const first = paths.map(text);
      expect(await run({ ...YES, ci: 'gitlab' })).toBe(0);
      expect(paths.map(text)).toEqual(first);
    });

    it.each([
      ['an empty one', '', /^# podlift\nnode_modules\/\n/],
      ['one without a last line end', 'dist', /^dist\n\n# podlift\nnode_modules\/\n/],
      [
        'one with entries in another form',
        '/node_modules\n.terraform\n',
        /^\/node_modules\n\.terraform\n\n# podlift\ncdktf\.out\/\n/,
      ],
      ['one with the line ends of Windows', 'dist\r\n', /^dist\r\n\r\n# podlift\r\nnode_modules\/\r\n/],
    ])('add to .gitignore, also to %s', async (_, ignored, expected) => {
      write('.gitignore', ignored);
      await run(YES);
      expect(text('.gitignore')).toMatch(expected);
      const lines = text('.gitignore')
        .split(/\r?\n/)
        .map((line) => line.replace(/^\/|\/$/g, ''))
        .filter((line) => line !== '');
      expect(new Set(lines).size).toBe(lines.length);
    });

    it.each([
      ['the address of the schema without the package', undefined, SCHEMA_ID],
      ['the schema of the package', '.', './node_modules/podlift/schema/inventory.schema.json'],
      ['the schema of a package above', '..', '../node_modules/podlift/schema/inventory.schema.json'],
    ])('begin with %s', async (_, place, schema) => {
      const cwd = join(folder.path, 'infra');
      mkdirSync(cwd);
      process.env.PODLIFT_INVENTORY = join(cwd, 'inventory.yaml');
      if (place !== undefined) write(join('infra', place, 'node_modules/podlift/schema/inventory.schema.json'), '{}');
      await run(YES, { cwd });
      expect(text('infra/inventory.yaml').split('\n')[0]).toBe(`# yaml-language-server: $schema=${schema}`);
    });
  });

  describe('the files of CI', () => {
    const checks = ['npx podlift validate', 'npx podlift check --base', 'npx podlift prove'];

    it('validate, check and prove on a pull request of GitHub', async () => {
      await run({ ...YES, ci: 'github' });
      const workflow = parse(text('.github/workflows/podlift.yml')) as {
        on: string;
        permissions: object;
        jobs: { inventory: { steps: { run?: string; with?: object }[] } };
      };
      expect([workflow.on, workflow.permissions]).toEqual(['pull_request', { contents: 'read' }]);
      const steps = workflow.jobs.inventory.steps;
      expect(steps[0]).toMatchObject({ with: { 'fetch-depth': 0 } });
      expect(steps.flatMap(({ run: command }) => command ?? [])).toEqual([
        'npm ci --ignore-scripts',
        ...checks.map((check) => expect.stringContaining(check) as string),
      ]);
    });

    it('validate, check and prove on a merge request of GitLab', async () => {
      await run({ ...YES, ci: 'gitlab' });
      expect(parse(text('.gitlab-ci.yml'))).toEqual({ include: [{ local: '.gitlab/podlift.gitlab-ci.yml' }] });
      const { podlift } = parse(text('.gitlab/podlift.gitlab-ci.yml')) as {
        podlift: { script: string[]; variables: object };
      };
      expect(podlift.variables).toEqual({ GIT_DEPTH: '0' });
      expect(podlift.script).toEqual([
        'npm ci --ignore-scripts',
        ...checks.map((check) => expect.stringContaining(check) as string),
      ]);
    });

    it('say what to add to the jobs that GitLab has', async () => {
      write('.gitlab-ci.yml', 'test: { script: [true] }\n');
      await run({ ...YES, ci: 'gitlab' });
      expect(text('.gitlab-ci.yml')).toBe('test: { script: [true] }\n');
      expect(said[0]).toContain(
        '.gitlab-ci.yml: exists, not changed; add the job to it:\n    include:\n      - local: .gitlab/podlift.gitlab-ci.yml',
      );
    });

    it('are at the root of the repository, and work in the folder and with the inventory of podlift', async () => {
      const cwd = join(folder.path, 'infra/eks');
      mkdirSync(cwd, { recursive: true });
      mkdirSync(join(folder.path, '.git'));
      process.env.PODLIFT_INVENTORY = join(cwd, 'pods.yaml');
      await run({ ...YES, ci: 'github' }, { cwd });
      await run({ ...YES, ci: 'gitlab' }, { cwd });
      const { jobs } = parse(text('.github/workflows/podlift.yml')) as { jobs: { inventory: unknown } };
      expect(jobs.inventory).toMatchObject({
        env: { PODLIFT_INVENTORY: 'pods.yaml' },
        defaults: { run: { 'working-directory': 'infra/eks' } },
        steps: [{}, { with: { 'cache-dependency-path': 'infra/eks/package-lock.json' } }, {}, {}, {}, {}],
      });
      const { podlift } = parse(text('.gitlab/podlift.gitlab-ci.yml')) as { podlift: { script: string[] } };
      expect(podlift).toMatchObject({ variables: { PODLIFT_INVENTORY: 'pods.yaml' } });
      expect(podlift.script[0]).toBe('cd infra/eks');
    });

    it.each([
      ['npm', 'package-lock.json', '', ['npm ci --ignore-scripts'], 'npx podlift', 'npm install --save-dev'],
      [
        ...(['pnpm', 'pnpm-lock.yaml', ''] as const),
        ['corepack enable', 'pnpm install --frozen-lockfile --ignore-scripts'],
        ...(['pnpm exec podlift', 'pnpm add --save-dev'] as const),
      ],
      [
        ...(['Yarn 1', 'yarn.lock', '# THIS IS AN AUTOGENERATED FILE.\n# yarn lockfile v1\n'] as const),
        ['corepack enable', 'yarn install --frozen-lockfile --ignore-scripts'],
        ...(['yarn run podlift', 'yarn add --dev'] as const),
      ],
      [
        ...(['Yarn', 'yarn.lock', '__metadata:\n  version: 8\n'] as const),
        ['corepack enable', 'yarn install --immutable --mode=skip-build'],
        ...(['yarn run podlift', 'yarn add --dev'] as const),
      ],
    ])(
      'use %s where its lock file is, also that of the workspaces above',
      async (_, lock, content, install, podlift, add) => {
        const cwd = join(folder.path, 'infra');
        mkdirSync(cwd);
        mkdirSync(join(folder.path, '.git'));
        write(lock, content);
        await run({ ...YES, ci: 'github' }, { cwd });
        await run({ ...YES, ci: 'gitlab' }, { cwd });
        const { jobs } = parse(text('.github/workflows/podlift.yml')) as {
          jobs: { inventory: { steps: { run?: string; with?: Record<string, unknown> }[] } };
        };
        const lines = jobs.inventory.steps.flatMap(({ run: line }) => line ?? []);
        const job = parse(text('.gitlab/podlift.gitlab-ci.yml')) as { podlift: { script: string[] } };
        for (const one of [lines, job.podlift.script.slice(1)]) {
          expect(one.slice(0, install.length)).toEqual(install);
          expect(one.slice(install.length).every((line) => line.startsWith(`${podlift} `))).toBe(true);
        }
        // The lock file is at the root, where setup-node looks for that of npm.
        expect(jobs.inventory.steps[1]?.with).toEqual({
          'node-version': 24,
          ...(podlift === 'npx podlift' && { cache: 'npm' }),
        });
        expect(said[1]).toContain(`${add} podlift@`);
      },
    );
  });

  it('names the packages that are not installed', async () => {
    write('node_modules/podlift/package.json', '{}');
    write('node_modules/tsx/package.json', '{}');
    await run(YES);
    const installs = said.join('\n').match(/^ {2}npm install .*$/gm);
    expect(installs).toHaveLength(1);
    expect(installs?.[0]).toContain("'cdktf-cli@^0.21.0'");
    expect(installs?.[0]).not.toMatch(/podlift@|tsx@/);
  });

  describe('with --from', () => {
    const issuer = ISSUER.replace('eu-central-1', 'us-west-2');
    const SURVEY = {
      format: 'podlift.survey/1',
      at: '2026-11-28T12:00:00.000Z',
      inventory: {
        version: 1,
        accounts: { apps: { id: '333333333333' } },
        environments: {
          apps: {
            account: 'apps',
            region: 'us-west-2',
            clusters: { main: { name: 'prod-main', version: '1.33', autoMode: true, oidc: { issuer } } },
          },
        },
        waves: { 'apps-1-pilot': { description: 'one service account: "its" role' } },
        workloads: {
          api: {
            wave: 'apps-1-pilot',
            namespace: 'shop',
            serviceAccount: { name: 'api', manage: 'none' },
            role: { name: 'api', adopt: true },
          },
        },
      },
      skipped: [],
      unread: [],
      later: 'a field of a later podlift',
    };
    const from = (survey: unknown, options: Partial<InitOptions> = {}) => {
      write('survey.json', typeof survey === 'string' ? survey : JSON.stringify(survey));
      return run({ ...NONE, from: join(folder.path, 'survey.json'), ...options });
    };

    it('writes the inventory of the survey, asks nothing, and names the next commands', async () => {
      expect(await from(SURVEY)).toBe(0);
      expect(findings()).toEqual([]);
      expect(parse(text('inventory.yaml'))).toEqual(SURVEY.inventory);
      expect(text('inventory.yaml')).toContain('from a survey of 2026-11-28T12:00:00.000Z');
      expect(said.join('\n')).toMatch(/podlift validate\n.*podlift prove\n.*podlift plan$/);
      expect(said.join('\n')).not.toContain('discover');
    });

    it('says what the survey could not read', async () => {
      const unread = [
        { what: 'eks:ListClusters', account: '444444444444', region: 'us-west-2', message: '', remedy: [] },
      ];
      expect(await from({ ...SURVEY, unread })).toBe(0);
      expect(said.join('\n')).toContain(
        'could not read 1 item, and the inventory lacks it: eks:ListClusters 444444444444 us-west-2',
      );
    });

    it('changes no inventory that exists', async () => {
      write('inventory.yaml', 'version: 1\n');
      expect(await from(SURVEY)).toBe(0);
      expect(text('inventory.yaml')).toBe('version: 1\n');
      expect(said[0]).toContain('inventory.yaml: exists, not changed');
    });

    it('says where the inventory of a survey has errors, and exits with 1', async () => {
      const { accounts: _, ...inventory } = SURVEY.inventory;
      expect(await from({ ...SURVEY, inventory: { ...inventory, accounts: { other: { id: '333333333333' } } } })).toBe(
        1,
      );
    });

    it.each<[string, unknown, Partial<InitOptions>, string]>([
      ['is no JSON', '<html>', {}, 'this file is not JSON'],
      ['is another document', { format: 'podlift.discover/1' }, {}, 'this is not a survey'],
      [
        'is of a later podlift',
        { format: 'podlift.survey/2' },
        {},
        'version 2 of the format, and this podlift reads version 1',
      ],
      ['lacks a field', { format: 'podlift.survey/1', at: SURVEY.at, unread: [] }, {}, 'inventory: '],
      ['has no time', { ...SURVEY, at: 'today\nversion: 2' }, {}, 'at: '],
      [
        'has no cluster',
        { ...SURVEY, inventory: { ...SURVEY.inventory, environments: {} } },
        {},
        'the survey could read no cluster',
      ],
      ['comes with values of its own', SURVEY, { account: '1', discover: true }, 'leave out --account, --discover'],
    ])('refuses a file that %s', async (_what, survey, options, message) => {
      await expect(from(survey, options)).rejects.toThrow(UsageError);
      await expect(from(survey, options)).rejects.toThrow(message);
      expect(existsSync(join(folder.path, 'inventory.yaml'))).toBe(false);
    });
  });
});
