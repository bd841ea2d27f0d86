import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { RootsError, writeRoots } from '../../src/runners/writeRoots';

let out: string;
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'podlift-write-'));
});
afterEach(() => {
  rmSync(out, { recursive: true, force: true });
});

const read = (document: string) => `\${file("\${path.module}/policies/${document}")}`;
/** A root of podlift with policy documents. */
const root = (
  name: string,
  documents: readonly string[],
  inventory = `${name.split('-')[0]} in 333333333333 us-west-2`,
) => ({
  name,
  files: new Map([
    ['main.tf.json', JSON.stringify({ output: { inventory: { value: inventory } }, read: documents.map(read) })],
    ...documents.map((one) => [`policies/${one}`, '{}\n'] as const),
  ]),
});
const write = (roots: readonly ReturnType<typeof root>[], environments = ['prod'], isWhole = false) =>
  writeRoots(roots, { out, environments, isWhole });
const put = (path: string, text: string) => {
  mkdirSync(dirname(join(out, path)), { recursive: true });
  writeFileSync(join(out, path), text);
};

describe('the documents of a root', () => {
  it('that it read before, and does not read any more, are removed', () => {
    write([root('prod-identity', ['a.trust.json', 'b.trust.json'])]);
    expect(write([root('prod-identity', ['b.trust.json'])])).toMatchObject({
      changed: ['prod-identity/main.tf.json'],
      removed: ['prod-identity/policies/a.trust.json'],
    });
    expect(readdirSync(join(out, 'prod-identity', 'policies'))).toEqual(['b.trust.json']);
  });

  it('of other people stay, for example those of a further .tf file', () => {
    write([root('prod-identity', ['a.trust.json'])]);
    put('prod-identity/policies/ours.json', '{ "Version": "2012-10-17" }');
    put('prod-identity/extra.tf', 'locals { ours = file("${path.module}/policies/ours.json") }');
    put('prod-identity/.terraform.lock.hcl', '# lock');
    expect(write([root('prod-identity', [])]).removed).toEqual(['prod-identity/policies/a.trust.json']);
    expect(readFileSync(join(out, 'prod-identity', 'policies', 'ours.json'), 'utf8')).toContain('2012-10-17');
    expect(readdirSync(join(out, 'prod-identity')).sort()).toEqual([
      '.terraform.lock.hcl',
      'extra.tf',
      'main.tf.json',
      'policies',
    ]);
  });

  it('that somebody removed by hand already are no error', () => {
    write([root('prod-identity', ['a.trust.json'])]);
    rmSync(join(out, 'prod-identity', 'policies', 'a.trust.json'));
    expect(write([root('prod-identity', [])]).removed).toEqual([]);
  });
});

describe('a root that the inventory no longer has', () => {
  it('is named, and stays', () => {
    write([root('prod-identity', []), root('prod-targets-data', ['a.trust.json'])]);
    expect(write([root('prod-identity', [])])).toMatchObject({ removed: [], left: ['prod-targets-data'] });
    expect(existsSync(join(out, 'prod-targets-data', 'policies', 'a.trust.json'))).toBe(true);
  });

  // `test` has as many letters as `prod`, and `prod-eu` starts with it.
  it.each(['test-targets-data', 'test-service-accounts-main', 'prod-eu-identity', 'staging-identity'])(
    'is not %s, where only environment prod is written',
    (name) => {
      put(`${name}/main.tf.json`, root(name, []).files.get('main.tf.json')!);
      expect(write([root('prod-identity', [])]).left).toEqual([]);
    },
  );

  it('is one of an environment that is gone, where the whole inventory is written', () => {
    write([root('prod-identity', []), root('test-identity', [])], ['prod', 'test'], true);
    expect(write([root('prod-identity', [])], ['prod'], true).left).toEqual(['test-identity']);
  });

  it('is not one of an inventory with another name, in the same folder', () => {
    write([root('test-identity', [], 'shop')], ['test'], true);
    expect(write([root('prod-identity', [], 'billing')], ['prod'], true).left).toEqual([]);
    expect(write([root('prod-identity', [], 'shop')], ['prod'], true).left).toEqual(['test-identity']);
  });

  it('is no folder that podlift did not write', () => {
    put('prod-targets-data/main.tf.json', '{ "output": { "vpc": { "value": 1 } } }');
    put('prod-targets-logs/main.tf', '');
    put('README.md', '# roots');
    expect(write([root('prod-identity', [])], ['prod'], true).left).toEqual([]);
  });
});

it.each(['{ "resource": {} }', '{', '', '[]', 'null'])(
  'a main.tf.json of other people is not overwritten: %s',
  (text) => {
    put('prod-identity/main.tf.json', text);
    expect(() => write([root('prod-identity', [])])).toThrow(RootsError);
    expect(readFileSync(join(out, 'prod-identity', 'main.tf.json'), 'utf8')).toBe(text);
  },
);

it('a file with its text already is not touched', () => {
  const roots = [root('prod-identity', ['a.trust.json'])];
  expect(write(roots).changed).toHaveLength(2);
  expect(write(roots)).toEqual({ changed: [], removed: [], left: [] });
});
