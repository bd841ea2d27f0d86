/** The times of a CronJob: minutes, hours, days and months in UTC. */
export interface CronSchedule {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly days: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  readonly weekdays: ReadonlySet<number>;
  /** Day and weekday must both match, because one of them is `*`. Else one match is enough. */
  readonly bothDays: boolean;
}

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
  // `5/15` ends at the largest value.
  const openEnd = isAll || (high === undefined && stepText !== undefined) ? field.max : start;
  const end = high === undefined || isAll ? openEnd : readNumber(high, field);
  const step = stepText === undefined ? 1 : readNumber(stepText, { ...field, names: [] });
  if (start < field.min) throw new Error(`beginning of range (${start}) below minimum (${field.min}): ${text}`);
  if (end > field.max) throw new Error(`end of range (${end}) above maximum (${field.max}): ${text}`);
  if (start > end) throw new Error(`beginning of range (${start}) beyond end of range (${end}): ${text}`);
  if (step === 0) throw new Error(`step of range should be a positive number: ${text}`);
  return Array.from({ length: Math.floor((end - start) / step) + 1 }, (_, index) => start + index * step);
}

/**
 * Reads the schedule of a CronJob. Throws an `Error` with the API server's message. `@every` is not implemented.
 * Source: github.com/robfig/cron v3 parser.go (ParseStandard), which Kubernetes uses
 */
export function readCronSchedule(text: string): CronSchedule {
  if (text.startsWith('@every ')) throw new Error('the podlift sandbox does not implement @every: write five fields');
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
/** The search for a schedule that never matches, such as 30 February, ends after so many years. */
const MAX_YEARS = 5;

/** The first time of a schedule after another time. Undefined when it never matches. Source: github.com/robfig/cron v3 spec.go (Next) */
export function nextTime(schedule: CronSchedule, after: Date): Date | undefined {
  const at = new Date(Math.floor(after.getTime() / MINUTE) * MINUTE + MINUTE);
  const lastYear = at.getUTCFullYear() + MAX_YEARS;
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

/** The last time of a schedule that is after `after` and not after `now`. Undefined when there is none. */
export function lastTime(schedule: CronSchedule, after: Date, now: Date): Date | undefined {
  // For most schedules the last two days are enough.
  const late = new Date(Math.max(after.getTime(), now.getTime() - 2 * DAY));
  const isLate = late.getTime() > after.getTime();
  const start = isLate && (nextTime(schedule, late) ?? new Date(Infinity)) <= now ? late : after;
  let found: Date | undefined;
  for (let next = nextTime(schedule, start); next !== undefined && next <= now; next = nextTime(schedule, next)) {
    found = next;
  }
  return found;
}
