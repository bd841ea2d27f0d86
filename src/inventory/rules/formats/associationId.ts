import type { Format } from '../Format';

/**
 * The id of an association.
 * Source: https://docs.aws.amazon.com/eks/latest/APIReference/API_PodIdentityAssociation.html
 */
export const associationId: Format = {
  name: 'association-id',
  severities: ['error'],
  what: 'An association under `role.imports.associations` is named by its id, `a-…`.',
  example: '"orders-api" is not the id of an association',
  subject: 'the id of an association',
  pattern: /^a-[a-z0-9]{1,64}$/,
  expected: 'a- and lower-case letters and digits',
  hint: 'List them with: aws eks list-pod-identity-associations --cluster-name <cluster>',
};
