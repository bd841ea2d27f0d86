import type { Format } from '../Format';

/**
 * The name of an EKS add-on. The agent has a place of its own.
 * Source: https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateAddon.html
 */
export const addonName: Format = {
  name: 'addon-name',
  severities: ['error'],
  what: 'A key of `addons` is the name of an EKS add-on other than the agent.',
  example: '"EBS CSI" is not the name of an add-on',
  subject: 'the name of an add-on (the agent stands under `agent`)',
  pattern: /^(?!eks-pod-identity-agent$)[a-z0-9][a-z0-9_-]{0,99}$/,
  expected: 'lower-case letters, digits and -',
  hint: 'List them with: aws eks describe-addon-versions --query addons[].addonName',
};
