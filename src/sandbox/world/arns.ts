/** The partition of a region: `aws`, `aws-cn` or `aws-us-gov`. */
export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

/** The ARN of an IAM entity. `kind` is `role`, `policy`, `oidc-provider`, …; `name` has no leading slash. */
export function iamArn(partition: string, account: string, kind: string, name: string, path = '/'): string {
  return `arn:${partition}:iam::${account}:${kind}${path}${name}`;
}

/** The ARN of an EKS cluster. */
export function eksClusterArn(region: string, account: string, name: string): string {
  return `arn:${partitionOf(region)}:eks:${region}:${account}:cluster/${name}`;
}
