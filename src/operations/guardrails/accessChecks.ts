import type { Role } from '../../blueprint/Blueprint';
import { INLINE_POLICY } from '../../blueprint/permissionPolicy';
import { type Access, type GrantingStatement, mightAllow } from '../../iam/mightAllow';
import type { PolicyDocument } from '../../iam/PolicyDocument';

/** What no role of a pod should grant, as `aws accessanalyzer check-access-not-granted --access` takes it. */
export interface AccessCheck {
  /** `administration`, `any-role`; `any-role-2` and so on for more accounts than one call takes. */
  readonly name: string;
  readonly access: Access;
}

/**
 * The actions by which a pod gives itself or others more access: policies and credentials of IAM, trust, associations and access entries of EKS, and policies of the
 * organisation. At most 100. Source: https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_Access.html
 */
const ADMINISTRATION: readonly string[] = [
  ...[
    'AddClientIDToOpenIDConnectProvider',
    'AddUserToGroup',
    'AttachGroupPolicy',
    'AttachRolePolicy',
    'AttachUserPolicy',
    'CreateAccessKey',
    'CreateLoginProfile',
    'CreateOpenIDConnectProvider',
    'CreatePolicyVersion',
    'CreateSAMLProvider',
    'CreateServiceSpecificCredential',
    'CreateUser',
    'DeleteRolePermissionsBoundary',
    'DeleteRolePolicy',
    'DeleteUserPermissionsBoundary',
    'DetachRolePolicy',
    'PutGroupPolicy',
    'PutRolePermissionsBoundary',
    'PutRolePolicy',
    'PutUserPermissionsBoundary',
    'PutUserPolicy',
    'SetDefaultPolicyVersion',
    'TagRole',
    'TagUser',
    'UpdateAssumeRolePolicy',
    'UpdateLoginProfile',
    'UpdateOpenIDConnectProviderThumbprint',
    'UpdateSAMLProvider',
  ].map((action) => `iam:${action}`),
  ...[
    'AssociateAccessPolicy',
    'AssociateIdentityProviderConfig',
    'CreateAccessEntry',
    'CreatePodIdentityAssociation',
    'UpdateAccessEntry',
    'UpdatePodIdentityAssociation',
  ].map((action) => `eks:${action}`),
  ...[
    'AttachPolicy',
    'DeletePolicy',
    'DetachPolicy',
    'DisablePolicyType',
    'LeaveOrganization',
    'MoveAccount',
    'RegisterDelegatedAdministrator',
    'UpdatePolicy',
  ].map((action) => `organizations:${action}`),
  ...[
    'AttachManagedPolicyToPermissionSet',
    'CreateAccountAssignment',
    'PutInlinePolicyToPermissionSet',
    'UpdatePermissionSet',
  ].map((action) => `sso:${action}`),
];

/** A role that no policy names, so that only a pattern for many roles allows it. */
const NO_ROLE = 'podlift-guardrail-role-that-no-policy-names';

/** The most resources of a check. Source: https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_Access.html */
const MOST_RESOURCES = 100;

/**
 * The checks for the accounts of some roles. A call of Access Analyzer takes one list of actions with one list of resources, so there are two kinds: actions that no
 * pod needs on any resource, and actions that a pod may have on roles that its policy names.
 */
export function accessChecks(roles: readonly Pick<Role, 'arn'>[]): readonly AccessCheck[] {
  const anyRoles = [...new Set(roles.map(({ arn }) => arn.replace(/:role\/.*/, `:role/${NO_ROLE}`)))].toSorted();
  const parts = Array.from({ length: Math.ceil(anyRoles.length / MOST_RESOURCES) }, (_, part) =>
    anyRoles.slice(part * MOST_RESOURCES, (part + 1) * MOST_RESOURCES),
  );
  return [
    { name: 'administration', access: { actions: ADMINISTRATION } },
    ...parts.map((resources, part): AccessCheck => ({
      name: part === 0 ? 'any-role' : `any-role-${part + 1}`,
      access: { actions: ['iam:PassRole', 'sts:AssumeRole'], resources },
    })),
  ];
}

/** A role whose own policies grant what a check forbids. */
export interface TooPermissive extends GrantingStatement {
  readonly check: AccessCheck['name'];
  /** The role's ARN. */
  readonly role: string;
  /** The workload's key. */
  readonly workload: string;
  /** The name of the inline policy. */
  readonly policy: string;
}

/** The inline policies of a role that a check fails, each by its statements. Managed policies are not in a blueprint: only their ARNs are. */
export function tooPermissive(
  { arn, workload, inline, inlinePolicies }: Role,
  checks: readonly AccessCheck[],
): readonly TooPermissive[] {
  const documents: readonly { readonly name: string; readonly document: PolicyDocument }[] = [
    ...(inline === undefined ? [] : [{ name: INLINE_POLICY, document: inline }]),
    ...inlinePolicies,
  ];
  return documents.flatMap(({ name: policy, document }) =>
    checks.flatMap(({ name: check, access }) =>
      mightAllow(document, access).map((statement) => ({ check, role: arn, workload, policy, ...statement })),
    ),
  );
}
