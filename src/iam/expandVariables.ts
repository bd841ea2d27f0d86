import { boundedCache } from './boundedCache';
import { ARN_PARTS, compileArnPattern, compilePattern, compilePieces, splitPattern } from './matchPattern';
import type { Pattern, PatternPiece } from './matchPattern';
import type { RequestContext } from './requestContext';

interface Variable {
  readonly key: string;
  readonly fallback: string | undefined;
  /** The text in the policy, for where it is not replaced. */
  readonly written: string;
}

type TemplatePiece = PatternPiece | Variable;

/** A value of a policy with its variables replaced: as text, and as pieces that mark the replaced parts as literal. */
export interface ExpandedValue {
  readonly text: string;
  readonly pieces: readonly PatternPiece[];
}

// `${key}` and `${key, 'default'}`; `${*}`, `${?}` and `${$}` name the character itself.
const VARIABLE = /\$\{(?:([*?$])|([^{}',]+)(?:,\s*'([^']*)')?)\s*\}/g;

const parseTemplate = boundedCache(4096, (value): readonly TemplatePiece[] => {
  const pieces: TemplatePiece[] = [];
  let from = 0;
  for (const match of value.matchAll(VARIABLE)) {
    const [written, character, key, fallback] = match;
    pieces.push({ text: value.slice(from, match.index), literal: false });
    if (character !== undefined) pieces.push({ text: character, literal: true });
    else if (key !== undefined) pieces.push({ key: key.trim().toLowerCase(), written, fallback });
    from = match.index + written.length;
  }
  pieces.push({ text: value.slice(from), literal: false });
  return pieces;
});

function resolve({ key, fallback }: Variable, context: RequestContext): string | undefined {
  const values = context.get(key);
  if ((context.presence?.(key) ?? 'never') !== 'never' || context.canHaveMore?.(key) === true) return undefined;
  // IAM does not replace a variable by several values.
  return (values?.length === 1 ? values[0] : undefined) ?? fallback;
}

/** The keys of the policy variables in a value that have no default, as written; each once. */
export function variablesOf(value: string): readonly string[] {
  if (!value.includes('${')) return [];
  const keys = [...value.matchAll(VARIABLE)].flatMap(([, , key, fallback]) =>
    key === undefined || fallback !== undefined ? [] : [key.trim()],
  );
  return [...new Set(keys)];
}

function colonsIn(text: string): number {
  return text.split(':').length - 1;
}

/** How to read a value. */
export interface ExpandOptions {
  /** False for documents before `2012-10-17`, and for operators that take no variables: `${…}` is plain text then. */
  readonly variables: boolean;
  /** In a `Resource`, variables are replaced after the fifth colon only; before it they are plain text. */
  readonly afterColons?: number;
}

/**
 * Replaces the policy variables of a value by values of the request. These are literal: a `*` in a caller's tag is not a wildcard.
 * @returns undefined when a variable has neither a value nor a default, or when the request may have a value that is not known
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export function expandVariables(
  value: string,
  context: RequestContext,
  { variables, afterColons = 0 }: ExpandOptions,
): ExpandedValue | undefined {
  if (!variables || !value.includes('${')) return { text: value, pieces: [{ text: value, literal: false }] };
  const pieces: PatternPiece[] = [];
  let colons = 0;
  for (const piece of parseTemplate(value)) {
    if ('key' in piece) {
      if (colons < afterColons) {
        pieces.push({ text: piece.written, literal: true });
        continue;
      }
      const text = resolve(piece, context);
      if (text === undefined) return undefined;
      pieces.push({ text, literal: true });
    } else {
      colons += colonsIn(piece.text);
      pieces.push(piece);
    }
  }
  return { text: pieces.map((piece) => piece.text).join(''), pieces };
}

/** Whether a value has no replaced variables, so that its text is its pattern. */
export function isPlain({ pieces }: ExpandedValue): boolean {
  return pieces.every(({ literal }) => !literal);
}

/** The glob of an expanded value. */
export function patternOf(value: ExpandedValue): Pattern {
  return isPlain(value) ? compilePattern(value.text) : compilePieces(value.pieces);
}

/** The globs of the components of an expanded ARN; fewer than six for an incomplete ARN. */
export function arnPatternOf(value: ExpandedValue): readonly Pattern[] {
  return isPlain(value) ? compileArnPattern(value.text) : splitPattern(compilePieces(value.pieces), ARN_PARTS);
}
