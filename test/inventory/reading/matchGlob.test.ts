import { matchesGlob } from '../../../src/inventory/reading/globs';

describe('matchesGlob', () => {
  it.each([
    ['*.yaml', 'a.yaml', true],
    ['*.yaml', 'b/a.yaml', false],
    ['*.yaml', '.a.yaml', false],
    ['.*.yaml', '.a.yaml', true],
    ['a?.yaml', 'ab.yaml', true],
    ['a?.yaml', 'a.yaml', false],
    ['**/*.yaml', 'a.yaml', true],
    ['**/*.yaml', 'x/y/a.yaml', true],
    ['**/*.yaml', '.git/a.yaml', false],
    ['x/**', 'x/y/z', true],
    ['x/**/a', 'x/a', true],
    ['x/**/a', 'x/y/z/a', true],
    ['x/**/a', 'x/y/b', false],
    ['./a.yaml', 'a.yaml', true],
    ['a+b(c).yaml', 'a+b(c).yaml', true],
    ['a.yaml', 'axyaml', false],
  ])('%s against %s: %s', (glob, path, matches) => {
    expect(matchesGlob(glob, path)).toBe(matches);
  });
});
