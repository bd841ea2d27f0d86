/**
 * Caches the results of a pure function for at most `limit` texts. At the limit it empties the cache, so that hostile input cannot fill
 * the memory.
 */
export function boundedCache<Value>(limit: number, make: (text: string) => Value): (text: string) => Value {
  const known = new Map<string, Value>();
  return (text) => {
    const hit = known.get(text);
    if (hit !== undefined || known.has(text)) return hit as Value;
    if (known.size >= limit) known.clear();
    const value = make(text);
    known.set(text, value);
    return value;
  };
}

/** A text in lower case. It is cached, since every request has the same condition keys. */
export const lowerCase = boundedCache(2048, (text) => text.toLowerCase());
