/** The parts of a role's ARN. */
export interface RoleReference {
  readonly arn: string;
  readonly partition: string;
  readonly accountId: string;
  /** `/` or `/…/`. */
  readonly path: string;
  readonly name: string;
}

const ROLE_ARN = /^arn:(aws|aws-cn|aws-us-gov):iam::(\d{12}):role(\/(?:[\x21-\x7e]+\/)?)([\w+=,.@-]{1,64})$/;

/** Reads the ARN of a role; undefined for any other text. */
export function roleReference(text: string): RoleReference | undefined {
  const [arn, partition = '', accountId = '', path = '', name = ''] = ROLE_ARN.exec(text) ?? [];
  return arn === undefined ? undefined : { arn, partition, accountId, path, name };
}
