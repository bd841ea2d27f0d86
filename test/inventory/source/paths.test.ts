import fc from 'fast-check';
import { formatPath, parsePath } from '../../../src/inventory/source/plainData';

describe('paths', () => {
  it.each([
    [
      ['workloads', 'api', 'permissions', 'statements', 0, 'actions', 1],
      'workloads.api.permissions.statements[0].actions[1]',
    ],
    [['tags', 'a.b/c'], 'tags["a.b/c"]'],
    [['conditions', 'StringEquals', 'aws:PrincipalTag/x'], 'conditions.StringEquals.aws:PrincipalTag/x'],
    [[], ''],
  ])('%j is %s', (path, text) => {
    expect(formatPath(path)).toBe(text);
    expect(parsePath(text)).toEqual(path);
  });

  it('come back from what they were written as', () => {
    const segment = fc.oneof(fc.string({ minLength: 1 }), fc.nat(999));
    fc.assert(
      fc.property(fc.array(segment), (path) => {
        expect(parsePath(formatPath(path))).toEqual(path);
      }),
    );
  });
});
