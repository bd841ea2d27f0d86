import { formatTimeSpan, parseTimeSpan } from '../../../src/operations/timeSpan';

const HOUR = 3_600_000;

describe('time spans', () => {
  it.each<[string, number | undefined]>([
    ['90m', 1.5 * HOUR],
    ['36h', 36 * HOUR],
    ['7d', 7 * 24 * HOUR],
    ['2w', 14 * 24 * HOUR],
    ['0d', undefined],
    ['7', undefined],
    ['7 d', undefined],
    ['-7d', undefined],
    ['a week', undefined],
  ])('%s is read', (text, milliseconds) => {
    expect(parseTimeSpan(text)).toBe(milliseconds);
  });

  it.each<[number, string]>([
    [0, '0m'],
    [59_000, '0m'],
    [40 * 60_000, '40m'],
    [5.2 * HOUR, '5h 12m'],
    [24 * HOUR, '1d'],
    [(6 * 24 + 3) * HOUR + 59_000, '6d 3h'],
  ])('%d ms are shown', (milliseconds, text) => {
    expect(formatTimeSpan(milliseconds)).toBe(text);
  });
});
