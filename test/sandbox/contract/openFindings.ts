/**
 * What the sandbox still does otherwise than the models. The contract test fails when one of these is gone, and when there is another.
 */
export const OPEN_FINDINGS: readonly string[] = [
  'iam:UpdateOpenIDConnectProviderThumbprint: ThumbprintList is missing: accepted',
  'iam:CreateOpenIDConnectProvider: {"Url":"http://example.com"}: ValidationError instead of InvalidInput',
];
