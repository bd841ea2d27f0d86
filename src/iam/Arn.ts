import { boundedCache } from './boundedCache';

/** The parts of an Amazon Resource Name. `resource` keeps its colons and slashes; `region` and `account` may be empty. */
export interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly account: string;
  readonly resource: string;
}

/**
 * Splits an ARN into its six colon-delimited components; the first is `arn`.
 * @returns undefined for a text that is not an ARN
 */
export const splitArn = boundedCache(2048, (text): readonly string[] | undefined => {
  if (!text.startsWith('arn:')) return undefined;
  const parts: string[] = [];
  let from = 0;
  for (let count = 0; count < 5; count += 1) {
    const at = text.indexOf(':', from);
    if (at < 0) return undefined;
    parts.push(text.slice(from, at));
    from = at + 1;
  }
  parts.push(text.slice(from));
  return parts;
});

/**
 * Parses an ARN.
 * @returns undefined for a text that is not an ARN
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
 */
export const parseArn = boundedCache(2048, (text): Arn | undefined => {
  const [, partition, service, region, account, resource] = splitArn(text) ?? [];
  if (partition === undefined || service === undefined || region === undefined) return undefined;
  if (account === undefined || resource === undefined) return undefined;
  return { partition, service, region, account, resource };
});

/**
 * The ARN of a role's session at STS, which does not have the path of the role.
 * @param roleArn the role's IAM ARN with its path
 * @throws Error when `roleArn` is not the ARN of a role
 */
export function sessionArn(roleArn: string, sessionName: string): string {
  const arn = parseArn(roleArn);
  if (arn?.service !== 'iam' || !arn.resource.startsWith('role/'))
    throw new Error(`not the ARN of a role: ${roleArn}; wanted arn:<partition>:iam::<account>:role/<path><name>`);
  const name = arn.resource.slice(arn.resource.lastIndexOf('/') + 1);
  return `arn:${arn.partition}:sts::${arn.account}:assumed-role/${name}/${sessionName}`;
}

/** The ARN of a role in its parts. */
export interface RoleArn {
  readonly accountId: string;
  /** `/` or `/…/`. */
  readonly path: string;
  readonly name: string;
}

const ROLE_ARN = /^arn:(?:aws|aws-cn|aws-us-gov):iam::(\d{12}):role(\/(?:[\x21-\x7e]+\/)?)([\w+=,.@-]{1,64})$/;

/**
 * Reads the ARN of a role.
 * @returns nothing for any other text
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
 */
export function parseRoleArn(text: string): RoleArn | undefined {
  const [, accountId, path, name] = ROLE_ARN.exec(text) ?? [];
  return accountId === undefined || path === undefined || name === undefined ? undefined : { accountId, path, name };
}
