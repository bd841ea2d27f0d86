// Names of AWS accounts, regions, IAM and S3, and the elements of a policy.

import type { Format } from './Format';

export const accountId: Format = {
  name: 'account-id',
  what: 'An account id is twelve digits, in quotes.',
  example: '"12345" is not an account id: twelve digits',
  subject: 'an account id',
  pattern: /^\d{12}$/,
  expected: 'twelve digits',
  hint: 'Write the id of the AWS account in quotes: id: "111111111111".',
  unquoted: 'Write it in quotes: YAML reads digits as a number and drops zeros at their front.',
};

/** Source: https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html */
export const region: Format = {
  name: 'region',
  what: 'A region has the form of a region’s code, which shows its partition.',
  example: '"us-west2" is not a region: a region of the partitions aws, aws-cn and aws-us-gov, such as us-west-2',
  subject: 'a region',
  pattern:
    /^(af|ap|ca|cn|eu|il|me|mx|sa|us|us-gov)-(central|east|north|northeast|northwest|south|southeast|southwest|west)-[1-9]\d?$/,
  expected: 'a region of the partitions aws, aws-cn and aws-us-gov, such as us-west-2',
  hint: 'Write the code of the region, not its name and not an availability zone.',
};

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html */
export const roleArn: Format = {
  name: 'role-arn',
  what: '`deployRole` and `readRole` are ARNs of IAM roles.',
  example: '"podlift-deploy" is not the ARN of a role',
  subject: 'the ARN of a role',
  pattern: /^arn:aws(-cn|-us-gov)?:iam::\d{12}:role\/([\x21-\x7e]{1,510}\/)?[\w+=,.@-]{1,64}$/,
  expected: 'arn:<partition>:iam::<twelve digits>:role/<path and name>',
  hint: 'Copy the ARN from the role in IAM.',
};

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html */
export const policyArn: Format = {
  name: 'policy-arn',
  what: 'A permissions boundary is the ARN of a managed policy.',
  example: '"boundary" is not the ARN of a policy',
  subject: 'the ARN of a policy',
  pattern: /^arn:aws(-cn|-us-gov)?:iam::(\d{12}|aws):policy\/([\x21-\x7e]{1,510}\/)?[\w+=,.@-]{1,128}$/,
  expected: 'arn:<partition>:iam::<account id or aws>:policy/<path and name>',
  hint: 'Copy the ARN from the policy in IAM.',
};

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html */
export const managedPolicy: Format = {
  name: 'managed-policy',
  what: 'A managed policy is the name of an AWS managed policy or an ARN.',
  example: '"arn:aws:iam::1:policy/x" is not a managed policy',
  subject: 'a managed policy',
  pattern:
    /^(arn:aws(-cn|-us-gov)?:iam::(\d{12}|aws):policy\/([\x21-\x7e]{1,510}\/)?[\w+=,.@-]{1,128}|([\w+=,.@-]{1,128}\/){0,4}[\w+=,.@-]{1,128})$/,
  expected: 'the name of an AWS managed policy (with its path, as in service-role/X), or the ARN of a policy',
  hint: 'Write AmazonSSMReadOnlyAccess, or arn:{partition}:iam::{account}:policy/name.',
};

/** Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html */
export const roleName: Format = {
  name: 'role-name',
  what: 'IAM accepts the name of the role.',
  example: '"billing role" is not a role name',
  subject: 'a role name',
  pattern: /^[\w+=,.@-]{1,64}$/,
  expected: 'at most 64 letters, digits and _+=,.@-',
  hint: 'Shorten the name, or remove it: the default is <environment>-<workload>.',
  unquoted: 'Write it in quotes: names are text.',
};

/** Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html */
export const rolePath: Format = {
  name: 'role-path',
  what: 'IAM accepts the path of the role.',
  example: '"podlift" is not a role path',
  subject: 'a role path',
  pattern: /^(\/|\/[\x21-\x7e]{1,510}\/)$/,
  expected: '/ or text between two /, at most 512 characters',
  hint: 'Write a / at both ends.',
};

/** Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html */
export const roleDescription: Format = {
  name: 'role-description',
  what: 'IAM accepts the `description` of the role.',
  example: 'a text of 1,200 characters is not a description of a role',
  subject: 'a description of a role',
  pattern: /^[\t\n\r\u0020-\u007e\u00a1-\u00ff]{1,1000}$/,
  expected: 'at most 1,000 characters of Latin-1',
  hint: 'Copy it from the role in IAM.',
};

/**
 * The name of an inline policy. `podlift` is the name of podlift's own policy.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html
 */
export const inlinePolicyName: Format = {
  name: 'inline-policy-name',
  what: 'IAM accepts each key of `inlinePolicies` as a policy name. `podlift` is the policy of `statements`.',
  example: '"podlift" is not a name for another inline policy',
  subject: 'a name for another inline policy',
  // IAM does not compare the case of these names.
  pattern: /^(?![Pp][Oo][Dd][Ll][Ii][Ff][Tt]$)[\w+=,.@-]{1,128}$/,
  expected: 'at most 128 letters, digits and +=,.@_-, but not podlift',
  hint: 'Copy the name from the role in IAM. Statements for podlift’s own policy belong under statements.',
};

/**
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_Tag.html
 */
export const tagKey: Format = {
  name: 'tag-key',
  what: 'IAM accepts the tag key, and podlift does not use it.',
  example: '"aws:team" is not a tag key',
  subject: 'a tag key',
  pattern: /^(?![Aa][Ww][Ss]:|[Pp][Oo][Dd][Ll][Ii][Ff][Tt]:)[\p{L}\p{Z}\p{N}_.:/=+@-]{1,128}$/u,
  expected: 'at most 128 letters, digits, blanks and _.:/=+-@, not beginning with aws: or podlift:',
  hint: 'Rename the tag: aws: is reserved for AWS, and podlift: for the tags of podlift.',
};

/** Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_Tag.html */
export const tagValue: Format = {
  name: 'tag-value',
  what: 'IAM accepts the tag value.',
  example: '"a,b" is not a tag value',
  subject: 'a tag value',
  pattern: /^[\p{L}\p{Z}\p{N}_.:/=+@-]{0,256}$/u,
  expected: 'at most 256 letters, digits, blanks and _.:/=+-@',
  hint: 'Shorten it, or remove the characters that are not allowed.',
  unquoted: 'Write it in quotes: tag values are text.',
};

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html */
export const action: Format = {
  name: 'action',
  what: 'An action is `service:Action`, with wildcards only after the colon.',
  example: '"GetObject" is not an action',
  subject: 'an action',
  pattern: /^(\*|[A-Za-z0-9-]+:[A-Za-z0-9*?]+)$/,
  expected: '<service>:<action>, with * and ? only in the action',
  hint: 'Write it like s3:GetObject.',
};

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html */
export const resource: Format = {
  name: 'resource',
  what: 'A resource is `*` or a complete ARN.',
  example: '"s3:::bucket" is not a resource',
  subject: 'a resource',
  pattern: /^(\*|arn:[^:\s]+:[^:\s]+:[^:\s]*:(?!\d{1,11}:|\d{13,}:)[^:\s]*:\S.*)$/,
  expected: '* or an ARN: arn:<partition>:<service>:<region>:<account>:<resource>, the account empty or twelve digits',
  hint: 'Find the ARN format in the Service Authorization Reference of the service.',
};

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html */
export const sid: Format = {
  name: 'sid',
  what: 'A `sid` has only letters and digits.',
  example: '"read orders" is not a statement id',
  subject: 'a statement id',
  pattern: /^[A-Za-z0-9]{1,128}$/,
  expected: 'letters and digits',
  hint: 'Remove everything except letters and digits, or remove sid.',
  unquoted: 'Write it in quotes: names are text.',
};

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
export const s3Bucket: Format = {
  name: 's3-bucket',
  what: 'S3 accepts the name of the state bucket.',
  example: '"s3://acme" is not a bucket\'s name',
  subject: "a bucket's name",
  pattern: /^(?!\d+\.\d+\.\d+\.\d+$)(?!xn--)(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
  expected: '3 to 63 lower-case letters, digits, - and .',
  hint: 'Write only the name of the bucket, without s3:// and without a path.',
};

/** S3 keeps `..` in a key, and tools that copy keys to folders do not. */
export const s3Prefix: Format = {
  name: 's3-prefix',
  what: 'A state prefix is a plain key prefix.',
  example: '"/podlift/" is not a key prefix',
  subject: 'a key prefix',
  pattern: /^(?!\.{1,2}(?:\/|$))[\w.-]+(?:\/(?!\.{1,2}(?:\/|$))[\w.-]+)*$/,
  expected: 'names of letters, digits, _, . and -, joined by /, without / at its ends; no name is . or ..',
  hint: 'Write it like podlift or teams/payments.',
};
