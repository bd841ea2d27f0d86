/** The stack of what stands in an environment's own account. */
export function identityStackName(environment: string): string {
  return `${environment}-identity`;
}

/** The stack of an environment's roles in one other account; both by key. */
export function targetsStackName(environment: string, account: string): string {
  return `${environment}-targets-${account}`;
}

/** The stack of the service accounts that Terraform manages in one cluster; both by key. */
export function serviceAccountsStackName(environment: string, cluster: string): string {
  return `${environment}-service-accounts-${cluster}`;
}
