/** The parts of an ARN; `resource` is everything after the account. */
export interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly account: string;
  readonly resource: string;
}

/** Takes an ARN apart. Undefined when the text is none. */
export function parseArn(text: string): Arn | undefined {
  const match = /^arn:([^:]+):([^:]+):([^:]*):([^:]*):(.+)$/s.exec(text);
  if (match === null) return undefined;
  const [, partition = '', service = '', region = '', account = '', resource = ''] = match;
  return { partition, service, region, account, resource };
}

/** The partition of a region: `aws`, `aws-cn` or `aws-us-gov`. */
export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

/** The ARN of an IAM entity: `kind` is `role`, `policy`, `oidc-provider`, …; `name` has no leading slash. */
export function iamArn(partition: string, account: string, kind: string, name: string, path = '/'): string {
  return `arn:${partition}:iam::${account}:${kind}${path}${name}`;
}
