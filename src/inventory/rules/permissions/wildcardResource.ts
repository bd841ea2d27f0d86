import { iamServices, matchingActions } from '../../iamCatalogue';
import type { Rule } from '../Rule';

export const wildcardResource: Rule = {
  name: 'wildcard-resource',
  severities: ['warning'],
  what: 'A statement allows `"*"` only for actions without other resources, or with a reason in `because`.',
  example: 's3:GetObject has resources, but is allowed on "*"',
  *check({ statements }) {
    for (const { statement, at } of statements) {
      const index = statement.resources.indexOf('*');
      if (index < 0 || statement.effect === 'Deny' || statement.because !== undefined) continue;
      const narrower = statement.actions.filter(hasResources);
      if (narrower.length === 0) continue;
      yield {
        path: at('resources', index),
        message: `${narrower.join(', ')} ${narrower.length === 1 ? 'has' : 'have'} resources, but ${narrower.length === 1 ? 'is' : 'are'} allowed on "*"`,
        hint: 'List the ARNs, or add the reason as `because` to the statement.',
      };
    }
  },
};

/** Whether an action has other resources than `*`. An unknown action has a finding already. */
function hasResources(action: string): boolean {
  if (action === '*') return true;
  if (!iamServices().has((action.split(':')[0] ?? '').toLowerCase())) return false;
  return matchingActions(action).some(({ wildcardOnly }) => !wildcardOnly);
}
