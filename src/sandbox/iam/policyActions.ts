import type { Actions, Call, Output } from '../api/Action';
import { requestTagContext } from '../api/contextOf';
import { optionalFlag, optionalText, requiredText, type Input } from '../api/Input';
import { notImplemented } from '../api/Fault';
import { iamArn } from '../world/arn';
import { accountOf } from '../world/findState';
import { newUniqueId } from '../world/newId';
import { policyLength } from '../world/quotas';
import type { PolicyState } from '../world/World';
import { deleteConflict, entityAlreadyExists, limitExceeded } from './faults';
import { iamPage } from './listing';
import { findOwnPolicy, findPolicy, onPolicy, policyIdentity, rolesWith, wholePolicy } from './policyState';
import { readDocument } from './readDocument';
import { RULES } from './rules';
import { mergeTags, readTags, tagList, withoutTags } from './tags';

/** Reads a managed policy's document and holds it to the quota. Gives the text as it was sent. */
export function readManagedDocument(input: Input, call: Call): string {
  const { text } = readDocument(input, 'PolicyDocument', 'identity');
  const quota = call.quotas.managedPolicyLength;
  if (policyLength(text) > quota) throw limitExceeded(`Cannot exceed quota for PolicySize: ${quota}`);
  return text;
}

function createPolicy(input: Input, call: Call): Output {
  const name = requiredText(input, 'PolicyName', RULES.policyName);
  const path = optionalText(input, 'Path', RULES.path) ?? '/';
  const description = optionalText(input, 'Description', RULES.description);
  const tags = mergeTags({}, readTags(input), call.quotas.tagsPerResource);
  const document = readManagedDocument(input, call);
  const { policies } = accountOf(call.state.world, call.account);
  if (Object.values(policies).some((policy) => policy.name.toLowerCase() === name.toLowerCase())) {
    throw entityAlreadyExists(`A policy called ${name} already exists. Duplicate names are not allowed.`);
  }
  const now = call.time.toISOString();
  const policy: PolicyState = {
    name,
    id: newUniqueId('ANPA'),
    path,
    arn: iamArn(call.partition, call.account, 'policy', name, path),
    ...(description === undefined ? {} : { description }),
    createdAt: now,
    updatedAt: now,
    tags,
    defaultVersion: 'v1',
    versions: [{ id: 'v1', document, createdAt: now }],
    lastVersion: 1,
  };
  policies[policy.arn.toLowerCase()] = policy;
  return { Policy: wholePolicy(policy, call) };
}

function deletePolicy(input: Input, call: Call): Output {
  const policy = findOwnPolicy(input, call);
  if (rolesWith(policy, call, 'attached').length + rolesWith(policy, call, 'boundary').length > 0) {
    throw deleteConflict('Cannot delete a policy attached to entities.');
  }
  if (policy.versions.length > 1) {
    throw deleteConflict(
      "This policy has more than one version. Before you delete a policy, you must delete the policy's versions.",
    );
  }
  Reflect.deleteProperty(accountOf(call.state.world, call.account).policies, policy.arn.toLowerCase());
  return {};
}

function listPolicies(input: Input, call: Call): Output {
  const scope = optionalText(input, 'Scope', { pattern: /^(All|AWS|Local)$/ }) ?? 'All';
  if (scope !== 'Local')
    throw notImplemented(
      `iam:ListPolicies with Scope ${scope}: it has no list of AWS's own policies; ask with Scope Local`,
    );
  const prefix = optionalText(input, 'PathPrefix', RULES.pathPrefix) ?? '/';
  const onlyAttached = optionalFlag(input, 'OnlyAttached') ?? false;
  const policies = Object.values(accountOf(call.state.world, call.account).policies)
    .filter((policy) => policy.path.startsWith(prefix))
    .filter((policy) => !onlyAttached || rolesWith(policy, call, 'attached').length > 0);
  const { items, paging } = iamPage(input, policies, (policy) => policy.arn);
  return { Policies: items.map((policy) => policyIdentity(policy, call)), ...paging };
}

function listEntities(input: Input, call: Call): Output {
  const policy = findPolicy(input, call);
  const use = optionalText(input, 'PolicyUsageFilter') === 'PermissionsBoundary' ? 'boundary' : 'attached';
  const filter = optionalText(input, 'EntityFilter') ?? 'Role';
  const prefix = optionalText(input, 'PathPrefix', RULES.pathPrefix) ?? '/';
  const roles = filter === 'Role' ? rolesWith(policy, call, use).filter((role) => role.path.startsWith(prefix)) : [];
  const { items, paging } = iamPage(input, roles, (role) => role.name);
  const PolicyRoles = items.map((role) => ({ RoleName: role.name, RoleId: role.id }));
  return { PolicyGroups: [], PolicyUsers: [], PolicyRoles, ...paging };
}

/** Managed policies: making, reading, deleting, tags. Their versions are in policyVersionActions.ts. */
export const policyActions: Actions = {
  CreatePolicy: {
    permissions: (input, call) => {
      const name = requiredText(input, 'PolicyName', RULES.policyName);
      const path = optionalText(input, 'Path', RULES.path) ?? '/';
      const resource = iamArn(call.partition, call.account, 'policy', name, path);
      const context = requestTagContext(readTags(input));
      const create = { action: 'iam:CreatePolicy', resource, context };
      return Object.keys(context).length === 0 ? [create] : [create, { action: 'iam:TagPolicy', resource, context }];
    },
    handle: createPolicy,
  },
  GetPolicy: {
    permissions: onPolicy('iam:GetPolicy'),
    handle: (input, call) => ({ Policy: wholePolicy(findPolicy(input, call), call) }),
  },
  DeletePolicy: { permissions: onPolicy('iam:DeletePolicy'), handle: deletePolicy },
  ListPolicies: { permissions: () => [{ action: 'iam:ListPolicies', resource: '*' }], handle: listPolicies },
  ListEntitiesForPolicy: { permissions: onPolicy('iam:ListEntitiesForPolicy'), handle: listEntities },
  TagPolicy: {
    permissions: (input, call) =>
      onPolicy('iam:TagPolicy')(input, call).map((permission) => ({
        ...permission,
        context: { ...permission.context, ...requestTagContext(readTags(input)) },
      })),
    handle: (input, call) => {
      const policy = findOwnPolicy(input, call);
      policy.tags = mergeTags(policy.tags, readTags(input), call.quotas.tagsPerResource);
      return {};
    },
  },
  UntagPolicy: {
    permissions: onPolicy('iam:UntagPolicy'),
    handle: (input, call) => {
      const policy = findOwnPolicy(input, call);
      policy.tags = withoutTags(policy.tags, input);
      return {};
    },
  },
  ListPolicyTags: {
    permissions: onPolicy('iam:ListPolicyTags'),
    handle: (input, call) => {
      const { items, paging } = iamPage(input, tagList(findPolicy(input, call).tags) ?? [], (tag) => tag.Key);
      return { Tags: items, ...paging };
    },
  },
};
