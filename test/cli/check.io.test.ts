import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { check, type CheckOptions } from '../../src/cli/commands/check';
import { UsageError } from '../../src/cli/exit';
import { folderOf, removeFolders } from '../inventory/fixtures';
import { loadInventory } from '../../src/inventory/loadInventory';
import { BASE } from '../inventory/marked';
import { run as commandLine } from './commandLine';

afterAll(removeFolders);

const NOW = new Date('2026-11-20T12:00:00Z');

/** A repository whose `HEAD` has one inventory while another stands in the working tree. */
function repository(base: string | undefined, head: string): string {
  const folder = folderOf({ README: 'x', ...(base !== undefined && { 'inventory.yaml': base }) });
  const git = (...args: readonly string[]): void => {
    execFileSync('git', ['-C', folder, '-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args]);
  };
  git('init', '-q');
  git('add', '-A');
  git('commit', '-q', '-m', 'base');
  writeFileSync(join(folder, 'inventory.yaml'), head);
  return folder;
}

function run(folder: string, options: Partial<CheckOptions> = {}): { exit: number; out: string; err: string } {
  const [out, err]: [string[], string[]] = [[], []];
  const spies = [
    jest.spyOn(console, 'log').mockImplementation((line: unknown) => void out.push(String(line))),
    jest.spyOn(console, 'error').mockImplementation((line: unknown) => void err.push(String(line))),
  ];
  process.env.PODLIFT_INVENTORY = join(folder, 'inventory.yaml');
  try {
    const exit = check({ base: 'HEAD', format: 'text', ...options }, NOW);
    return { exit, out: out.join('\n'), err: err.join('\n') };
  } finally {
    delete process.env.PODLIFT_INVENTORY;
    for (const spy of spies) spy.mockRestore();
  }
}

const JUMP = BASE.replace('prod: prepared', 'prod: cutover');
const NONE = { format: 'podlift.check/1', findings: [], allowed: [] };

describe('podlift check', () => {
  it('exits 0 when nothing is wrong', () => {
    const { exit, out } = run(repository(BASE, BASE));
    expect(out).toMatch(/inventory\.yaml: no findings, compared with HEAD$/);
    expect(exit).toBe(0);
  });

  it('exits 1 on a jump, and says where it stands', () => {
    const { exit, out } = run(repository(BASE, JUMP));
    expect(out).toMatch(
      /inventory\.yaml:30:39 {2}error {2}wave "pilot" goes from prepared to cutover in prod, past dual {2}\[stage-skipped\]/,
    );
    expect(exit).toBe(1);
  });

  it('prints JSON and annotations for GitHub', () => {
    const folder = repository(BASE, JUMP);
    const { findings } = JSON.parse(run(folder, { format: 'json' }).out) as { findings: { rule: string }[] };
    expect(findings.map(({ rule }) => rule)).toContain('stage-skipped');
    expect(run(folder, { format: 'github' }).out).toMatch(/^::error file=.*,line=30,col=39,title=stage-skipped::/);
    expect(JSON.parse(run(repository(BASE, BASE), { format: 'json' }).out)).toEqual(NONE);
  });

  it('exits 0 when only a warning is found', () => {
    const { exit, out } = run(repository(BASE, BASE.replace('prod: prepared', 'prod: dual')));
    expect(out).toContain('warning');
    expect(exit).toBe(0);
  });

  it('prints the findings of an inventory with errors and compares nothing', () => {
    const { exit, out, err } = run(repository(BASE, JUMP.replace('wave: pilot', 'wave: pilto')));
    expect(out).toContain('[unknown-wave]');
    expect(out).not.toContain('[stage-skipped]');
    expect(err).toContain('was not compared with HEAD. Fix the errors first.');
    expect(exit).toBe(1);
  });

  it('exits 0 with a remark where the inventory is new', () => {
    const { exit, out, err } = run(repository(undefined, BASE), { format: 'json' });
    expect([exit, JSON.parse(out)]).toEqual([0, NONE]);
    expect(err).toContain('is not in HEAD: all of it is new');
  });

  const LEFT = BASE.replace('serviceAccount: api\n', 'serviceAccount: api\n    environments: [dev]\n');

  it('exits 1 where a workload leaves, and 0 where its removal is accepted', () => {
    const folder = repository(BASE, LEFT);
    const refused = run(folder);
    expect(refused.out).toMatch(/workload "api" at prepared is removed from prod: .*\[workload-removed\]/);
    expect(refused.out).toContain('podlift check --base REVISION --allow-removal api');
    expect(refused.out).toContain('Restore the entry with workloads.api.overrides: { prod: { released: true } }');
    expect(refused.exit).toBe(1);
    const accepted = run(folder, { allowRemoval: ['api'] });
    expect(accepted.out).toMatch(/no findings, compared with HEAD$/);
    expect(accepted.exit).toBe(0);
  });

  it('accepts the removals that are named, and no others', () => {
    const two = `${BASE}  web: { wave: pilot, namespace: shop, serviceAccount: web }\n  cron: { wave: pilot, namespace: shop, serviceAccount: cron }\n`;
    const folder = repository(two, BASE);
    const { out, exit } = run(folder, { allowRemoval: ['web'] });
    expect(out).toContain('workload "cron" at dual is removed from dev');
    expect(out).not.toContain('workload "web"');
    expect(exit).toBe(1);
    expect(run(folder, { allowRemoval: ['web', 'cron'] }).exit).toBe(0);
  });

  it.each([
    ['that was mistyped, with the one that was meant', BASE, 'apo', /--allow-removal is "apo": did you mean "api"\?/],
    ['that is new: it cannot leave', BASE, 'web', /--allow-removal is "web": .*workloads at HEAD: api$/],
    ['where the inventory is new', undefined, 'api', /--allow-removal is "api": workloads at HEAD: /],
  ])('refuses --allow-removal of a workload %s', (_what, base, key, message) => {
    const folder = repository(base, `${BASE}  web: { wave: pilot, namespace: shop, serviceAccount: web }\n`);
    expect(() => run(folder, { allowRemoval: [key] })).toThrow(UsageError);
    expect(() => run(folder, { allowRemoval: [key] })).toThrow(message);
  });

  it('names the add-ons too where --allow-removal is mistyped, and takes their names', () => {
    const cluster = 'agent: { version: v1.3.4-eksbuild.1 }';
    const withAddon = BASE.replace(
      cluster,
      `${cluster}\n        addons: { aws-ebs-csi-driver: { version: v1.40.0-eksbuild.1, serviceAccounts: {} } }`,
    );
    const folder = repository(withAddon, BASE);
    expect(run(folder).out).toContain('--allow-removal addon/aws-ebs-csi-driver');
    expect(() => run(folder, { allowRemoval: ['aws-ebs-csi-driver'] })).toThrow(
      /--allow-removal is "aws-ebs-csi-driver": .*workloads at HEAD: api; add-ons: addon\/aws-ebs-csi-driver$/,
    );
    expect(run(folder, { allowRemoval: ['addon/aws-ebs-csi-driver'] }).exit).toBe(0);
  });

  it('takes --allow-removal on the command line as often as it is given', () => {
    const two = `${BASE}  web: { wave: pilot, namespace: shop, serviceAccount: web }\n`;
    const folder = repository(two, LEFT);
    const podlift = (...words: string[]) =>
      commandLine(['src/cli/podlift.js', 'check', '--base', 'HEAD', ...words], {
        PODLIFT_INVENTORY: join(folder, 'inventory.yaml'),
      });
    expect(podlift('--allow-removal', 'api').status).toBe(1);
    expect(podlift('--allow-removal', 'api', '--allow-removal', 'web')).toMatchObject({ status: 0, stderr: '' });
    const unknown = podlift('--allow-removal', 'nope');
    expect(unknown.stderr).toMatch(/^podlift: --allow-removal is "nope": workloads at HEAD: api, web\n$/);
    expect([unknown.status, unknown.stdout]).toEqual([2, '']);
  });

  describe('with a first inventory that adopts a role by an entry of one line', () => {
    const ENTRY = (more: string) =>
      `${BASE.slice(0, BASE.indexOf('waves:'))}workloads:\n  external-dns: { ${more}role: { name: prod-external-dns-irsa, adopt: true }, namespace: kube-system, serviceAccount: external-dns, environments: [prod] }\n`;
    const checked = (more: string) => {
      const folder = repository(undefined, ENTRY(more));
      const { findings } = loadInventory(join(folder, 'inventory.yaml'));
      return { ...run(folder), findings };
    };

    it('fails without a stage, and names the two lines to choose from', () => {
      const { findings, exit, out } = checked('');
      expect(findings).toEqual([
        expect.objectContaining({
          rule: 'wave-or-stage',
          severity: 'error',
          hint: expect.stringMatching(/`wave: NAME` .* or `stage: pod-identity` .*first apply removes IRSA from it/),
        }),
      ]);
      expect(out).toContain('workload "external-dns" has neither wave nor stage');
      expect(out).toContain('`stage: pod-identity`');
      expect(exit).toBe(1);
    });

    it('fails at pod-identity: nothing says that the role stands there', () => {
      const { findings, exit, out, err } = checked('stage: pod-identity, ');
      expect(findings).toEqual([]);
      expect(err).toContain('is not in HEAD: all of it is new');
      expect(out).toMatch(
        /workload "external-dns" is new in prod, adopts role prod-external-dns-irsa, and is at pod-identity {2}\[adopted-ahead\]/,
      );
      expect(exit).toBe(1);
    });

    it.each(['stage: pod-identity, found: pod-identity, ', 'stage: irsa, because: found there, '])(
      'passes with %s, and a reviewer learns of the role',
      (more) => {
        const { findings, exit, out } = checked(more);
        expect(findings).toEqual([]);
        expect(out.match(/\[[a-z-]+\]/g)).toEqual(['[role-adopted]']);
        expect(exit).toBe(0);
      },
    );
  });

  describe('with a change that allows more', () => {
    const GRANT =
      '    permissions: { statements: [{ actions: [s3:PutObject], resources: ["arn:aws:s3:::x,y%/*"], conditions: { StringEquals: { "aws:ResourceTag/a": "1\\n::error::x" } } }] }\n';
    const folder = () => repository(BASE, `${BASE}    environments: [dev, prod]\n${GRANT}`);

    it('exits 0 with warnings, and 1 with --fail-on warning', () => {
      expect(run(folder()).exit).toBe(0);
      expect(run(folder(), { failOn: 'error' }).exit).toBe(0);
      expect(run(folder(), { failOn: 'warning' }).exit).toBe(1);
      expect(run(repository(BASE, BASE), { failOn: 'warning' }).exit).toBe(0);
    });

    it('shows in one table what is allowed to whom', () => {
      const { out } = run(folder());
      expect(out).toContain('This change allows 2 things that the base does not:');
      const rows = out.split('\n').filter((line) => line.includes('│') && line.includes('s3:PutObject'));
      expect(rows.map((row) => row.split('│').map((cell) => cell.trim()))).toEqual([
        ['', 'dev', 'api', 'role dev-api', 'new actions', 's3:PutObject', 'arn:aws:s3:::x,y%/*', ''],
        ['', 'prod', 'api', 'role prod-api', 'new actions', 's3:PutObject', 'arn:aws:s3:::x,y%/*', ''],
      ]);
    });

    it('prints one workflow command a line for GitHub, whatever the names contain', () => {
      const lines = run(folder(), { format: 'github' }).out.split('\n');
      expect(lines.map((line) => line.split(' ')[0])).toEqual(['::warning', '::warning', '::notice']);
      expect(lines[2]).toMatch(
        /^::notice title=What this change allows::This change allows 2 things that the base does not:%0Adev, api: role dev-api: /,
      );
      expect(lines[2]).toContain('arn:aws:s3:::x,y%25/*');
      expect(lines[2]).toContain('StringEquals 1 ::error::x');
    });

    it('prints the same as JSON', () => {
      const { findings, allowed } = JSON.parse(run(folder(), { format: 'json' }).out) as Record<
        string,
        readonly object[]
      >;
      expect(findings).toHaveLength(2);
      expect(allowed).toContainEqual({
        kind: 'actions',
        environment: 'prod',
        workload: 'api',
        who: 'role prod-api',
        actions: ['s3:PutObject'],
        resources: ['arn:aws:s3:::x,y%/*'],
        conditions: { StringEquals: { 'aws:ResourceTag/a': '1\n::error::x' } },
      });
    });

    it('takes --fail-on on the command line, and refuses another severity', () => {
      const podlift = (...words: string[]) =>
        commandLine(['src/cli/podlift.js', 'check', '--base', 'HEAD', ...words], {
          PODLIFT_INVENTORY: join(folder(), 'inventory.yaml'),
        });
      expect(podlift('--fail-on', 'warning').status).toBe(1);
      expect(podlift().status).toBe(0);
      expect(podlift('--fail-on', 'notice').status).toBe(2);
    });
  });

  it.each([
    ['an unknown revision', { base: 'nope' }, /git has no commit "nope"/],
    ['an option', { base: '--help' }, /git has no commit "--help"/],
  ])('refuses %s', (_what, options, message) => {
    const folder = repository(BASE, BASE);
    expect(() => run(folder, options)).toThrow(UsageError);
    expect(() => run(folder, options)).toThrow(message);
  });

  it('refuses a base with errors, and a folder without a repository', () => {
    expect(() => run(repository(JUMP.replace('wave: pilot', 'wave: pilto'), BASE))).toThrow(/at HEAD has errors/);
    const folder = repository(BASE, BASE);
    rmSync(join(folder, '.git'), { recursive: true });
    expect(() => run(folder)).toThrow(/is in no git repository/);
  });
});
