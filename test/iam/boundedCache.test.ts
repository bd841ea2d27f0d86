import { boundedCache, lowerCase } from '../../src/iam/boundedCache';

describe('a bounded cache', () => {
  it('makes a value once, also where it is undefined', () => {
    const make = jest.fn((text: string) => (text === 'none' ? undefined : text.length));
    const cached = boundedCache(10, make);
    expect(['ab', 'none', 'ab', 'none'].map(cached)).toEqual([2, undefined, 2, undefined]);
    expect(make).toHaveBeenCalledTimes(2);
  });

  it('starts anew when it is full', () => {
    const make = jest.fn((text: string) => text);
    const cached = boundedCache(2, make);
    ['a', 'b', 'a', 'c', 'a'].forEach((text) => cached(text));
    expect(make.mock.calls.flat()).toEqual(['a', 'b', 'c', 'a']);
  });
});

describe('a condition key', () => {
  it('is read in lower case', () => {
    expect(['aws:SourceArn', 'AWS:SOURCEARN', 'aws:SourceArn'].map(lowerCase)).toEqual(
      Array.from({ length: 3 }, () => 'aws:sourcearn'),
    );
  });
});
