import type { TextRule } from '../api/Input';

/** What IAM's names must look like. Source: the shapes of IAM's API model (roleNameType, pathType, …). */
export const RULES = {
  roleName: { pattern: /^[\w+=,.@-]+$/, min: 1, max: 64 },
  policyName: { pattern: /^[\w+=,.@-]+$/, min: 1, max: 128 },
  path: { pattern: /^(\/|\/[!-~]+\/)$/, min: 1, max: 512 },
  pathPrefix: { pattern: /^\/[!-~]*$/, min: 1, max: 512 },
  arn: { min: 20, max: 2048 },
  description: { pattern: /^[\t\n\r -~\u00a1-\u00ff]*$/, max: 1000 },
  document: { pattern: /^[\t\n\r -\u00ff]+$/, min: 1, max: 131_072 },
  tagKey: { pattern: /^[\p{L}\p{Z}\p{N}_.:/=+\-@]+$/u, min: 1, max: 128 },
  tagValue: { pattern: /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u, max: 256 },
  thumbprint: { pattern: /^[0-9A-Fa-f]{40}$/, min: 40, max: 40 },
  providerUrl: { min: 1, max: 255 },
  clientId: { min: 1, max: 255 },
  versionId: { pattern: /^v[1-9][0-9]*$/ },
} as const satisfies Record<string, TextRule>;
