import { boundedCache } from './boundedCache';

/** The parts of an Amazon Resource Name. `resource` keeps its colons and slashes; `region` and `account` may be empty. */
export interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly account: string;
  readonly resource: string;
}

/** The six colon-delimited components of an ARN; the first is `arn`. */
export type ArnParts = readonly [string, string, string, string, string, string];

/**
 * Splits an ARN into its components.
 * @returns undefined for a text that is not an ARN
 */
export const splitArn = boundedCache(2048, (text): ArnParts | undefined => {
  if (!text.startsWith('arn:')) return undefined;
  const parts: string[] = [];
  let from = 0;
  for (let count = 0; count < 5; count += 1) {
    const at = text.indexOf(':', from);
    if (at === -1) return undefined;
    parts.push(text.slice(from, at));
    from = at + 1;
  }
  parts.push(text.slice(from));
  return parts as unknown as ArnParts;
});

/**
 * Parses an ARN.
 * @returns undefined for a text that is not an ARN
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
 */
export const parseArn = boundedCache(2048, (text): Arn | undefined => {
  const parts = splitArn(text);
  if (parts === undefined) return undefined;
  const [, partition, service, region, account, resource] = parts;
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

const ROLE_ARN =
  /^arn:(?:aws|aws-cn|aws-us-gov):iam::(?<accountId>\d{12}):role(?<path>\/(?:[\x21-\x7e]+\/)?)(?<name>[\w+=,.@-]{1,64})$/;

/**
 * Parses the ARN of a role.
 * @returns undefined for another text
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
 */
export function parseRoleArn(text: string): RoleArn | undefined {
  const parts = ROLE_ARN.exec(text)?.groups as RoleArn | undefined;
  return parts && { ...parts };
}
