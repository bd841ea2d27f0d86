import { appendFileSync, cpSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inventoryDigests } from '../../../src/runners/engine/digests';
import {
  forgetManifest,
  type Manifest,
  manifestProblems,
  placePlans,
  readManifest,
  savePlans,
} from '../../../src/runners/engine/planFolder';
import { folderOf, removeFolders } from '../../inventory/fixtures';

afterEach(removeFolders);

const ROOTS = ['dev-identity', 'dev-targets-data'].map((name) => ({
  name,
  files: new Map([['main.tf.json', `{"name":"${name}"}`]]),
  changes: name === 'dev-identity',
}));

/** A folder with the roots, their plans and an inventory of two files, and the plans saved into `plans`. */
function saved() {
  const folder = folderOf({
    'repository/inventory.yaml': 'version: 1\n',
    'repository/teams/web.yaml': 'workloads: {}\n',
    ...Object.fromEntries(
      ROOTS.flatMap(({ name }) => [
        [`roots/${name}/plan.bin`, `plan of ${name}`],
        [`roots/${name}/.terraform.lock.hcl`, `lock of ${name}`],
      ]),
    ),
  });
  const files = [join(folder, 'repository/inventory.yaml'), join(folder, 'repository/teams/web.yaml')];
  const plans = join(folder, 'plans');
  const about = { made: { podlift: '1', terraform: '1.11.4' }, inventory: inventoryDigests(files) };
  savePlans(plans, join(folder, 'roots'), ROOTS, about);
  return { folder, plans, roots: join(folder, 'roots'), files, manifest: readManifest(plans) as Manifest };
}

describe('saved plans', () => {
  it('have a manifest with the digests of the inventory, the plans, the locks and the roots', () => {
    const { manifest, plans } = saved();
    expect(JSON.parse(readFileSync(join(plans, 'manifest.json'), 'utf8'))).toHaveProperty(
      'format',
      'podlift.manifest/1',
    );
    expect(manifest.inventory.map(({ file }) => file)).toEqual(['inventory.yaml', 'teams/web.yaml']);
    const digest = expect.stringMatching(/^[0-9a-f]{64}$/) as string;
    expect(manifest.stacks).toEqual(
      ROOTS.map(({ name, changes }) => ({ stack: name, changes, plan: digest, lock: digest, root: digest })),
    );
  });

  it('can be read by their owner alone', () => {
    const { plans } = saved();
    const modes = ['.', 'manifest.json', 'dev-identity.tfplan'].map((file) => statSync(join(plans, file)).mode & 0o777);
    expect(modes).toEqual([0o700, 0o600, 0o600]);
  });

  it('fit the same inventory in another folder, and go into its roots', () => {
    const { folder, manifest, plans, files } = saved();
    cpSync(join(folder, 'repository'), join(folder, 'elsewhere/deep'), { recursive: true });
    const there = files.map((file) => file.replace('/repository/', '/elsewhere/deep/'));
    expect(manifestProblems(manifest, inventoryDigests(there), ROOTS)).toEqual([]);
    const roots = join(folder, 'other-roots');
    for (const { name } of ROOTS) mkdirSync(join(roots, name), { recursive: true });
    expect(placePlans(plans, roots, manifest)).toEqual([]);
    expect(readFileSync(join(roots, 'dev-identity/plan.bin'), 'utf8')).toBe('plan of dev-identity');
    expect(readFileSync(join(roots, 'dev-identity/.terraform.lock.hcl'), 'utf8')).toBe('lock of dev-identity');
  });

  it.each<[string, (files: readonly string[]) => readonly string[], readonly string[]]>([
    ['a file has another text', (files) => (appendFileSync(files[1]!, ' '), files), ['teams/web.yaml']],
    ['a file is no longer read', ([first]) => [first!], ['teams/web.yaml']],
    [
      'a file is new',
      (files) => {
        const other = files[1]!.replace('web', 'api');
        writeFileSync(other, '');
        return [...files, other];
      },
      ['teams/api.yaml'],
    ],
  ])('do not fit an inventory of which %s', (_, change, differing) => {
    const { manifest, files } = saved();
    expect(manifestProblems(manifest, inventoryDigests(change(files)), ROOTS)).toEqual([
      { kind: 'inventory', files: differing },
    ]);
  });

  it('do not fit roots of another version, and of a stack that is gone', () => {
    const { manifest, files } = saved();
    const [first, second] = ROOTS;
    const other = { ...first!, files: new Map([...first!.files, ['policies/x.json', '{}']]) };
    const problem = (stack: string) => [{ kind: 'root', stack }];
    expect(manifestProblems(manifest, inventoryDigests(files), [other, second!])).toEqual(problem('dev-identity'));
    expect(manifestProblems(manifest, inventoryDigests(files), [first!])).toEqual(problem('dev-targets-data'));
  });

  it.each<[string, (plans: string) => void, string]>([
    [
      'a plan that was changed',
      (plans) => {
        appendFileSync(join(plans, 'dev-identity.tfplan'), '!');
      },
      'dev-identity.tfplan',
    ],
    [
      'a plan that is missing',
      (plans) => {
        rmSync(join(plans, 'dev-identity.tfplan'));
      },
      'dev-identity.tfplan',
    ],
    [
      'the plan of another stack',
      (plans) => {
        cpSync(join(plans, 'dev-targets-data.tfplan'), join(plans, 'dev-identity.tfplan'));
      },
      'dev-identity.tfplan',
    ],
    [
      'another lock file',
      (plans) => {
        writeFileSync(join(plans, 'dev-identity.lock.hcl'), '');
      },
      'dev-identity.lock.hcl',
    ],
  ])('are not placed with %s', (_, tamper, file) => {
    const { manifest, plans, roots } = saved();
    rmSync(join(roots, 'dev-identity/plan.bin'));
    tamper(plans);
    expect(placePlans(plans, roots, manifest)).toEqual([{ kind: 'file', file: join(plans, file) }]);
    expect(() => readFileSync(join(roots, 'dev-identity/plan.bin'))).toThrow('ENOENT');
  });

  it.each([
    [
      'that is missing',
      (plans: string) => {
        forgetManifest(plans);
      },
      'there is no',
    ],
    [
      'that is no JSON',
      (plans: string) => {
        writeFileSync(join(plans, 'manifest.json'), '{');
      },
      'is no podlift.manifest/1',
    ],
    [
      'of something else',
      (plans: string) => {
        writeFileSync(join(plans, 'manifest.json'), '{"format":"x/1"}');
      },
      'is no podlift.manifest/1',
    ],
  ])('have no use with a manifest %s', (_, change, message) => {
    const { plans } = saved();
    change(plans);
    expect(readManifest(plans)).toEqual({ kind: 'no-manifest', message: expect.stringContaining(message) });
  });

  it.each<[string, (manifest: { stacks: { changes: boolean }[]; wave?: string }) => void]>([
    ['has lost a stack', ({ stacks }) => stacks.pop()],
    ['says that a plan changes nothing', ({ stacks }) => (stacks[0]!.changes = false)],
    ['names another wave', (manifest) => (manifest.wave = 'later')],
    ['has nothing where a stack was', ({ stacks }) => ((stacks as unknown[])[0] = null)],
  ])('have no use with a manifest that %s', (_, change) => {
    const { plans } = saved();
    const file = join(plans, 'manifest.json');
    const manifest = JSON.parse(readFileSync(file, 'utf8')) as Parameters<typeof change>[0];
    writeFileSync(file, JSON.stringify(manifest));
    expect(readManifest(plans)).toHaveProperty('stacks');
    change(manifest);
    writeFileSync(file, JSON.stringify(manifest));
    expect(readManifest(plans)).toEqual({ kind: 'manifest', file });
  });
});
