import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { EXAMPLES, expectedFiles } from './examples';

/** The files below a folder by their paths in it. */
function filesIn(folder: string): ReadonlyMap<string, string> {
  if (!existsSync(folder)) return new Map();
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    files
      .map(({ parentPath, name }) => join(parentPath, name))
      .sort()
      .map((file) => [relative(folder, file), readFileSync(file, 'utf8')]),
  );
}

// What users see in the diff of their Terraform after an upgrade of podlift. After a change that is meant: `npm run examples`, and a line in the CHANGELOG.
describe.each(EXAMPLES)('the roots of $file', (example) => {
  it(`are those of ${example.expected}`, () => {
    const files = expectedFiles(example);
    expect(files.size).toBeGreaterThan(0);
    expect(Object.fromEntries(filesIn(example.expected))).toEqual(Object.fromEntries(files));
  });
});

it('there is an example for each kind of inventory that the pages explain', () => {
  const names = [
    'demo',
    'association',
    'existing-estate',
    'external-role',
    'patterns',
    'resource-policy',
    'shared-role',
  ];
  expect(EXAMPLES.map(({ name }) => name)).toEqual(expect.arrayContaining(names));
});

it('no folder of expected roots is left from an example that is gone', () => {
  const folders = readdirSync('examples').filter((name) => existsSync(join('examples', name, 'expected')));
  expect(folders.sort()).toEqual(EXAMPLES.map(({ name }) => name).sort());
});
