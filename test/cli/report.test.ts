import fc from 'fast-check';
import { table } from '../../src/cli/report';

const widest = (text: string) => Math.max(...text.split('\n').map(({ length }) => length));

const ARN = 'arn:aws:iam::333333333333:role/team/prod-orders-api-with-a-name-of-sixty-four-characters-in-all-';
const ROW = ['FAIL', 'association', 'orders-api', 'main', `a-1: its role is ${ARN}, should be ${ARN}`];

describe('a table', () => {
  it.each([60, 80, 120])('fits a terminal of %d characters', (width) => {
    const text = table(['result', 'check', 'workload', 'cluster', 'found'], [ROW, ROW], width);
    expect(widest(text)).toBeLessThanOrEqual(width);
    expect(text).toContain('│');
    expect(text.replace(/[^\w]/g, '')).toContain('FAIL');
  });

  it('is no wider than its rows', () => {
    expect(widest(table(['a', 'b'], [['one', 'two']], 120))).toBeLessThan(20);
  });

  it('becomes a list where its narrowest columns do not fit', () => {
    const heads = Array.from({ length: 9 }, (_, index) => `column-${index}`);
    const text = table(heads, [heads.map((head) => `the value of ${head}`)], 60);
    expect(text).not.toContain('│');
    expect(text.split('\n')[0]).toBe('column-0  the value of column-0');
    expect(widest(text)).toBeLessThanOrEqual(60);
  });

  it('colours each line of a cell, and nothing else', () => {
    const text = table(['a', 'b'], [[{ text: 'red red red', paint: (line) => `<${line}>` }, 'plain']], 18);
    expect(text.match(/<red>/g)).toHaveLength(3);
    expect(text).not.toMatch(/<plain/);
  });

  const words = fc.array(fc.stringMatching(/^[a-z:/.-]{1,90}$/), { minLength: 1, maxLength: 12 });
  it('never exceeds its width, and loses no character', () => {
    fc.assert(
      fc.property(
        fc.array(words, { minLength: 1, maxLength: 9 }),
        fc.integer({ min: 40, max: 200 }),
        (cells, width) => {
          const row = cells.map((parts) => parts.join(' '));
          const text = table(
            row.map((_, index) => `c${index}`),
            [row],
            width,
          );
          expect(widest(text)).toBeLessThanOrEqual(width);
          const letters = (one: string) => one.replace(/[^a-z]/g, '').length;
          expect(letters(text)).toBe(letters(row.join('')) + row.length);
        },
      ),
      { numRuns: 40 },
    );
  });
});
