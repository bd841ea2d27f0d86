import type { Actions, Call, Output } from '../api/Action';
import { requestTagContext } from '../api/authorise';
import { optionalNumber, optionalText, requiredText, requireMember, type Input } from '../api/Input';
import { recordRoleChange } from '../cloudtrail/roleChangeEvents';
import { iamArn } from '../world/arns';
import { accountOf, recordOf, type RoleState } from '../world/World';
import { delayRoleChange } from '../world/delayedChanges';
import { newUniqueId } from '../world/newEntities';
import { policyLength } from '../world/quotas';
import { requireBoundary } from './rolePolicyActions';
import {
  deleteConflict,
  entityAlreadyExists,
  limitExceeded,
  mergeTags,
  readDocument,
  readTags,
  requireTags,
  RULES,
  type ParsedDocument,
  tagList,
  withoutTags,
} from './iamRequest';
import { findRole, onRole, trustedRoleIds, trustText } from './roles';
import { iamPage } from '../api/pages';

/** The properties of a role in all answers of IAM. */
export function roleIdentity(role: RoleState, call: Call): Output {
  return {
    Path: role.path,
    RoleName: role.name,
    RoleId: role.id,
    Arn: role.arn,
    CreateDate: new Date(role.createdAt),
    AssumeRolePolicyDocument: encodeURIComponent(trustText(call.state.world, role)),
  };
}

/** The properties that `ListRoles` omits. Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRoles.html */
export function roleDetails(role: RoleState, call: Call): Output {
  return {
    PermissionsBoundary:
      role.boundary === undefined
        ? undefined
        : { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: role.boundary },
    Tags: tagList(role.tags),
    RoleLastUsed: call.state.lastUsed.get(role.id) ?? {},
  };
}

/** A role in the answer of ListRoles. */
function listedRole(role: RoleState, call: Call): Output {
  return {
    ...roleIdentity(role, call),
    Description: role.description,
    MaxSessionDuration: role.maxSessionDuration,
  };
}

/** A role in the answer of GetRole. */
function wholeRole(role: RoleState, call: Call): Output {
  return { ...listedRole(role, call), ...roleDetails(role, call) };
}

function checkTrustLength(trust: ParsedDocument, call: Call): void {
  const quota = call.quotas.trustPolicyLength;
  if (policyLength(trust.text) > quota) throw limitExceeded(`Cannot exceed quota for ACLSizePerRole: ${quota}`);
}

function sessionDuration(input: Input): number | undefined {
  return optionalNumber(input, 'MaxSessionDuration', 3600, 43_200);
}

function createRole(input: Input, call: Call): Output {
  const { quotas } = call;
  const { world } = call.state;
  const name = requiredText(input, 'RoleName', RULES.roleName);
  const path = optionalText(input, 'Path', RULES.path) ?? '/';
  const description = optionalText(input, 'Description', RULES.description);
  const maxSessionDuration = sessionDuration(input) ?? 3600;
  const wantedBoundary = optionalText(input, 'PermissionsBoundary', RULES.arn);
  const tags = mergeTags({}, readTags(input), quotas.tagsPerResource);
  const trust = readDocument(input, 'AssumeRolePolicyDocument', 'trust');
  checkTrustLength(trust, call);
  const { roles } = accountOf(world, call.account);
  if (roles[name.toLowerCase()] !== undefined) throw entityAlreadyExists(`Role with name ${name} already exists.`);
  if (Object.keys(roles).length >= quotas.rolesPerAccount) {
    throw limitExceeded(`Cannot exceed quota for RolesPerAccount: ${quotas.rolesPerAccount}`);
  }
  const boundary = wantedBoundary === undefined ? undefined : requireBoundary(wantedBoundary, call);
  const role: RoleState = {
    name,
    id: newUniqueId('AROA'),
    path,
    arn: iamArn(call.partition, call.account, 'role', name, path),
    createdAt: call.time.toISOString(),
    trust: trust.text,
    trustedIds: trustedRoleIds(world, trust.document, call.partition),
    ...(description === undefined ? {} : { description }),
    maxSessionDuration,
    ...(boundary === undefined ? {} : { boundary }),
    tags,
    inline: recordOf(),
    attached: [],
  };
  delayRoleChange(call, role.arn, undefined);
  roles[name.toLowerCase()] = role;
  return { Role: wholeRole(role, call) };
}

function deleteRole(input: Input, call: Call): Output {
  const role = findRole(input, call);
  if (role.attached.length > 0) throw deleteConflict('Cannot delete entity, must detach all policies first.');
  if (Object.keys(role.inline).length > 0) throw deleteConflict('Cannot delete entity, must delete policies first.');
  const { roles } = accountOf(call.state.world, call.account);
  delayRoleChange(call, role.arn, role);
  Reflect.deleteProperty(roles, role.name.toLowerCase());
  return {};
}

function updateRole(input: Input, call: Call): Output {
  const description = optionalText(input, 'Description', RULES.description);
  const duration = sessionDuration(input);
  const role = findRole(input, call);
  if (description !== undefined) role.description = description;
  // "If you do not specify a value for this setting, the default value of one hour is applied."
  // https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateRole.html
  role.maxSessionDuration = duration ?? 3600;
  return {};
}

function updateDescription(input: Input, call: Call): Output {
  requireMember(input, 'Description');
  const description = optionalText(input, 'Description', RULES.description) ?? '';
  const role = findRole(input, call);
  role.description = description;
  return { Role: wholeRole(role, call) };
}

function updateTrust(input: Input, call: Call): Output {
  const role = findRole(input, call);
  const trust = readDocument(input, 'PolicyDocument', 'trust');
  checkTrustLength(trust, call);
  delayRoleChange(call, role.arn, role);
  role.trustedIds = trustedRoleIds(call.state.world, trust.document, call.partition);
  role.trust = trust.text;
  return {};
}

function listRoles(input: Input, call: Call): Output {
  const prefix = optionalText(input, 'PathPrefix', RULES.pathPrefix) ?? '/';
  const roles = Object.values(accountOf(call.state.world, call.account).roles);
  const { items, paging } = iamPage(
    input,
    roles.filter((role) => role.path.startsWith(prefix)),
    (role) => role.name,
  );
  return { Roles: items.map((role) => listedRole(role, call)), ...paging };
}

function createContext(input: Input): Record<string, string | readonly string[]> {
  const boundary = optionalText(input, 'PermissionsBoundary', RULES.arn);
  return {
    ...requestTagContext(readTags(input)),
    ...(boundary === undefined ? {} : { 'iam:PermissionsBoundary': boundary }),
  };
}

/** Roles and their tags. Their policies are in rolePolicyActions.ts. */
export const roleActions: Actions = {
  CreateRole: {
    permissions: (input, call) => {
      const name = requiredText(input, 'RoleName', RULES.roleName);
      const resource = iamArn(
        call.partition,
        call.account,
        'role',
        name,
        optionalText(input, 'Path', RULES.path) ?? '/',
      );
      const resourceTags = readTags(input);
      const create = { action: 'iam:CreateRole', resource, resourceTags, context: createContext(input) };
      const tags = requestTagContext(resourceTags);
      if (Object.keys(tags).length === 0) return [create];
      return [create, { action: 'iam:TagRole', resource, resourceTags, context: tags }];
    },
    handle: createRole,
    record: recordRoleChange('CreateRole'),
  },
  GetRole: {
    permissions: onRole('iam:GetRole'),
    handle: (input, call) => ({ Role: wholeRole(findRole(input, call), call) }),
  },
  DeleteRole: { permissions: onRole('iam:DeleteRole'), handle: deleteRole },
  UpdateRole: { permissions: onRole('iam:UpdateRole'), handle: updateRole },
  UpdateRoleDescription: {
    permissions: onRole('iam:UpdateRoleDescription'),
    handle: updateDescription,
  },
  UpdateAssumeRolePolicy: {
    permissions: onRole('iam:UpdateAssumeRolePolicy'),
    handle: updateTrust,
    record: recordRoleChange('UpdateAssumeRolePolicy'),
  },
  ListRoles: { permissions: () => [{ action: 'iam:ListRoles', resource: '*' }], handle: listRoles },
  ListInstanceProfilesForRole: {
    permissions: onRole('iam:ListInstanceProfilesForRole'),
    handle: (input, call) => {
      findRole(input, call);
      const { items, paging } = iamPage(input, [], String);
      return { InstanceProfiles: items, ...paging };
    },
  },
  TagRole: {
    permissions: onRole('iam:TagRole', (input) => requestTagContext(requireTags(input))),
    handle: (input, call) => {
      const role = findRole(input, call);
      role.tags = mergeTags(role.tags, requireTags(input), call.quotas.tagsPerResource);
      return {};
    },
  },
  UntagRole: {
    permissions: onRole('iam:UntagRole'),
    handle: (input, call) => {
      const role = findRole(input, call);
      role.tags = withoutTags(role.tags, input);
      return {};
    },
  },
  ListRoleTags: {
    permissions: onRole('iam:ListRoleTags'),
    handle: (input, call) => {
      const { items, paging } = iamPage(input, tagList(findRole(input, call).tags) ?? [], (tag) => tag.Key);
      return { Tags: items, ...paging };
    },
  },
};
