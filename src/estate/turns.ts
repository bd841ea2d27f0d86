/** Lets so many questions be under way at the same time; the others wait in line. */
export function turns(atOnce: number): <T>(ask: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (ask) => {
    if (running >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await ask();
    } finally {
      // The turn goes to the next in line, or is free again.
      const next = waiting.shift();
      if (next === undefined) running--;
      else next();
    }
  };
}
