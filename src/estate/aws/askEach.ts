/** How many things are described at the same time. */
const AT_ONCE = 10;

/**
 * Asks for each thing of a list, at most ten at a time, and gives the answers in the order of the list. What is gone by the time
 * that it is asked for (undefined) is left out. The first question that fails fails all.
 */
export async function askEach<T, V>(
  things: readonly T[],
  question: (thing: T) => Promise<V | undefined>,
): Promise<V[]> {
  const answers: (V | undefined)[] = [];
  const queue = things.entries();
  const work = async (): Promise<void> => {
    for (const [index, thing] of queue) answers[index] = await question(thing);
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, things.length) }, work));
  return answers.filter((answer) => answer !== undefined);
}
