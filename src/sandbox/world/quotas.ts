/** The quotas that the sandbox enforces. */
export interface Quotas {
  /** Characters of a trust policy, without white space. */
  readonly trustPolicyLength: number;
  /** Characters of a role's inline policies together, without white space. */
  readonly inlinePolicyLength: number;
  /** Characters of a managed policy, without white space. */
  readonly managedPolicyLength: number;
  readonly managedPoliciesPerRole: number;
  readonly policyVersions: number;
  readonly rolesPerAccount: number;
  readonly oidcProvidersPerAccount: number;
  readonly clientIdsPerProvider: number;
  readonly associationsPerCluster: number;
  readonly tagsPerResource: number;
  /** Requests a second to LookupEvents in one region. AWS does not raise this quota; tests with a clock that stands still do. */
  readonly lookupsPerSecond: number;
}

/**
 * The defaults of a new account.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html,
 * https://docs.aws.amazon.com/eks/latest/userguide/pod-identities.html and
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
 */
export const DEFAULT_QUOTAS: Quotas = {
  trustPolicyLength: 2048,
  inlinePolicyLength: 10_240,
  managedPolicyLength: 6144,
  managedPoliciesPerRole: 10,
  policyVersions: 5,
  rolesPerAccount: 1000,
  oidcProvidersPerAccount: 100,
  clientIdsPerProvider: 100,
  associationsPerCluster: 5000,
  tagsPerResource: 50,
  lookupsPerSecond: 2,
};

/** The length of a policy document as IAM counts it, without white space. */
export function policyLength(document: string): number {
  return document.replace(/\s/g, '').length;
}
