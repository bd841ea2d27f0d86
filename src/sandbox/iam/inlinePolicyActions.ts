import type { Actions, Output } from '../api/Action';
import type { Call } from '../api/Action';
import { requiredText, type Input } from '../api/Input';
import { policyLength } from '../world/quotas';
import { limitExceeded, noSuchEntity } from './faults';
import { findRole, onRole } from './findRole';
import { iamPage } from './listing';
import { readDocument } from './readDocument';
import { RULES } from './rules';

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

/** The policies that stand in a role itself. */
export const inlinePolicyActions: Actions = {
  PutRolePolicy: { permissions: onRole('iam:PutRolePolicy'), handle: putRolePolicy },
  GetRolePolicy: { permissions: onRole('iam:GetRolePolicy'), handle: getRolePolicy },
  DeleteRolePolicy: { permissions: onRole('iam:DeleteRolePolicy'), handle: deleteRolePolicy },
  ListRolePolicies: { permissions: onRole('iam:ListRolePolicies'), handle: listRolePolicies },
};
