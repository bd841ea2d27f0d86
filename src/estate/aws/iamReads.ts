import {
  type AttachedPolicy,
  GetOpenIDConnectProviderCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  type IAMClient,
  paginateGetAccountAuthorizationDetails,
  paginateListAttachedRolePolicies,
  paginateListRolePolicies,
  paginateListRoles,
  type Role,
  type RoleDetail,
  type Tag,
} from '@aws-sdk/client-iam';
import type { PolicyDocument } from '../../iam/PolicyDocument';
import { allOf, askEach, unlessMissing } from './ask';
import type { AccountRole, OidcProviderFacts, RoleFacts, RolePolicyFacts } from './AwsPort';

/** The errors of IAM that mean: nothing has that name. */
const NO_SUCH_ENTITY = ['NoSuchEntityException', 'NoSuchEntity'];

/** The most that IAM gives at once (`MaxItems`). Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRoles.html */
const PAGE = 1000;

/** Seconds; a role that names no session duration has this one. Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_Role.html */
const HOUR = 3600;

/** A role by its name, whatever its path, with its tags; `undefined` where there is none. Throws when its trust policy is not JSON. */
export async function readRole(
  iam: IAMClient,
  RoleName: string,
  abortSignal: AbortSignal,
): Promise<RoleFacts | undefined> {
  const command = new GetRoleCommand({ RoleName });
  const answer = await unlessMissing(NO_SUCH_ENTITY, iam.send(command, { abortSignal }));
  return answer?.Role && roleFacts(answer.Role, answer.Role);
}

/**
 * The policies of a role, all pages; `undefined` where there is no such role. An inline policy that is deleted between the list and its
 * reading is left out. Throws when one is not JSON.
 */
export async function readRolePolicies(
  iam: IAMClient,
  RoleName: string,
  abortSignal: AbortSignal,
): Promise<RolePolicyFacts | undefined> {
  const lists = [{ client: iam, pageSize: PAGE }, { RoleName }, { abortSignal }] as const;
  const attachedTo = allOf(paginateListAttachedRolePolicies(...lists), ({ AttachedPolicies }) => AttachedPolicies);
  const attached = await unlessMissing(NO_SUCH_ENTITY, attachedTo);
  const inlineNames = allOf(paginateListRolePolicies(...lists), ({ PolicyNames }) => PolicyNames);
  const names = await unlessMissing(NO_SUCH_ENTITY, inlineNames);
  if (attached === undefined || names === undefined) return undefined;
  const inline = await askEach(names, async (PolicyName) => {
    const command = new GetRolePolicyCommand({ RoleName, PolicyName });
    const answer = await unlessMissing(NO_SUCH_ENTITY, iam.send(command, { abortSignal }));
    return answer && ([PolicyName, documentOf(answer.PolicyDocument)] as const);
  });
  return { attached: arnsOf(attached), inline: Object.fromEntries(inline) };
}

function arnsOf(policies: readonly AttachedPolicy[] = []): string[] {
  return policies.flatMap(({ PolicyArn }) => PolicyArn ?? []);
}

/**
 * The default version of a managed policy, the account's own or one of AWS's; `undefined` where there is none. Throws when it is not
 * JSON.
 */
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

/** An OIDC provider of IAM by its ARN; `undefined` where there is none. */
export async function readOidcProvider(
  iam: IAMClient,
  arn: string,
  abortSignal: AbortSignal,
): Promise<OidcProviderFacts | undefined> {
  const command = new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: arn });
  const answer = await unlessMissing(NO_SUCH_ENTITY, iam.send(command, { abortSignal }));
  return answer && { arn, audiences: answer.ClientIDList ?? [], tags: tagsOf(answer.Tags) };
}

/**
 * All roles of the account with their policies, 1,000 a page. `GetAccountAuthorizationDetails` has neither the session duration nor the
 * description of a role, `ListRoles` has neither policies, boundary, tags nor last use: a role needs both. A role that only one of the
 * two lists has was made or deleted meanwhile and is left out. Throws when a document is not JSON.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_RoleDetail.html and API_ListRoles.html
 */
export async function readAccountRoles(iam: IAMClient, abortSignal: AbortSignal): Promise<AccountRole[]> {
  const [details, listed] = await Promise.all([
    allOf(accountDetails(iam, 'Role', abortSignal), ({ RoleDetailList }) => RoleDetailList),
    allOf(paginateListRoles({ client: iam, pageSize: PAGE }, {}, { abortSignal }), ({ Roles }) => Roles),
  ]);
  // A role that was deleted and made again under its name has another id.
  const byId = new Map(listed.map((role) => [role.RoleId, role]));
  return details.flatMap((detail) => {
    const role = byId.get(detail.RoleId);
    if (role === undefined) return [];
    const inline = (detail.RolePolicyList ?? []).map(
      ({ PolicyName = '', PolicyDocument }) => [PolicyName, documentOf(PolicyDocument)] as const,
    );
    return {
      role: roleFacts(detail, role),
      policies: {
        attached: arnsOf(detail.AttachedManagedPolicies),
        inline: Object.fromEntries(inline),
      },
    };
  });
}

/**
 * The default versions of the account's own managed policies, by ARN. Throws when one is not JSON.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_ManagedPolicyDetail.html
 */
export async function readAccountPolicies(
  iam: IAMClient,
  abortSignal: AbortSignal,
): Promise<Readonly<Record<string, PolicyDocument>>> {
  const policies = await allOf(accountDetails(iam, 'LocalManagedPolicy', abortSignal), ({ Policies }) => Policies);
  return Object.fromEntries(
    policies.flatMap(({ Arn = '', PolicyVersionList = [] }) =>
      PolicyVersionList.filter(({ IsDefaultVersion }) => IsDefaultVersion === true).map(
        ({ Document }) => [Arn, documentOf(Document)] as const,
      ),
    ),
  );
}

function accountDetails(iam: IAMClient, kind: 'Role' | 'LocalManagedPolicy', abortSignal: AbortSignal) {
  return paginateGetAccountAuthorizationDetails({ client: iam, pageSize: PAGE }, { Filter: [kind] }, { abortSignal });
}

/** `GetRole` has all of a role; of the lists, `detail` and `listed` have each what the other leaves out. */
function roleFacts(detail: Role | RoleDetail, listed: Role): RoleFacts {
  const lastUsed = detail.RoleLastUsed?.LastUsedDate?.toISOString();
  const permissionsBoundary = detail.PermissionsBoundary?.PermissionsBoundaryArn;
  return {
    name: detail.RoleName ?? '',
    path: detail.Path ?? '/',
    arn: detail.Arn ?? '',
    trust: documentOf(detail.AssumeRolePolicyDocument),
    ...(listed.Description ? { description: listed.Description } : {}),
    ...(permissionsBoundary === undefined ? {} : { permissionsBoundary }),
    maxSessionDuration: listed.MaxSessionDuration ?? HOUR,
    tags: tagsOf(detail.Tags),
    ...(listed.CreateDate === undefined ? {} : { createdAt: listed.CreateDate.toISOString() }),
    ...(lastUsed === undefined ? {} : { lastUsed }),
  };
}

/** A policy as IAM sends it: JSON, URL-encoded (RFC 3986). Throws when it is not JSON; no text at all is a document without statements. */
function documentOf(sent: string | undefined): PolicyDocument {
  return JSON.parse(decodeURIComponent(sent ?? '{"Statement":[]}')) as PolicyDocument;
}

function tagsOf(tags: readonly Tag[] = []): Readonly<Record<string, string>> {
  return Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
}
