/**
 * Remembers what `make` gave for a text, for at most `limit` texts; then it starts anew, so that hostile input cannot
 * fill the memory.
 * @param limit number of texts kept
 * @param make a pure function of the text
 * @returns `make` with a memory
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

/** A text in lower case; remembered, since the same condition keys come with every request. */
export const lowerCase = boundedCache(2048, (text) => text.toLowerCase());
