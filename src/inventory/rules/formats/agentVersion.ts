import type { Format } from '../Format';

/** `agent.version` is `vX.Y.Z-eksbuild.N`. */
export const agentVersion: Format = {
  name: 'agent-version',
  severities: ['error'],
  what: '`agent.version` is `vX.Y.Z-eksbuild.N`.',
  example: '"1.3.4" is not a version of the agent add-on',
  subject: 'a version of the agent add-on',
  pattern: /^v\d+\.\d+\.\d+-eksbuild\.\d+$/,
  expected: 'vX.Y.Z-eksbuild.N',
  hint: 'List them with: aws eks describe-addon-versions --addon-name eks-pod-identity-agent',
};
