import { didYouMean, listed } from '../../inventory/suggest';

/** Names of stacks, or why there are none. */
export type SelectedStacks =
  { readonly stacks: readonly string[] } | { readonly stacks?: undefined; readonly problem: string };

/**
 * The stacks that an operator names, in the order of `known`: each word is a name, or a pattern with `*` (`prod-*`). No word means all.
 *
 * @param known the stacks of the environments that are asked for
 */
export function selectStacks(known: readonly string[], words: readonly string[]): SelectedStacks {
  if (words.length === 0) return { stacks: known };
  const chosen = new Set<string>();
  for (const word of words) {
    const found = known.filter((name) => matches(word, name));
    if (found.length === 0)
      return { problem: `there is no stack "${word}": ${didYouMean(word, known)}stacks: ${listed(known)}` };
    for (const name of found) chosen.add(name);
  }
  return { stacks: known.filter((name) => chosen.has(name)) };
}

function matches(word: string, name: string): boolean {
  const parts = word.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(name);
}
