import { parseArn } from '../../iam/Arn';
import type { Actions, Call, Output } from '../api/Action';
import { type Input, optionalText, requiredText } from '../api/Input';
import { isAwsManaged } from '../api/awsManagedPolicies';
import { iamPage } from '../api/pages';
import type { RoleState } from '../world/World';
import { policyLength } from '../world/quotas';
import { invalidInput, limitExceeded, noSuchEntity, readDocument, RULES } from './iamRequest';
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
 * Checks that a managed policy can be used in the caller's account: a customer-managed policy must exist there. Any valid ARN of an AWS-managed
 * policy passes, because the sandbox has no list of them. Throws `NoSuchEntity`.
 */
export function requireManagedPolicy(arn: string, call: Call): void {
  if (isAwsManaged(arn)) return;
  const parts = parseArn(arn);
  if (parts?.service !== 'iam' || !parts.resource.startsWith('policy/')) throw invalidInput(`ARN ${arn} is not valid.`);
  if (
    parts.account !== call.account ||
    call.state.world.accounts[call.account]?.policies[arn.toLowerCase()] === undefined
  ) {
    throw noSuchEntity(`Policy ${arn} does not exist or is not attachable.`);
  }
}

function policyArn(input: Input): string {
  return requiredText(input, 'PolicyArn', RULES.arn);
}

function attach(input: Input, call: Call): Output {
  const role = findRole(input, call);
  const arn = policyArn(input);
  requireManagedPolicy(arn, call);
  if (role.attached.includes(arn)) return {};
  const quota = call.quotas.managedPoliciesPerRole;
  if (role.attached.length >= quota) throw limitExceeded(`Cannot exceed quota for PoliciesPerRole: ${quota}`);
  role.attached = [...role.attached, arn];
  return {};
}

function detach(input: Input, call: Call): Output {
  const role = findRole(input, call);
  const arn = policyArn(input);
  if (!role.attached.includes(arn)) throw noSuchEntity(`Policy ${arn} was not found.`);
  role.attached = role.attached.filter((other) => other !== arn);
  return {};
}

/** The attached managed policies of a role in IAM's answers. */
export function attachedPolicies({ attached }: RoleState): readonly { PolicyName: string; PolicyArn: string }[] {
  return attached.map((arn) => ({ PolicyName: arn.slice(arn.lastIndexOf('/') + 1), PolicyArn: arn }));
}

function listAttached(input: Input, call: Call): Output {
  const prefix = optionalText(input, 'PathPrefix', RULES.pathPrefix) ?? '/';
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
      const arn = requiredText(input, 'PermissionsBoundary', RULES.arn);
      requireManagedPolicy(arn, call);
      role.boundary = arn;
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
