/**
 * What the sandbox still does otherwise than the models. The contract test fails when one of these is gone, and when there is another.
 */
export const OPEN_FINDINGS: readonly string[] = [
  'iam:UpdateOpenIDConnectProviderThumbprint: ThumbprintList is missing: accepted',
  'iam:CreateOpenIDConnectProvider: {"Url":"http://example.com"}: ValidationError instead of InvalidInput',
  'eks:CreateAddon: resolveConflicts is no value of the enum: accepted',
  'eks:CreateAddon: podIdentityAssociations[0].serviceAccount is missing: ResourceInUseException',
  'eks:CreateAddon: podIdentityAssociations[0].roleArn is missing: ResourceInUseException',
  'eks:UpdateAddon: resolveConflicts is no value of the enum: accepted',
  'eks:DescribeUpdate: addonName names nothing: accepted',
];
