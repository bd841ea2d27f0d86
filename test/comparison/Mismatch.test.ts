import { property } from '../../src/comparison/Mismatch';

describe('a property', () => {
  it.each([
    ['a', 'a'],
    ['', ''],
    [undefined, undefined],
  ])('that is as wanted is no mismatch: %j and %j', (wanted, found) => {
    expect(property('role', wanted, found)).toEqual([]);
  });

  it.each([
    ['a', 'b', { wanted: 'a', found: 'b' }],
    ['a', '', { wanted: 'a', found: '' }],
    ['a', undefined, { wanted: 'a' }],
    [undefined, 'b', { found: 'b' }],
  ])('that is not as wanted has the values that there are: %j and %j', (wanted, found, values) => {
    expect(property('role', wanted, found)).toStrictEqual([{ what: 'role', ...values }]);
  });
});
