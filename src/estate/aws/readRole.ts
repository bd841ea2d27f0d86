import { GetRoleCommand, type IAMClient } from '@aws-sdk/client-iam';
import type { RoleFacts } from './AwsPort';
import { unlessMissing } from './ask';
import { documentOf, NO_SUCH_ENTITY, tagsOf } from './iamAnswers';

/** Seconds: what a role has that says nothing of it. Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_Role.html */
const HOUR = 3600;

/** A role by its name, whatever its path, with its tags; or nothing. Throws when its trust policy is not JSON. */
export async function readRole(
  iam: IAMClient,
  RoleName: string,
  abortSignal: AbortSignal,
): Promise<RoleFacts | undefined> {
  const command = new GetRoleCommand({ RoleName });
  const answer = await unlessMissing(NO_SUCH_ENTITY, iam.send(command, { abortSignal }));
  const role = answer?.Role;
  if (role === undefined) return undefined;
  const lastUsed = role.RoleLastUsed?.LastUsedDate?.toISOString();
  const permissionsBoundary = role.PermissionsBoundary?.PermissionsBoundaryArn;
  return {
    name: role.RoleName ?? RoleName,
    path: role.Path ?? '/',
    arn: role.Arn ?? '',
    trust: documentOf(role.AssumeRolePolicyDocument),
    ...(role.Description ? { description: role.Description } : {}),
    ...(permissionsBoundary === undefined ? {} : { permissionsBoundary }),
    maxSessionDuration: role.MaxSessionDuration ?? HOUR,
    tags: tagsOf(role.Tags),
    ...(lastUsed === undefined ? {} : { lastUsed }),
  };
}
