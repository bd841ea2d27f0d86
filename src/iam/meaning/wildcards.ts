import { compilePattern, matchPattern } from '../matchPattern';

/** Whether a text may hold a policy variable; what such a text matches is not compared. */
export function mayVary(text: string): boolean {
  return text.includes('${');
}

/** A run of `*` is one `*`. A text with a variable stays as it is: a star in it may be a part of a name. */
export function withoutDoubleStars(text: string): string {
  return mayVary(text) ? text : text.replace(/\*{2,}/g, '*');
}

/** A value in which `${` stands means another thing in a document whose version has no variables. */
export function marked(text: string, variables: boolean): string {
  return mayVary(text) && !variables ? `no variable: ${text}` : text;
}

/**
 * Whether every text that fits the pattern `narrow` fits `wide`; it may say no where that is so, never yes where it is not.
 * The pattern `narrow` is matched as a text: its `*` is then only taken by a `*`, since no `?` is let near it.
 */
export function globCovers(wide: string, narrow: string): boolean {
  if (wide === narrow) return true;
  if (wide.includes('?') && narrow.includes('*')) return false;
  return matchPattern(compilePattern(wide), narrow);
}
