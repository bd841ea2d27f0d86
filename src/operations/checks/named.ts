/** Names for a sentence: at most `most` of them, with the number of those left out. */
export function named(names: readonly string[], most = 5): string {
  const shown = names.slice(0, most).join(', ');
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}
