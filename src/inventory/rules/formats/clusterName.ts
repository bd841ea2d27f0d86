import type { Format } from '../Format';

/**
 * A cluster's name is one that EKS takes.
 * Source: https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateCluster.html
 */
export const clusterName: Format = {
  name: 'cluster-name',
  severities: ['error'],
  what: "A cluster's name is one that EKS takes.",
  example: '"arn:aws:eks:…" is not an EKS cluster\'s name',
  subject: "an EKS cluster's name",
  pattern: /^[0-9A-Za-z][A-Za-z0-9_-]{0,99}$/,
  expected: 'at most 100 letters, digits, - and _, the first a letter or digit',
  hint: 'Write the name that EKS shows, not the ARN.',
  unquoted: 'Write it in quotes: names are text.',
};
