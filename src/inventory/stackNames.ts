/** The stack of an environment's own account. */
export function identityStackName(environment: string): string {
  return `${environment}-identity`;
}

/** The stack of an environment's roles in another account; both are keys. */
export function targetsStackName(environment: string, account: string): string {
  return `${environment}-targets-${account}`;
}

/** The stack of the service accounts that Terraform manages in one cluster; both are keys. */
export function serviceAccountsStackName(environment: string, cluster: string): string {
  return `${environment}-service-accounts-${cluster}`;
}
