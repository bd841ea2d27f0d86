import type { Format } from '../Format';

/** The version of an EKS add-on is `vX.Y.Z-eksbuild.N`. */
export const addonVersion: Format = {
  name: 'addon-version',
  severities: ['error'],
  what: 'The `version` of an add-on is `vX.Y.Z-eksbuild.N`.',
  example: '"1.40.0" is not a version of an add-on',
  subject: 'a version of an add-on',
  pattern: /^v\d+\.\d+\.\d+([.-][\w.]+)?-eksbuild\.\d+$/,
  expected: 'vX.Y.Z-eksbuild.N',
  hint: 'List them with: aws eks describe-addon-versions --addon-name <name>',
};
