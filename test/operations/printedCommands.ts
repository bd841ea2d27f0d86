import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

interface Rule {
  readonly resources?: readonly string[];
  readonly verbs: readonly string[];
}

/** The verbs and resources of the ClusterRole `podlift-read`, as `list pods`. */
const READ = (() => {
  const block = /^```yaml read\n([\s\S]*?)^```/m.exec(readFileSync('docs/permissions.md', 'utf8'))?.[1] ?? '';
  const { rules } = parse(block) as { rules: readonly Rule[] };
  return new Set(
    rules.flatMap(({ resources = [], verbs }) => resources.flatMap((one) => verbs.map((verb) => `${verb} ${one}`))),
  );
})();

/** Commands that change something: an operator needs more for them. */
const CHANGES = /^(annotate|create|delete|rollout restart) /;

/** What a kubectl command asks for, as `get pods`; nothing for a command that changes something, or asks for a path. */
function needed(command: string): string | undefined {
  const [, words = command] = /^kubectl --context \S+ (?:-n \S+ )?(.*)$/.exec(command) ?? [];
  if (CHANGES.test(words) || words.startsWith('get --raw ')) return undefined;
  const [verb = '', resource = '', name = '-'] = words.split(' ');
  if (verb !== 'get') return words;
  const plural = resource.endsWith('s') ? resource : `${resource}s`;
  return `${name.startsWith('-') ? 'list' : 'get'} ${plural}`;
}

/**
 * The inspecting commands in the lines of a message that `podlift-read` does not allow, with what they need; those whose sentence before says what
 * they need are left out.
 */
export function unannounced(text: string): string[] {
  let sentence = '';
  return text.split('\n').flatMap((line) => {
    if (!line.startsWith('kubectl ')) {
      sentence = line;
      return [];
    }
    const what = needed(line);
    if (what === undefined || READ.has(what) || /needs the verb \w+ on .*:$/.test(sentence)) return [];
    return [`${what}: ${line}`];
  });
}
