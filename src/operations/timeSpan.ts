const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const UNITS: Readonly<Record<string, number>> = { m: MINUTE, h: HOUR, d: DAY, w: 7 * DAY };

/** A span of the inventory (`7d`, `36h`, `90m`, `2w`) in milliseconds; nothing where it is no span. */
export function parseTimeSpan(text: string): number | undefined {
  const [, count, unit] = /^([1-9]\d{0,4})([mhdw])$/.exec(text) ?? [];
  return count === undefined ? undefined : Number(count) * (UNITS[unit ?? ''] ?? Number.NaN);
}

/** Milliseconds for people, in its two greatest units, rounded down: `6d 3h`, `5h 12m`, `40m`. */
export function formatTimeSpan(milliseconds: number): string {
  const days = Math.floor(milliseconds / DAY);
  const hours = Math.floor((milliseconds % DAY) / HOUR);
  const minutes = Math.floor((milliseconds % HOUR) / MINUTE);
  const parts =
    days > 0 ? [`${days}d`, hours > 0 && `${hours}h`] : [hours > 0 && `${hours}h`, minutes > 0 && `${minutes}m`];
  return parts.filter((part) => part !== false).join(' ') || '0m';
}
