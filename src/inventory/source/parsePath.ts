import type { Segments } from '../Issue';

const PIECE = /\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]|\.?([^.[\]]+)/gy;

/**
 * Reads a path that `formatPath` wrote. What cannot be read ends it: the pieces before it are returned, so that a problem with
 * an odd path still lands on its nearest ancestor.
 */
export function parsePath(text: string): Segments {
  const segments: (string | number)[] = [];
  PIECE.lastIndex = 0;
  for (let piece = PIECE.exec(text); piece; piece = PIECE.exec(text)) {
    const [, position, quoted, plain] = piece;
    if (position !== undefined) segments.push(Number(position));
    else if (quoted !== undefined) segments.push(unquote(quoted));
    else if (plain !== undefined) segments.push(plain);
  }
  return segments;
}

function unquote(quoted: string): string {
  try {
    return String(JSON.parse(quoted));
  } catch {
    return quoted.slice(1, -1);
  }
}
