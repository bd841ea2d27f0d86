import { parse } from 'yaml';
import { LIMITS } from './limits';

/** Gives the value that a member of an object has, or throws. */
type Revive = (key: unknown, value: unknown) => unknown;

function asItIs(_key: unknown, value: unknown): unknown {
  return value;
}

/**
 * Reads JSON or YAML: clients that announce YAML send JSON too. The YAML parser needs minutes, or all memory, for some texts of a few
 * kilobytes: many brackets or `?` inside each other, long rows of tags, anchors or escapes. So YAML has lower limits than JSON.
 * @param refuse makes the error for a text that cannot be read, from a sentence or from the parser's error; an error of `revive` it gives back
 */
export function readYaml(text: string, refuse: (problem: unknown) => Error, revive: Revive = asItIs): unknown {
  try {
    return JSON.parse(text, revive) as unknown;
  } catch (error) {
    if (refuse(error) === error) throw error;
  }
  if (text.length > LIMITS.yamlLength) throw refuse(`a body in YAML has at most ${LIMITS.yamlLength} characters`);
  if (nestsTooDeep(text)) throw refuse(undefined);
  try {
    return parse(text, revive, { logLevel: 'error' }) as unknown;
  } catch (error) {
    throw refuse(error);
  }
}

/** True for more open brackets, or more keys with a question mark, than any object of the API has. Text in quotes counts too. */
function nestsTooDeep(text: string): boolean {
  let open = 0;
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    open = bracket === '[' || bracket === '{' ? open + 1 : Math.max(0, open - 1);
    if (open > LIMITS.depth) return true;
  }
  return text.split(/(?:^|\s)\?(?=\s|$)/).length > LIMITS.depth;
}
