/** A time as `since` is written: ISO 8601 in UTC, whole seconds (cut, not rounded, so that it is never in the future). */
export function sinceText(time: Date): string {
  return time.toISOString().replace(/\.\d+Z$/, 'Z');
}
