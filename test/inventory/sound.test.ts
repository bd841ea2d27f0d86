import { type LoadedInventory, loadInventory } from '../../src/inventory/loadInventory';
import { changed, checkMarked, type Change } from './marked';

const WEB = '  web: { stage: pod-identity, namespace: production, serviceAccount: web }\n';

function load(change: Change): LoadedInventory {
  return checkMarked({ 'inventory.yaml': changed({ ...change, append: `${change.append ?? ''}${WEB}` }) }).loaded;
}

/** What is sound of a changed base with a second workload: `environment: cluster; workload, workload`. */
function soundOf(change: Change): readonly string[] {
  const { inventory, sound } = load(change);
  expect(inventory).toBeUndefined();
  return sound!.environments.map(
    ({ key, clusters, workloads }) =>
      `${key}: ${clusters.map((cluster) => cluster.key).join()}; ${workloads.map((workload) => workload.key).join()}`,
  );
}

describe('the sound part of an inventory', () => {
  it('is the whole when nothing is wrong, warnings aside', () => {
    const { inventory, sound, findings } = load({
      append: '    permissions: { statements: [{ actions: [s3:GetObject], resources: ["*"] }] }\n',
    });
    expect(findings.map(({ severity }) => severity)).toEqual(['warning']);
    expect(sound).toEqual(inventory);
    const design = loadInventory('test/inventory/fixtures/design.yaml');
    expect(design.sound).toEqual(design.inventory);
  });

  it.each<readonly [string, Change, readonly string[]]>([
    [
      'a workload',
      { append: '    permissions: { statements: [{ actions: [s3:Nope], resources: [x] }] }\n' },
      ['dev: main; web', 'prod: main; web'],
    ],
    ['a wave', { replace: { 'pilot: {': 'pilot: { after: pilot,' } }, ['dev: main; web', 'prod: main; web']],
    [
      'the wave that a workload names',
      { replace: { 'wave: pilot': 'wave: gone' } },
      ['dev: main; web', 'prod: main; web'],
    ],
    [
      'an override',
      { append: '    overrides: { prod: { role: { path: x } } }\n' },
      ['dev: main; api,web', 'prod: main; web'],
    ],
    ['an account', { replace: { '"222222222222"': '"2"' } }, ['dev: main; api,web']],
    [
      'the account that an environment names',
      { replace: { 'account: data': 'account: gone' } },
      ['dev: main; api,web'],
    ],
    [
      'the account of a target',
      { append: '    targets: { x: { account: gone } }\n' },
      ['dev: main; web', 'prod: main; web'],
    ],
    ['a tag', { replace: { 'cost-centre': 'aws:x' } }, ['dev: main; api,web']],
    ['a cluster', { replace: { 'name: dev-main': 'name: "*"' } }, ['dev: ; ', 'prod: main; api,web']],
    [
      'a cluster that cannot be read',
      { replace: { 'name: dev-main': 'name: [x]' } },
      ['dev: ; ', 'prod: main; api,web'],
    ],
    [
      'a cluster that cannot be read, beside one that can',
      { replace: { '    values: { bucket: acme-dev': '      other: { name: [x] }\n    values: { bucket: acme-dev' } },
      ['dev: main; ', 'prod: main; api,web'],
    ],
    [
      'the section of waves',
      { replace: { 'waves:\n  pilot: { stages: { dev: dual, prod: prepared } }': 'waves: [pilot]' } },
      ['dev: main; web', 'prod: main; web'],
    ],
    [
      'a value that one environment lacks',
      { replace: { 'bucket: acme-prod': 'other: x' }, append: '    role: { name: "{bucket}" }\n' },
      ['dev: main; api,web', 'prod: main; web'],
    ],
    ['a name that none has', { append: '    role: { name: "x-{buckte}" }\n' }, ['dev: main; web', 'prod: main; web']],
  ])('leaves out %s that is wrong, and what refers to it', (_what, change, expected) => {
    expect(soundOf(change)).toEqual(expected);
  });

  it('has no account and no wave that is wrong', () => {
    const { sound } = load({ replace: { '"222222222222"': '"2"', 'pilot: {': 'pilot: { after: pilot,' } });
    expect(sound!.accounts.map(({ key }) => key)).toEqual(['apps']);
    expect(sound!.waves).toEqual([]);
  });

  it('is not there when a file is not read, or is of another format', () => {
    expect(load({ replace: { 'version: 1\n': 'version: 2\n' } })).not.toHaveProperty('sound');
    expect(load({ replace: { 'wave: pilot': 'wave: *gone' } })).toHaveProperty('sound');
    expect(load({ replace: { 'wave: pilot': 'wave: "' } })).not.toHaveProperty('sound');
  });
});
