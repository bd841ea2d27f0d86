import { parseArn } from '../../iam/Arn';
import type { World } from '../world/World';
import { awsManagedPolicy } from './awsManagedPolicies';

/** Whose roles use the policy. */
interface PolicyUser {
  readonly account: string;
  readonly partition: string;
}

/**
 * The ARN, as IAM writes it, of a managed policy that the roles of an account can use: one of AWS, or one of the account. IAM compares the ARNs
 * without regard to case. Undefined when there is none.
 * Sources: https://github.com/awslabs/mcp/issues/4101, https://github.com/hashicorp/terraform-provider-aws/issues/11839
 */
export function findManagedPolicy(world: World, user: PolicyUser, arn: string): string | undefined {
  const parts = parseArn(arn);
  if (parts?.partition !== user.partition) return undefined;
  if (parts.account.toLowerCase() === 'aws') return awsManagedPolicy(arn)?.arn;
  return parts.account === user.account ? world.accounts[user.account]?.policies[arn.toLowerCase()]?.arn : undefined;
}

/** True for a policy that only the roles of an AWS service have. `arn` is as IAM writes it. */
export function isServicePolicy(arn: string): boolean {
  return arn.includes(':iam::aws:policy/aws-service-role/');
}
