import { listOf, oneOrList } from '../../src/iam/PolicyDocument';

describe('an element that is one value or a list', () => {
  it.each([
    ['a', ['a']],
    [['a'], ['a']],
    [
      ['a', 'b'],
      ['a', 'b'],
    ],
    [[], []],
  ])('%j has the values %j', (element, values) => {
    expect(listOf(element)).toEqual(values);
  });

  it.each([
    [['a'], 'a'],
    [
      ['a', 'b'],
      ['a', 'b'],
    ],
    [[], []],
  ])('is written for the values %j as %j', (values, element) => {
    expect(oneOrList(values)).toEqual(element);
  });

  it('keeps a value that is nothing in its list', () => {
    expect(oneOrList([undefined])).toEqual([undefined]);
  });
});
