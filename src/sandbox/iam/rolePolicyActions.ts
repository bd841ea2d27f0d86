import type { Actions, Call, Output } from '../api/Action';
import { type Input, optionalText, requiredText } from '../api/Input';
import { ApiError } from '../api/ApiError';
import { findManagedPolicy, isServicePolicy } from '../api/managedPolicies';
import { iamPage } from '../api/pages';
import type { RoleState } from '../world/World';
import { policyLength } from '../world/quotas';
import { limitExceeded, noSuchEntity, readDocument, requirePolicyArn, RULES } from './iamRequest';
import { findRole, onRole } from './roles';

function missing(name: string): Error {
  return noSuchEntity(`The role policy with name ${name} cannot be found.`);
}

function putRolePolicy(input: Input, call: Call): Output {
  const role = findRole(input, call);
  const name = requiredText(input, 'PolicyName', RULES.policyName);
  const { text } = readDocument(input, 'PolicyDocument', 'identity');
  const quota = call.quotas.inlinePolicyLength;
  const others = Object.entries(role.inline).filter(([other]) => other !== name);
  const total = others.reduce((sum, [, document]) => sum + policyLength(document), policyLength(text));
  if (total > quota) throw limitExceeded(`Maximum policy size of ${quota} bytes exceeded for role ${role.name}`);
  role.inline[name] = text;
  return {};
}

function getRolePolicy(input: Input, call: Call): Output {
  const role = findRole(input, call);
  const name = requiredText(input, 'PolicyName', RULES.policyName);
  const document = role.inline[name];
  if (document === undefined) throw missing(name);
  return { RoleName: role.name, PolicyName: name, PolicyDocument: encodeURIComponent(document) };
}

function deleteRolePolicy(input: Input, call: Call): Output {
  const role = findRole(input, call);
  const name = requiredText(input, 'PolicyName', RULES.policyName);
  if (role.inline[name] === undefined) throw missing(name);
  Reflect.deleteProperty(role.inline, name);
  return {};
}

function listRolePolicies(input: Input, call: Call): Output {
  const { items, paging } = iamPage(input, Object.keys(findRole(input, call).inline), (name) => name);
  return { PolicyNames: items, ...paging };
}

/**
 * The ARN of the boundary that a request names, as IAM writes it. Throws `NoSuchEntity` for a policy that does not exist. Whether AWS has another
 * error for a policy under `aws-service-role/` is unknown.
 * Source of the text: reports of SAM and rosa quote it for CreateRole; https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePermissionsBoundary.html (errors)
 */
export function requireBoundary(arn: string, call: Call): string {
  requirePolicyArn(arn);
  const found = findManagedPolicy(call.state.world, call, arn);
  if (found === undefined || isServicePolicy(found))
    throw noSuchEntity(`Scope ARN: ${arn} does not exist or is not attachable.`);
  return found;
}

/**
 * The ARN of the policy that a request attaches, as IAM writes it. Throws `NoSuchEntity` for a policy that does not exist, `PolicyNotAttachable`
 * for one that only service-linked roles have.
 * Sources of the texts: https://github.com/hashicorp/terraform-provider-aws/issues/31748 (a path that is missing),
 * https://github.com/aws/aws-cdk/issues/6131 (a policy of service-linked roles)
 */
function requireAttachable(arn: string, call: Call): string {
  requirePolicyArn(arn);
  const found = findManagedPolicy(call.state.world, call, arn);
  if (found === undefined) throw noSuchEntity(`Policy ${arn} does not exist or is not attachable.`);
  if (isServicePolicy(found))
    throw new ApiError('PolicyNotAttachable', 400, 'Cannot attach a Service Role Policy to a Customer Role.');
  return found;
}

function policyArn(input: Input): string {
  return requiredText(input, 'PolicyArn', RULES.arn);
}

function attach(input: Input, call: Call): Output {
  const role = findRole(input, call);
  const arn = requireAttachable(policyArn(input), call);
  if (role.attached.includes(arn)) return {};
  const quota = call.quotas.managedPoliciesPerRole;
  if (role.attached.length >= quota) throw limitExceeded(`Cannot exceed quota for PoliciesPerRole: ${quota}`);
  role.attached = [...role.attached, arn];
  return {};
}

function detach(input: Input, call: Call): Output {
  const role = findRole(input, call);
  const arn = policyArn(input);
  const attached = role.attached.find((other) => other.toLowerCase() === arn.toLowerCase());
  if (attached === undefined) throw noSuchEntity(`Policy ${arn} was not found.`);
  role.attached = role.attached.filter((other) => other !== attached);
  return {};
}

/** The attached managed policies of a role in IAM's answers. */
export function attachedPolicies({ attached }: RoleState): readonly { PolicyName: string; PolicyArn: string }[] {
  return attached.map((arn) => ({ PolicyName: arn.slice(arn.lastIndexOf('/') + 1), PolicyArn: arn }));
}

function listAttached(input: Input, call: Call): Output {
  const prefix = optionalText(input, 'PathPrefix', RULES.policyPath) ?? '/';
  const policies = attachedPolicies(findRole(input, call)).filter(({ PolicyArn }) =>
    PolicyArn.slice(PolicyArn.indexOf(':policy/') + ':policy'.length).startsWith(prefix),
  );
  const { items, paging } = iamPage(input, policies, (policy) => policy.PolicyArn);
  return { AttachedPolicies: items, ...paging };
}

const boundaryContext = (input: Input): { 'iam:PermissionsBoundary': string } => ({
  'iam:PermissionsBoundary': requiredText(input, 'PermissionsBoundary', RULES.arn),
});

/** The policies of roles: inline policies, attached managed policies and permissions boundaries. */
export const rolePolicyActions: Actions = {
  PutRolePolicy: { permissions: onRole('iam:PutRolePolicy'), handle: putRolePolicy },
  GetRolePolicy: { permissions: onRole('iam:GetRolePolicy'), handle: getRolePolicy },
  DeleteRolePolicy: { permissions: onRole('iam:DeleteRolePolicy'), handle: deleteRolePolicy },
  ListRolePolicies: { permissions: onRole('iam:ListRolePolicies'), handle: listRolePolicies },
  AttachRolePolicy: {
    permissions: onRole('iam:AttachRolePolicy', (input) => ({ 'iam:PolicyARN': policyArn(input) })),
    handle: attach,
  },
  DetachRolePolicy: {
    permissions: onRole('iam:DetachRolePolicy', (input) => ({ 'iam:PolicyARN': policyArn(input) })),
    handle: detach,
  },
  ListAttachedRolePolicies: { permissions: onRole('iam:ListAttachedRolePolicies'), handle: listAttached },
  PutRolePermissionsBoundary: {
    permissions: onRole('iam:PutRolePermissionsBoundary', boundaryContext),
    handle: (input, call) => {
      const role = findRole(input, call);
      role.boundary = requireBoundary(requiredText(input, 'PermissionsBoundary', RULES.arn), call);
      return {};
    },
  },
  DeleteRolePermissionsBoundary: {
    permissions: onRole('iam:DeleteRolePermissionsBoundary'),
    handle: (input, call) => {
      const role = findRole(input, call);
      if (role.boundary === undefined) throw noSuchEntity(`Role ${role.name} does not have a permission boundary.`);
      delete role.boundary;
      return {};
    },
  },
};
