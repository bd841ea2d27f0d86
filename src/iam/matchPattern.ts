import { boundedCache } from './boundedCache';

/** A run of any characters, and one character, among the UTF-16 code units of a pattern. */
const ANY_RUN = -1;
const ANY_ONE = -2;

/** A compiled glob: code units and wildcards; `exact` instead of both where nothing in it is a wildcard. */
export interface Pattern {
  readonly codes: readonly number[];
  readonly exact?: string;
}

/** A piece of a pattern. In a `literal` one `*` and `?` mean themselves. */
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
 * Compiles a glob from pieces, some of which may be literal (values put in for policy variables).
 * @returns the pattern for {@link matchPattern}
 */
export function compilePieces(pieces: readonly PatternPiece[]): Pattern {
  return fromCodes(pieces.flatMap(codesOf));
}

/**
 * Compiles a glob in which `*` stands for any run of characters, none included, and `?` for one.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
export const compilePattern = boundedCache(4096, (text) => compilePieces([{ text, literal: false }]));

/**
 * Cuts a pattern at its first colons, as an ARN is cut.
 * @param most how many pieces to give at most; the last keeps its colons
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

/** How many colon-delimited components an ARN has. */
export const ARN_PARTS = 6;

/** The globs for the components of an ARN, from a text without variables; fewer than six for an incomplete ARN. */
export const compileArnPattern = boundedCache(2048, (text) => splitPattern(compilePattern(text), ARN_PARTS));

/** Whether the last thing in a pattern is a run of any characters. */
export function endsOpen(pattern: Pattern): boolean {
  return pattern.codes.at(-1) === ANY_RUN;
}

/** Whether a pattern is made of `*` alone, and so matches every text. */
export function matchesEverything(pattern: Pattern): boolean {
  return pattern.codes.length > 0 && pattern.codes.every((code) => code === ANY_RUN);
}

/**
 * Whether a whole text fits a pattern, letter case counted.
 *
 * Only the last run of any characters is ever tried again, so the work is at most pattern length times text length,
 * whatever the pattern.
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
