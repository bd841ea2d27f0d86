import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRolePolicyCommand,
  type IAMClient,
  paginateListAttachedRolePolicies,
  paginateListRolePolicies,
} from '@aws-sdk/client-iam';
import type { PolicyDocument } from '../../iam/PolicyDocument';
import type { RolePolicyFacts } from './AwsPort';
import { unlessMissing } from './ask';
import { askEach } from './askEach';
import { documentOf, NO_SUCH_ENTITY } from './iamAnswers';

/** The most that IAM gives at once. Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRolePolicies.html (MaxItems) */
const PAGE = 1000;

/**
 * What is attached to a role and what stands in it, all pages; nothing where there is no such role. An inline policy that is deleted
 * between the list and its reading is left out. Throws when one is not JSON.
 */
export async function readRolePolicies(
  iam: IAMClient,
  RoleName: string,
  abortSignal: AbortSignal,
): Promise<RolePolicyFacts | undefined> {
  const attached = await unlessMissing(NO_SUCH_ENTITY, attachedTo(iam, RoleName, abortSignal));
  const names = await unlessMissing(NO_SUCH_ENTITY, inlineNames(iam, RoleName, abortSignal));
  if (attached === undefined || names === undefined) return undefined;
  const inline = await askEach(names, async (PolicyName) => {
    const command = new GetRolePolicyCommand({ RoleName, PolicyName });
    const answer = await unlessMissing(NO_SUCH_ENTITY, iam.send(command, { abortSignal }));
    return answer && ([PolicyName, documentOf(answer.PolicyDocument)] as const);
  });
  return { attached, inline: Object.fromEntries(inline) };
}

async function attachedTo(iam: IAMClient, RoleName: string, abortSignal: AbortSignal): Promise<string[]> {
  const arns: string[] = [];
  const pages = paginateListAttachedRolePolicies({ client: iam, pageSize: PAGE }, { RoleName }, { abortSignal });
  for await (const { AttachedPolicies = [] } of pages)
    arns.push(...AttachedPolicies.flatMap(({ PolicyArn }) => PolicyArn ?? []));
  return arns;
}

async function inlineNames(iam: IAMClient, RoleName: string, abortSignal: AbortSignal): Promise<string[]> {
  const names: string[] = [];
  const pages = paginateListRolePolicies({ client: iam, pageSize: PAGE }, { RoleName }, { abortSignal });
  for await (const { PolicyNames = [] } of pages) names.push(...PolicyNames);
  return names;
}

/** The default version of a managed policy, of an account's own or of AWS's; nothing where there is none. Throws when it is not JSON. */
export async function readManagedPolicy(
  iam: IAMClient,
  PolicyArn: string,
  abortSignal: AbortSignal,
): Promise<PolicyDocument | undefined> {
  const found = await unlessMissing(NO_SUCH_ENTITY, iam.send(new GetPolicyCommand({ PolicyArn }), { abortSignal }));
  const VersionId = found?.Policy?.DefaultVersionId;
  if (VersionId === undefined) return undefined;
  const command = new GetPolicyVersionCommand({ PolicyArn, VersionId });
  const answer = await unlessMissing(NO_SUCH_ENTITY, iam.send(command, { abortSignal }));
  return answer && documentOf(answer.PolicyVersion?.Document);
}
