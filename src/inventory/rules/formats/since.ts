import type { Format } from '../Format';

/** `since` is an ISO 8601 time that exists. */
export const since: Format = {
  name: 'since',
  severities: ['error'],
  what: '`since` is an ISO 8601 time that exists.',
  example: '"yesterday" is not a time',
  subject: 'a time',
  pattern: /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/,
  accepts: isRealTime,
  expected: 'ISO 8601 with a time zone, such as 2026-11-14T09:00:00Z',
  hint: 'Write day, time and zone, as in 2026-11-14T09:00:00Z.',
};

/** `Date` takes 30 February as 2 March: a time is real when its day comes back as it was written. */
function isRealTime(text: string): boolean {
  const day = text.slice(0, 10);
  const midnight = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(Date.parse(text)) && !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day);
}
