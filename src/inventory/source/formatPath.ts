import type { Segments } from '../Issue';

const PLAIN_KEY = /^[^.[\]"\s]+$/;

/**
 * Writes a path as findings show it: keys joined by dots, list positions in brackets, and a key that has a dot, a bracket,
 * a quote or a blank in it as `["key"]`.
 */
export function formatPath(path: Segments): string {
  let text = '';
  for (const segment of path) {
    if (typeof segment === 'number') text += `[${segment}]`;
    else if (!PLAIN_KEY.test(segment)) text += `[${JSON.stringify(segment)}]`;
    else text += text === '' ? segment : `.${segment}`;
  }
  return text;
}
