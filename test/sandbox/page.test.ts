import fc from 'fast-check';
import { page } from '../../src/sandbox/api/pages';
import { readQueryInput, writeElement } from '../../src/sandbox/http/queryProtocol';
import { XMLParser } from 'fast-xml-parser';

describe('Pages', () => {
  it('show each item once, in order, whatever their size', () => {
    const names = fc.uniqueArray(fc.string({ minLength: 1 }));
    fc.assert(
      fc.property(names, fc.integer({ min: 1, max: 7 }), (all, size) => {
        const seen: string[] = [];
        let marker: string | undefined;
        do {
          const { items, next } = page(all, (item) => item, marker, size);
          expect(items.length).toBeLessThanOrEqual(size);
          seen.push(...items);
          marker = next;
        } while (marker !== undefined);
        expect(seen).toEqual([...all].sort((one, other) => (one < other ? -1 : 1)));
      }),
    );
  });

  it('neither hide nor repeat items when others go between two of them', () => {
    const first = page(['a', 'b', 'c', 'd'], (item) => item, undefined, 2);
    expect(page(['a', 'c', 'd'], (item) => item, first.next, 2).items).toEqual(['c', 'd']);
  });

  it('refuse a marker that they did not give', () => {
    expect(() => page(['a'], (item) => item, 'nonsense', 2)).toThrow('Invalid Marker');
  });
});

describe('The Query protocol', () => {
  it('reads structures and lists, in the order of their numbers', () => {
    const form = new URLSearchParams(
      'Action=X&Version=1&Tags.member.2.Key=b&Tags.member.1.Key=a&Tags.member.1.Value=&Name=n&Keys.member.1=k',
    );
    expect(readQueryInput(form)).toEqual({ Name: 'n', Keys: ['k'], Tags: [{ Key: 'a', Value: '' }, { Key: 'b' }] });
  });

  it('writes any text so that it is read as it was', () => {
    const parser = new XMLParser({ parseTagValue: false, trimValues: false });
    const texts = fc.string({ unit: 'grapheme' }).filter((text) => !/[\p{Cc}\p{Cs}\ufffe\uffff]/u.test(text));
    fc.assert(
      fc.property(texts, (text) => {
        expect((parser.parse(writeElement('A', { B: text })) as { A: { B: string } }).A.B).toBe(text);
      }),
    );
  });
});
