import { iamServices, matchingActions } from '../../iamCatalogue';
import type { Rule } from '../Rule';

/** `Resource: "*"` is for actions that take nothing else, or it has a reason. */
export const wildcardResource: Rule = {
  name: 'wildcard-resource',
  severities: ['warning'],
  what: 'A statement allows `"*"` only for actions that take no other resource, or with `because`.',
  example: 's3:GetObject takes resources, but is allowed on "*"',
  *check({ statements }) {
    for (const { statement, at } of statements) {
      const index = statement.resources.indexOf('*');
      if (index < 0 || statement.effect === 'Deny' || statement.because !== undefined) continue;
      const narrower = statement.actions.filter(takesResources);
      if (narrower.length === 0) continue;
      yield {
        path: at('resources', index),
        message: `${narrower.join(', ')} ${narrower.length === 1 ? 'takes' : 'take'} resources, but ${narrower.length === 1 ? 'is' : 'are'} allowed on "*"`,
        hint: 'Name the ARNs, or say why with `because` in the statement.',
      };
    }
  },
};

/** An unknown action has a finding of its own. */
function takesResources(action: string): boolean {
  if (action === '*') return true;
  if (!iamServices().has((action.split(':')[0] ?? '').toLowerCase())) return false;
  return matchingActions(action).some(({ wildcardOnly }) => !wildcardOnly);
}
