import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

interface Rule {
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly verbs: readonly string[];
}

/** The rules of a ClusterRole of docs/permissions.md. */
function rulesOf(name: string): readonly Rule[] {
  const page = readFileSync('docs/permissions.md', 'utf8');
  const block = new RegExp(`^\`\`\`yaml ${name}\\n([\\s\\S]*?)^\`\`\``, 'm').exec(page)?.[1] ?? '';
  return (parse(block) as { rules: readonly Rule[] }).rules;
}

/**
 * The verbs and resources of the ClusterRoles `podlift-read`, as `list pods`, and `podlift-read-controllers`, as `list secretstores.external-secrets.io`:
 * whoever can run the check that prints a command has the permission for it.
 */
const READ = new Set([
  ...rulesOf('read').flatMap(({ resources = [], verbs }) =>
    resources.flatMap((one) => verbs.map((verb) => `${verb} ${one}`)),
  ),
  ...rulesOf('read-controllers').flatMap(({ apiGroups = [], resources = [], verbs }) =>
    resources.flatMap((one) => verbs.map((verb) => `${verb} ${one}.${apiGroups.join()}`)),
  ),
]);

/** Commands that change something: an operator needs more for them. */
const CHANGES = /^(annotate|create|delete|patch|rollout restart) /;

/** The kubeconfig, and what the ClusterRole system:discovery gives to everybody. Source: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#discovery-roles */
const OF_EVERYBODY = /^(config view --minify|api-versions)$/;

/** What a kubectl command asks for, as `get pods`; nothing for a command that changes something, or that everybody may run. */
function needed(command: string): string | undefined {
  const [, words = command] = /^kubectl --context \S+ (?:-n \S+ )?(.*)$/.exec(command) ?? [];
  if (CHANGES.test(words) || OF_EVERYBODY.test(words)) return undefined;
  const [verb = '', resource = '', name = '-'] = words.split(' ');
  if (verb !== 'get') return words;
  const plural = resource.endsWith('s') || resource.includes('.') ? resource : `${resource}s`;
  return `${name.startsWith('-') ? 'list' : 'get'} ${plural}`;
}

/**
 * The inspecting commands in the lines of a message that the ClusterRoles for reading do not allow, with what they need; those whose sentence before says what
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
