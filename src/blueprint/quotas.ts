/** A limit of AWS: its default value, and the highest possible value. */
export interface Quota {
  readonly what: string;
  readonly value: number;
  /** Absent: AWS cannot raise the quota. */
  readonly most?: number;
}

/**
 * Every quota that a blueprint can exceed. The quotas that AWS can raise are the keys of `environments.*.quotas`.
 * Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html,
 * https://docs.aws.amazon.com/eks/latest/userguide/service-quotas.html,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html. podlift writes no managed policies, so their size is not listed.
 */
export const QUOTAS = {
  trustPolicyLength: { what: 'characters in a trust policy', value: 2048, most: 8192 },
  managedPoliciesPerRole: { what: 'managed policies on a role', value: 10, most: 25 },
  rolesPerAccount: { what: 'roles in an account', value: 1000, most: 5000 },
  oidcProvidersPerAccount: { what: 'OIDC providers in an account', value: 100, most: 700 },
  inlinePolicyLength: { what: 'characters in the inline policies of a role', value: 10_240 },
  associationsPerCluster: { what: 'associations on a cluster', value: 5000 },
  tagsPerResource: { what: 'tags on a resource', value: 50 },
  sessionTags: { what: 'session tags of a pod', value: 50 },
  roleNameLength: { what: 'characters in a role name', value: 64 },
  rolePathLength: { what: 'characters in a role path', value: 512 },
} as const satisfies Record<string, Quota>;

export type QuotaName = keyof typeof QUOTAS;
