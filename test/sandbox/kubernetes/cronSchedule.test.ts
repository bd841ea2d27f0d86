import { lastTime, nextTime, readCronSchedule } from '../../../src/sandbox/kubernetes/cronSchedule';

const at = (text: string) => new Date(`2026-11-${text}Z`);
const next = (schedule: string, after: string) => nextTime(readCronSchedule(schedule), at(after))?.toISOString();

describe('The schedule of a CronJob', () => {
  it.each([
    ['* * * * *', '21T12:00:00', '2026-11-21T12:01:00.000Z'],
    ['* * * * *', '21T12:00:59', '2026-11-21T12:01:00.000Z'],
    ['*/15 * * * *', '21T12:07:00', '2026-11-21T12:15:00.000Z'],
    ['5/20 * * * *', '21T12:25:00', '2026-11-21T12:45:00.000Z'],
    ['0 2-4,22 * * *', '21T04:00:00', '2026-11-21T22:00:00.000Z'],
    ['30 3 1 * *', '21T12:00:00', '2026-12-01T03:30:00.000Z'],
    ['0 0 * JAN-MAR *', '21T12:00:00', '2027-01-01T00:00:00.000Z'],
    ['0 9 * * mon-fri', '21T12:00:00', '2026-11-23T09:00:00.000Z'],
    // Day and weekday: one of them is enough when both are stated.
    ['0 0 1 * sun', '21T12:00:00', '2026-11-22T00:00:00.000Z'],
    ['0 0 13 * *', '21T12:00:00', '2026-12-13T00:00:00.000Z'],
    ['0 0 29 2 ?', '21T12:00:00', '2028-02-29T00:00:00.000Z'],
    ['@daily', '21T12:00:00', '2026-11-22T00:00:00.000Z'],

    ['0 0 30 2 *', '21T12:00:00', undefined],
  ])('"%s" comes after %s next at %s', (schedule, after, wanted) => {
    expect(next(schedule, after)).toBe(wanted);
  });

  it.each([
    ['* * * *', 'expected exactly 5 fields, found 4: [* * * *]'],
    ['60 * * * *', 'end of range (60) above maximum (59): 60'],
    ['* * * * 7', 'end of range (7) above maximum (6): 7'],
    ['* * 0 * *', 'beginning of range (0) below minimum (1): 0'],
    ['5-1 * * * *', 'beginning of range (5) beyond end of range (1): 5-1'],
    ['*/0 * * * *', 'step of range should be a positive number: */0'],
    ['x * * * *', 'failed to parse int from x'],
    ['1/2/3 * * * *', 'too many slashes: 1/2/3'],
    ['1-2-3 * * * *', 'too many hyphens: 1-2-3'],
    ['@sometimes', 'unrecognized descriptor: @sometimes'],
    ['@every 1h30m', 'the podlift sandbox does not implement @every'],
  ])('"%s" is refused: %s', (schedule, words) => {
    expect(() => readCronSchedule(schedule)).toThrow(words);
  });

  it.each([
    ['*/10 * * * *', '21T12:00:00', '21T12:35:00', '2026-11-21T12:30:00.000Z'],
    ['*/10 * * * *', '01T12:00:00', '21T12:35:00', '2026-11-21T12:30:00.000Z'],
    ['0 0 3 * *', '01T12:00:00', '21T12:35:00', '2026-11-03T00:00:00.000Z'],
    ['0 0 3 * *', '04T12:00:00', '21T12:35:00', undefined],
  ])('"%s" came between %s and %s last at %s', (schedule, after, now, wanted) => {
    expect(lastTime(readCronSchedule(schedule), at(after), at(now))?.toISOString()).toBe(wanted);
  });
});
