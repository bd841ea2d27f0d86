/** When a CronJob runs: at minutes, hours, days and months of UTC, or each so many seconds. */
export type CronSchedule =
  | { readonly everySeconds: number }
  | {
      readonly minutes: ReadonlySet<number>;
      readonly hours: ReadonlySet<number>;
      readonly days: ReadonlySet<number>;
      readonly months: ReadonlySet<number>;
      readonly weekdays: ReadonlySet<number>;
      /** Day and weekday both count: one of them is `*`. Else one of them is enough. */
      readonly bothDays: boolean;
    };

interface Field {
  readonly min: number;
  readonly max: number;
  readonly names: readonly string[];
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const FIELDS: readonly Field[] = [
  { min: 0, max: 59, names: [] },
  { min: 0, max: 23, names: [] },
  { min: 1, max: 31, names: [] },
  { min: 1, max: 12, names: MONTHS },
  { min: 0, max: 6, names: WEEKDAYS },
];
const DESCRIPTORS: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};
const UNITS: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1 };

function readNumber(text: string, { names, min }: Field): number {
  const index = names.indexOf(text.toLowerCase());
  if (index >= 0) return index + min;
  if (!/^\d+$/.test(text)) throw new Error(`failed to parse int from ${text}`);
  return Number(text);
}

/** The values of one part of a field: a value, a range or `*`, with or without a step. */
function readRange(text: string, field: Field): readonly number[] {
  const [range = '', stepText, ...more] = text.split('/');
  const [low = '', high, ...others] = range.split('-');
  if (more.length > 0) throw new Error(`too many slashes: ${text}`);
  if (others.length > 0) throw new Error(`too many hyphens: ${text}`);
  const isAll = low === '*' || low === '?';
  const start = isAll ? field.min : readNumber(low, field);
  // `5/15` goes on to the largest value.
  const openEnd = isAll || (high === undefined && stepText !== undefined) ? field.max : start;
  const end = high === undefined || isAll ? openEnd : readNumber(high, field);
  const step = stepText === undefined ? 1 : readNumber(stepText, { ...field, names: [] });
  if (start < field.min) throw new Error(`beginning of range (${start}) below minimum (${field.min}): ${text}`);
  if (end > field.max) throw new Error(`end of range (${end}) above maximum (${field.max}): ${text}`);
  if (start > end) throw new Error(`beginning of range (${start}) beyond end of range (${end}): ${text}`);
  if (step === 0) throw new Error(`step of range should be a positive number: ${text}`);
  return Array.from({ length: Math.floor((end - start) / step) + 1 }, (_, index) => start + index * step);
}

function readEvery(text: string): CronSchedule {
  const parts = [...text.matchAll(/(\d+)([hms])/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text)
    throw new Error(`failed to parse duration @every ${text}`);
  const everySeconds = parts.reduce((sum, [, count, unit = '']) => sum + Number(count) * (UNITS[unit] ?? 0), 0);
  return { everySeconds: Math.max(1, everySeconds) };
}

/**
 * Reads the schedule of a CronJob. Throws an `Error` that says what is wrong with it, in the API server's words.
 * Source: github.com/robfig/cron v3 parser.go (ParseStandard), which Kubernetes uses
 */
export function readCronSchedule(text: string): CronSchedule {
  if (text.startsWith('@every ')) return readEvery(text.slice('@every '.length));
  const spec = text.startsWith('@') ? DESCRIPTORS[text] : text;
  if (spec === undefined) throw new Error(`unrecognized descriptor: ${text}`);
  const parts = spec.split(/\s+/).filter((part) => part !== '');
  if (parts.length !== FIELDS.length) {
    throw new Error(`expected exactly 5 fields, found ${parts.length}: [${parts.join(' ')}]`);
  }
  const [minutes, hours, days, months, weekdays] = FIELDS.map(
    (field, index) => new Set((parts[index] ?? '').split(',').flatMap((part) => readRange(part, field))),
  ) as [Set<number>, Set<number>, Set<number>, Set<number>, Set<number>];
  const bothDays = [parts[2] ?? '', parts[4] ?? ''].some((part) => /(^|,)[*?]/.test(part));
  return { minutes, hours, days, months, weekdays, bothDays };
}

const MINUTE = 60_000;
/** A schedule that never comes, such as 30 February, is given up after so many years. */
const MOST_YEARS = 5;

/** The first time of a schedule after another; undefined for one that never comes. Source: github.com/robfig/cron v3 spec.go (Next) */
export function nextTime(schedule: CronSchedule, after: Date): Date | undefined {
  if ('everySeconds' in schedule) {
    return new Date(Math.floor(after.getTime() / 1000) * 1000 + schedule.everySeconds * 1000);
  }
  const at = new Date(Math.floor(after.getTime() / MINUTE) * MINUTE + MINUTE);
  const lastYear = at.getUTCFullYear() + MOST_YEARS;
  while (at.getUTCFullYear() <= lastYear) {
    const onDay = schedule.days.has(at.getUTCDate());
    const onWeekday = schedule.weekdays.has(at.getUTCDay());
    if (!schedule.months.has(at.getUTCMonth() + 1)) {
      at.setTime(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1));
    } else if (schedule.bothDays ? !(onDay && onWeekday) : !(onDay || onWeekday)) {
      at.setTime(Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate() + 1));
    } else if (!schedule.hours.has(at.getUTCHours())) {
      at.setTime(Math.floor(at.getTime() / (60 * MINUTE)) * 60 * MINUTE + 60 * MINUTE);
    } else if (!schedule.minutes.has(at.getUTCMinutes())) at.setTime(at.getTime() + MINUTE);
    else return at;
  }
  return undefined;
}

const DAY = 24 * 60 * MINUTE;

/** The last time of a schedule after `after`, and not after `now`; undefined when there is none. */
export function lastTime(schedule: CronSchedule, after: Date, now: Date): Date | undefined {
  // Of a long time the last two days are enough for most schedules.
  const late = new Date(Math.max(after.getTime(), now.getTime() - 2 * DAY));
  const isLate = late.getTime() > after.getTime() && !('everySeconds' in schedule);
  const start = isLate && (nextTime(schedule, late) ?? new Date(Infinity)) <= now ? late : after;
  let found: Date | undefined;
  for (let next = nextTime(schedule, start); next !== undefined && next <= now; next = nextTime(schedule, next)) {
    found = next;
  }
  return found;
}
