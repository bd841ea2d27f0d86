import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { parse } from 'yaml';
import { compileLoaded } from '../../src/blueprint/compileLoaded';
import { loadInventory } from '../../src/inventory/loadInventory';
import { roots } from '../../stacks/roots';
import { EXAMPLES } from './examples';

// The files of tools that run the roots name each root, in the order of the stacks.

const dependenciesOf = (example: string): ReadonlyMap<string, readonly string[]> => {
  const { file } = EXAMPLES.find(({ name }) => name === example)!;
  const all = roots(compileLoaded(loadInventory(file)).blueprints, { out: 'roots', home: '.' });
  return new Map(all.map(({ name, dependencies }) => [name, dependencies]));
};

/** Source: runatlantis/atlantis server/core/config/raw/project.go, autoplan.go and repo_cfg.go */
const OF_REPOSITORY = ['version', 'automerge', 'parallel_plan', 'parallel_apply', 'projects'];
const OF_PROJECT = ['name', 'dir', 'execution_order_group', 'depends_on', 'autoplan'];

describe('examples/atlantis/atlantis.yaml', () => {
  const config = parse(readFileSync('examples/atlantis/atlantis.yaml', 'utf8'));
  const projects: Record<string, any>[] = config.projects;

  it('has only keys that Atlantis knows', () => {
    expect(Object.keys(config).filter((key) => !OF_REPOSITORY.includes(key))).toEqual([]);
    expect(config.version).toBe(3);
    for (const project of projects) expect(Object.keys(project).filter((key) => !OF_PROJECT.includes(key))).toEqual([]);
  });

  it('has one project for each root, planned after a change of a policy document too', () => {
    expect(projects.map(({ name }) => name).sort()).toEqual([...dependenciesOf('atlantis').keys()].sort());
    for (const { name, dir, autoplan } of projects) {
      expect(dir).toBe(`roots/${name}`);
      expect(autoplan).toMatchObject({
        enabled: true,
        when_modified: expect.arrayContaining(['*.tf*', 'policies/*.json']),
      });
    }
  });

  it('applies each root after those that it depends on', () => {
    const groupOf = new Map(projects.map(({ name, execution_order_group: group }) => [name, group as number]));
    for (const [name, dependencies] of dependenciesOf('atlantis')) {
      const { depends_on: after = [] } = projects.find((one) => one.name === name)!;
      expect([name, after]).toEqual([name, dependencies]);
      for (const other of dependencies) expect(groupOf.get(other)).toBeLessThan(groupOf.get(name)!);
    }
    expect(groupOf.get('prod-targets-data')).toBeLessThan(groupOf.get('prod-identity')!);
  });
});

describe('examples/terragrunt', () => {
  const folder = 'examples/terragrunt/roots';
  const unitOf = (name: string) => readFileSync(join(folder, name, 'terragrunt.hcl'), 'utf8');

  it('has one unit for each root, which includes what all share', () => {
    expect(readdirSync(folder).sort()).toEqual([...dependenciesOf('terragrunt').keys()].sort());
    expect(existsSync(join(folder, '..', 'root.hcl'))).toBe(true);
    for (const name of readdirSync(folder)) expect(unitOf(name)).toContain('find_in_parent_folders("root.hcl")');
  });

  it('runs each unit after those that its root depends on', () => {
    const before = (name: string) =>
      [...unitOf(name).matchAll(/paths = \["([^"]*)"\]/g)].map(([, path]) => normalize(join(name, path!)));
    for (const [name, dependencies] of dependenciesOf('terragrunt'))
      expect(before(name)).toEqual(expect.arrayContaining([...dependencies]));
    expect(before('prod-identity')).toEqual(['prod-targets-data']);
  });
});

describe('examples/hcp-terraform/workspaces', () => {
  const text = readFileSync('examples/hcp-terraform/workspaces/main.tf', 'utf8');

  it('has one workspace for each root, which runs after those that it depends on', () => {
    const stacks = [...text.matchAll(/^ {4}(\S+) += \{ after = \[(.*)\] \}$/gm)].map(
      ([, name, after]) => [name, [...after!.matchAll(/"([^"]*)"/g)].map(([, one]) => one)] as const,
    );
    expect(new Map(stacks)).toEqual(dependenciesOf('hcp-terraform'));
  });

  it('names the workspaces as the roots do', () => {
    const { file } = EXAMPLES.find(({ name }) => name === 'hcp-terraform')!;
    for (const { name, files } of roots(compileLoaded(loadInventory(file)).blueprints, { out: 'roots', home: '.' })) {
      const { cloud } = JSON.parse(files.get('main.tf.json')!).terraform;
      expect(cloud).toMatchObject({
        organization: 'acme',
        workspaces: { name: `podlift-${name}`, project: 'platform' },
      });
    }
    expect(text).toMatch(/name += "podlift-\$\{each\.key\}"/);
  });
});

it.each(['atlantis', 'hcp-terraform', 'opentofu', 'terragrunt'])(
  'examples/%s has a page that names each of its files',
  (name) => {
    const folder = join('examples', name);
    const page = readFileSync(join(folder, 'README.md'), 'utf8');
    for (const file of readdirSync(folder))
      if (file !== 'README.md')
        expect([file, page]).toEqual([file, expect.stringContaining(file === 'inventory.yaml' ? 'inventory' : file)]);
    for (const [, target] of page.matchAll(/\]\(([^)#]+)/g))
      expect(existsSync(join(dirname(join(folder, 'README.md')), target!))).toBe(true);
  },
);
