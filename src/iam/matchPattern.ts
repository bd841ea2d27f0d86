import { boundedCache } from './boundedCache';

/** The codes of `*` and `?` among the UTF-16 code units of a pattern. */
const ANY_RUN = -1;
const ANY_ONE = -2;

/** A compiled glob: code units and wildcards. A glob without wildcards has its text in `exact`. */
export interface Pattern {
  readonly codes: readonly number[];
  readonly exact?: string;
}

/** A piece of a pattern. In a `literal` piece `*` and `?` are not wildcards. */
export interface PatternPiece {
  readonly text: string;
  readonly literal: boolean;
}

function codesOf(piece: PatternPiece): number[] {
  const codes: number[] = [];
  for (let at = 0; at < piece.text.length; at += 1) {
    const character = piece.text[at];
    if (!piece.literal && character === '*') codes.push(ANY_RUN);
    else if (!piece.literal && character === '?') codes.push(ANY_ONE);
    else codes.push(piece.text.charCodeAt(at));
  }
  return codes;
}

function fromCodes(codes: readonly number[]): Pattern {
  return codes.some((code) => code < 0)
    ? { codes }
    : { codes, exact: codes.map((code) => String.fromCharCode(code)).join('') };
}

/**
 * Compiles a glob from pieces. The values of policy variables are literal pieces.
 * @returns the pattern for {@link matchPattern}
 */
export function compilePieces(pieces: readonly PatternPiece[]): Pattern {
  return fromCodes(pieces.flatMap(codesOf));
}

/**
 * Compiles a glob: `*` matches any number of characters, also none, and `?` matches one.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
export const compilePattern = boundedCache(4096, (text) => compilePieces([{ text, literal: false }]));

/**
 * Splits a pattern at its first colons, like an ARN.
 * @param most the largest number of pieces; the last one keeps its colons
 */
export function splitPattern(pattern: Pattern, most: number): readonly Pattern[] {
  const colon = ':'.charCodeAt(0);
  const pieces: Pattern[] = [];
  let from = 0;
  while (pieces.length < most - 1) {
    const at = pattern.codes.indexOf(colon, from);
    if (at < 0) break;
    pieces.push(fromCodes(pattern.codes.slice(from, at)));
    from = at + 1;
  }
  pieces.push(fromCodes(pattern.codes.slice(from)));
  return pieces;
}

/** The number of colon-delimited components of an ARN. */
export const ARN_PARTS = 6;

/** The globs for the components of an ARN, from a text without variables; fewer than six for an incomplete ARN. */
export const compileArnPattern = boundedCache(2048, (text) => splitPattern(compilePattern(text), ARN_PARTS));

/** Whether a pattern ends with `*`. */
export function endsOpen(pattern: Pattern): boolean {
  return pattern.codes.at(-1) === ANY_RUN;
}

/** Whether a pattern consists only of `*`, and so matches every text. */
export function matchesEverything(pattern: Pattern): boolean {
  return pattern.codes.length > 0 && pattern.codes.every((code) => code === ANY_RUN);
}

/**
 * Whether a whole text matches a pattern, case sensitive. It goes back only to the last `*`, so the work is at most pattern length times
 * text length.
 */
export function matchPattern(pattern: Pattern, text: string): boolean {
  if (pattern.exact !== undefined) return pattern.exact === text;
  const { codes } = pattern;
  let inPattern = 0;
  let inText = 0;
  let lastRun = -1;
  let textAtRun = 0;
  while (inText < text.length) {
    const code = codes[inPattern];
    if (code === ANY_RUN) {
      lastRun = inPattern;
      textAtRun = inText;
      inPattern += 1;
    } else if (code === ANY_ONE || code === text.charCodeAt(inText)) {
      inPattern += 1;
      inText += 1;
    } else if (lastRun >= 0) {
      textAtRun += 1;
      inText = textAtRun;
      inPattern = lastRun + 1;
    } else {
      return false;
    }
  }
  while (codes[inPattern] === ANY_RUN) inPattern += 1;
  return inPattern === codes.length;
}

/**
 * Whether every text that matches the pattern `narrow` matches `wide`. A wrong `false` is possible, a wrong `true` is not. The pattern
 * `narrow` is matched as a text: only a `*` can match its `*`, since a pattern with `?` is excluded.
 */
export function globCovers(wide: string, narrow: string): boolean {
  if (wide === narrow) return true;
  if (wide.includes('?') && narrow.includes('*')) return false;
  return matchPattern(compilePattern(wide), narrow);
}

/** Whether some text matches both patterns. The work is the product of their lengths. */
export function patternsMeet({ codes: one }: Pattern, { codes: other }: Pattern): boolean {
  // Row by row from the end: meets[j] is whether the rest of `one` and the rest of `other` from j have a common text.
  let below: readonly boolean[] = [];
  for (let i = one.length; i >= 0; i -= 1) {
    const meets = new Array<boolean>(other.length + 1);
    for (let j = other.length; j >= 0; j -= 1) {
      const [mine, theirs] = [one[i], other[j]];
      if (mine === undefined && theirs === undefined) meets[j] = true;
      // A run matches nothing more, or one more character of the other pattern.
      else if (mine === ANY_RUN || theirs === ANY_RUN) meets[j] = below[j] === true || meets[j + 1] === true;
      else meets[j] = (mine === theirs || mine === ANY_ONE || theirs === ANY_ONE) && below[j + 1] === true;
    }
    below = meets;
  }
  return below[0] === true;
}
