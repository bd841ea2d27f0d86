import { GetRoleCommand, type IAMClient } from '@aws-sdk/client-iam';
import type { PolicyDocument } from '../../iam/PolicyDocument';
import type { RoleFacts } from './AwsPort';
import { unlessMissing } from './ask';

/** A role by its name, whatever its path; or nothing. Throws when its trust policy is not JSON. */
export async function readRole(
  iam: IAMClient,
  RoleName: string,
  abortSignal: AbortSignal,
): Promise<RoleFacts | undefined> {
  const command = new GetRoleCommand({ RoleName });
  const answer = await unlessMissing(['NoSuchEntityException', 'NoSuchEntity'], iam.send(command, { abortSignal }));
  const role = answer?.Role;
  if (role === undefined) return undefined;
  const lastUsed = role.RoleLastUsed?.LastUsedDate?.toISOString();
  return {
    arn: role.Arn ?? '',
    // IAM sends documents URL-encoded (RFC 3986).
    trust: JSON.parse(decodeURIComponent(role.AssumeRolePolicyDocument ?? '{"Statement":[]}')) as PolicyDocument,
    ...(lastUsed === undefined ? {} : { lastUsed }),
  };
}
