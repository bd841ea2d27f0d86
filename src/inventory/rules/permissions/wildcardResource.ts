import { iamServices, matchingActions, resourcesOf } from '../../iamCatalogue';
import type { Partition } from '../../Inventory';
import { matchesWildcards } from '../../reading/globs';
import type { Rule } from '../Rule';

export const wildcardResource: Rule = {
  name: 'wildcard-resource',
  severities: ['warning'],
  what: 'A statement allows `"*"`, or an ARN that matches as much, only for actions without other resources, or with a reason in `because`.',
  example: 's3:GetObject has resources, but is allowed on "*"',
  *check({ statements }) {
    for (const { statement, at, holder } of statements) {
      // The pages of the catalogue say why, with their sources.
      if (statement.effect === 'Deny' || statement.because !== undefined || statement.use !== undefined) continue;
      const { partition } = holder.placed.environment;
      const found = statement.resources.flatMap((resource, index) => {
        const narrower = statement.actions.filter((action) => isEverything(resource, action, partition));
        return narrower.length === 0 ? [] : [{ resource, index, narrower }];
      });
      const [first] = found;
      if (first === undefined) continue;
      const { resource, index, narrower } = first;
      const [have, are] = narrower.length === 1 ? ['has', 'is'] : ['have', 'are'];
      yield {
        path: at('resources', index),
        message: `${narrower.join(', ')} ${have} resources, but ${are} allowed on "${resource}"${resource === '*' ? '' : ', which matches all of them'}`,
        hint: 'List the ARNs, or add the reason as `because` to the statement.',
      };
    }
  },
};

/** Whether an action has other resources than `*`, and the resource in a statement matches all of them. An unknown action has a finding already. */
function isEverything(resource: string, action: string, partition: Partition): boolean {
  if (resource !== '*' && !couldBeEverything(resource)) return false;
  if (action === '*') return resource === '*' || namesNothing(resource);
  const [service = ''] = action.split(':');
  if (!iamServices().has(service.toLowerCase())) return false;
  return matchingActions(action).some(({ name, wildcardOnly }) => {
    if (wildcardOnly) return false;
    if (resource === '*') return true;
    const templates = resourcesOf(`${service}:${name}`);
    const matches = (template: string) =>
      SAMPLES.every((sample) => matchesWildcards(resource, sample(template, partition)));
    return templates.length > 0 && (namesNothing(resource) ? templates.some(matches) : templates.every(matches));
  });
}

const WILD = /^[*?]*\*[*?]*$/;

/** The parts of an ARN; the last one keeps its colons. */
function partsOf(arn: string): readonly string[] {
  const parts = arn.split(':');
  return [...parts.slice(0, 5), parts.slice(5).join(':')];
}

/** Whether the region and the account of an ARN are open, and its last part has a wildcard. A `*` in a policy variable is none. */
function couldBeEverything(resource: string): boolean {
  const [, , , region = '', account = '', last = ''] = partsOf(resource);
  return (
    !resource.includes('${') && last.includes('*') && [region, account].every((part) => part === '' || WILD.test(part))
  );
}

/** Whether the last part of an ARN has only wildcards and separators: it names every kind of resource. */
function namesNothing(resource: string): boolean {
  return /^[*?/:]+$/.test(partsOf(resource).at(-1) ?? '');
}

/** ARNs as the catalogue writes them, with names that have no letter in common: a pattern that matches both matches all. */
const SAMPLES = (
  [
    ['us-east-1', '111111111111', 'aaaaaaaaaaaaaaaa'],
    ['eu-west-3', '222222222222', 'zzzzzzzzzzzzzzzzzzzz'],
  ] as const
).map(
  ([region, account, name]) =>
    (template: string, partition: Partition): string =>
      template.replace(/\$\{(\w+)\}/g, (_, variable: string) =>
        variable === 'Partition' ? partition : variable === 'Region' ? region : variable === 'Account' ? account : name,
      ),
);
