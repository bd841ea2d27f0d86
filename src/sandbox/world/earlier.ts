/** What stood under a key before a change, for those who do not see the change yet. */
export interface Earlier<T> {
  /** Milliseconds since 1970: from then on nobody is shown `value` any more. */
  readonly until: number;
  /** Undefined: there was nothing. */
  readonly value: T | undefined;
}

/** Earlier states by key, the oldest first. */
export type EarlierByKey<T> = Map<string, readonly Earlier<T>[]>;

/** Remembers what stood under a key before a change that becomes visible `ms` from `time` on; nothing for a change that is seen at once. */
export function rememberEarlier<T>(
  all: EarlierByKey<T>,
  key: string,
  value: T | undefined,
  time: Date,
  ms: number,
): void {
  if (ms <= 0) return;
  const now = time.getTime();
  const pending = (all.get(key) ?? []).filter(({ until }) => until > now);
  all.set(key, [...pending, { until: now + ms, value: structuredClone(value) }]);
}

/** What is seen under a key at a time: the oldest state whose successor is not visible yet, else `current`. */
export function stillSeen<T>(all: EarlierByKey<T>, key: string, current: T | undefined, time: Date): T | undefined {
  const pending = all.get(key);
  if (pending === undefined) return current;
  const now = time.getTime();
  const earlier = pending.filter(({ until }) => until > now);
  const [oldest] = earlier;
  if (oldest !== undefined) return oldest.value;
  all.delete(key);
  return current;
}
