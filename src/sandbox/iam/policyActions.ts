import { createHash } from 'node:crypto';
import type { Context } from '../../iam/Request';
import type { Actions, Call, Output, Permission } from '../api/Action';
import { notImplemented } from '../api/ApiError';
import { requestTagContext } from '../api/authorise';
import { type AwsManagedPolicy, awsManagedPolicies, awsManagedPolicy, isAwsManaged } from '../api/awsManagedPolicies';
import { findManagedPolicy } from '../api/managedPolicies';
import { type Input, optionalFlag, optionalText, requiredText } from '../api/Input';
import { iamPage } from '../api/pages';
import { iamArn } from '../world/arns';
import { newUniqueId } from '../world/newEntities';
import { policyLength } from '../world/quotas';
import { accountOf, type PolicyState, type PolicyVersionState } from '../world/World';
import {
  deleteConflict,
  entityAlreadyExists,
  invalidInput,
  limitExceeded,
  mergeTags,
  noSuchEntity,
  readDocument,
  readTags,
  requirePolicyArn,
  requireTags,
  RULES,
  tagList,
  withoutTags,
} from './iamRequest';

/**
 * The managed policy that a request names: one of the caller's account, or one of AWS. Throws `NoSuchEntity`, or `InvalidInput` for an invalid
 * ARN.
 */
function findPolicy(input: Input, call: Call): PolicyState {
  const arn = requiredText(input, 'PolicyArn', RULES.arn);
  requirePolicyArn(arn);
  const found = findManagedPolicy(call.state.world, call, arn);
  const ofAws = found === undefined ? undefined : awsManagedPolicy(found);
  if (ofAws !== undefined) return awsPolicyState(ofAws);
  const policy = call.state.world.accounts[call.account]?.policies[arn.toLowerCase()];
  if (found === undefined || policy === undefined) throw noSuchEntity(`Policy ${arn} was not found.`);
  return policy;
}

/** Like `findPolicy`, for a change: AWS-managed policies cannot be changed. */
function findOwnPolicy(input: Input, call: Call): PolicyState {
  const policy = findPolicy(input, call);
  if (isAwsManaged(policy.arn)) throw invalidInput(`Policy ${policy.arn} is managed by AWS and cannot be changed.`);
  return policy;
}

/** A policy of AWS as the sandbox keeps policies. Its id is not AWS's, but always the same. Only the default version is there. */
export function awsPolicyState({ document, version, ...policy }: AwsManagedPolicy): PolicyState {
  return {
    ...policy,
    id: `ANPA${createHash('sha256').update(policy.name).digest('hex').toUpperCase().slice(0, 17)}`,
    tags: {},
    defaultVersion: version,
    versions: [{ id: version, document: JSON.stringify(document), createdAt: policy.updatedAt }],
    lastVersion: Number(version.slice(1)),
  };
}

/** A version of a policy. Throws `NoSuchEntity`, and 501 for an earlier version of an AWS-managed policy: the sandbox has the default versions. */
function versionOf(policy: PolicyState, id: string): PolicyVersionState {
  const version = policy.versions.find((candidate) => candidate.id === id);
  if (version !== undefined) return version;
  if (isAwsManaged(policy.arn) && Number(id.slice(1)) < policy.lastVersion)
    throw notImplemented(`the version ${id} of ${policy.arn}: it has the default version ${policy.defaultVersion}`);
  throw noSuchEntity(`Policy ${policy.arn} version ${id} does not exist or is not attachable.`);
}

/** How many roles of the caller's account have the policy attached, or as their boundary. */
function countRoles(policy: PolicyState, call: Call, use: 'attached' | 'boundary'): number {
  return Object.values(call.state.world.accounts[call.account]?.roles ?? {}).filter((role) =>
    use === 'attached' ? role.attached.includes(policy.arn) : role.boundary === policy.arn,
  ).length;
}

/** The properties of a policy in all answers of IAM. */
export function policyIdentity(policy: PolicyState, call: Call): Output {
  return {
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: policy.defaultVersion,
    AttachmentCount: countRoles(policy, call, 'attached'),
    PermissionsBoundaryUsageCount: countRoles(policy, call, 'boundary'),
    IsAttachable: true,
    CreateDate: new Date(policy.createdAt),
    UpdateDate: new Date(policy.updatedAt),
  };
}

/** A policy in the answer of GetPolicy. Lists of policies have no description and no tags. */
function wholePolicy(policy: PolicyState, call: Call): Output {
  return { ...policyIdentity(policy, call), Description: policy.description, Tags: tagList(policy.tags) };
}

/** The permission for an action on the policy that a request names. */
function onPolicy(action: string, context: (input: Input) => Context = () => ({})) {
  return (input: Input, call: Call): readonly Permission[] => {
    const arn = requiredText(input, 'PolicyArn', RULES.arn);
    const tags = call.state.world.accounts[call.account]?.policies[arn.toLowerCase()]?.tags ?? {};
    return [{ action, resource: arn, resourceTags: tags, context: context(input) }];
  };
}

/** The document of a managed policy as it was sent. Throws `LimitExceeded` when it is too long. */
function readManagedDocument(input: Input, call: Call): string {
  const { text } = readDocument(input, 'PolicyDocument', 'managed');
  const quota = call.quotas.managedPolicyLength;
  if (policyLength(text) > quota) throw limitExceeded(`Cannot exceed quota for PolicySize: ${quota}`);
  return text;
}

function createPolicy(input: Input, call: Call): Output {
  const name = requiredText(input, 'PolicyName', RULES.policyName);
  const path = optionalText(input, 'Path', RULES.policyPath) ?? '/';
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
  if (countRoles(policy, call, 'attached') + countRoles(policy, call, 'boundary') > 0) {
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

/** Source: the shape PolicyUsageType of IAM's API model. */
const USAGE = { pattern: /^(PermissionsPolicy|PermissionsBoundary)$/ };

/**
 * The policies that a request lists: AWS's, the account's, or both. Unknown: whether `PolicyUsageFilter` `PermissionsPolicy` also lists policies
 * without an attachment, and whether a boundary counts for `OnlyAttached`. Here neither does.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListPolicies.html
 */
function listPolicies(input: Input, call: Call): Output {
  const scope = optionalText(input, 'Scope', { pattern: /^(All|AWS|Local)$/ }) ?? 'All';
  const usage = optionalText(input, 'PolicyUsageFilter', USAGE);
  const prefix = optionalText(input, 'PathPrefix', RULES.policyPath) ?? '/';
  const onlyAttached = optionalFlag(input, 'OnlyAttached') ?? false;
  const all = [
    ...(scope === 'AWS' ? [] : Object.values(accountOf(call.state.world, call.account).policies)),
    ...(scope === 'Local' ? [] : awsManagedPolicies(call.partition).map(awsPolicyState)),
  ];
  const listed = all
    .filter((policy) => policy.path.startsWith(prefix))
    .filter((policy) => !(onlyAttached || usage === 'PermissionsPolicy') || countRoles(policy, call, 'attached') > 0)
    .filter((policy) => usage !== 'PermissionsBoundary' || countRoles(policy, call, 'boundary') > 0);
  const { items, paging } = iamPage(input, listed, (policy) => policy.arn);
  return { Policies: items.map((policy) => policyIdentity(policy, call)), ...paging };
}

/** A version of a policy as IAM shows it. Lists of versions have no documents. */
export function versionView(policy: PolicyState, version: PolicyVersionState, withDocument: boolean): Output {
  return {
    ...(withDocument ? { Document: encodeURIComponent(version.document) } : {}),
    VersionId: version.id,
    IsDefaultVersion: version.id === policy.defaultVersion,
    CreateDate: new Date(version.createdAt),
  };
}

function createVersion(input: Input, call: Call): Output {
  const policy = findOwnPolicy(input, call);
  const document = readManagedDocument(input, call);
  const asDefault = optionalFlag(input, 'SetAsDefault') ?? false;
  const quota = call.quotas.policyVersions;
  if (policy.versions.length >= quota) {
    throw limitExceeded(
      `A managed policy can have up to ${quota} versions. Before you create a new version, you must delete an existing version.`,
    );
  }
  policy.lastVersion += 1;
  const version = { id: `v${policy.lastVersion}`, document, createdAt: call.time.toISOString() };
  policy.versions = [...policy.versions, version];
  policy.updatedAt = version.createdAt;
  if (asDefault) policy.defaultVersion = version.id;
  return { PolicyVersion: versionView(policy, version, false) };
}

function deleteVersion(input: Input, call: Call): Output {
  const policy = findOwnPolicy(input, call);
  const { id } = versionOf(policy, requiredText(input, 'VersionId', RULES.versionId));
  if (id === policy.defaultVersion) throw deleteConflict('Cannot delete the default version of a policy.');
  policy.versions = policy.versions.filter((version) => version.id !== id);
  return {};
}

function setDefaultVersion(input: Input, call: Call): Output {
  const policy = findOwnPolicy(input, call);
  policy.defaultVersion = versionOf(policy, requiredText(input, 'VersionId', RULES.versionId)).id;
  policy.updatedAt = call.time.toISOString();
  return {};
}

function listVersions(input: Input, call: Call): Output {
  const policy = findPolicy(input, call);
  // IAM lists the newest version first.
  const order = (version: PolicyVersionState): string =>
    String(1_000_000 - Number(version.id.slice(1))).padStart(7, '0');
  const { items, paging } = iamPage(input, policy.versions, order);
  return { Versions: items.map((version) => versionView(policy, version, false)), ...paging };
}

function createPermissions(input: Input, call: Call): readonly Permission[] {
  const name = requiredText(input, 'PolicyName', RULES.policyName);
  const path = optionalText(input, 'Path', RULES.policyPath) ?? '/';
  const resource = iamArn(call.partition, call.account, 'policy', name, path);
  const context = requestTagContext(readTags(input));
  const create = { action: 'iam:CreatePolicy', resource, context };
  return Object.keys(context).length === 0 ? [create] : [create, { action: 'iam:TagPolicy', resource, context }];
}

/** Managed policies, their versions and their tags. */
export const policyActions: Actions = {
  CreatePolicy: { permissions: createPermissions, handle: createPolicy },
  GetPolicy: {
    permissions: onPolicy('iam:GetPolicy'),
    handle: (input, call) => ({ Policy: wholePolicy(findPolicy(input, call), call) }),
  },
  DeletePolicy: { permissions: onPolicy('iam:DeletePolicy'), handle: deletePolicy },
  ListPolicies: { permissions: () => [{ action: 'iam:ListPolicies', resource: '*' }], handle: listPolicies },
  TagPolicy: {
    permissions: onPolicy('iam:TagPolicy', (input) => requestTagContext(requireTags(input))),
    handle: (input, call) => {
      const policy = findOwnPolicy(input, call);
      policy.tags = mergeTags(policy.tags, requireTags(input), call.quotas.tagsPerResource);
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
  CreatePolicyVersion: { permissions: onPolicy('iam:CreatePolicyVersion'), handle: createVersion },
  GetPolicyVersion: {
    permissions: onPolicy('iam:GetPolicyVersion'),
    handle: (input, call) => {
      const policy = findPolicy(input, call);
      const version = versionOf(policy, requiredText(input, 'VersionId', RULES.versionId));
      return { PolicyVersion: versionView(policy, version, true) };
    },
  },
  ListPolicyVersions: { permissions: onPolicy('iam:ListPolicyVersions'), handle: listVersions },
  DeletePolicyVersion: { permissions: onPolicy('iam:DeletePolicyVersion'), handle: deleteVersion },
  SetDefaultPolicyVersion: { permissions: onPolicy('iam:SetDefaultPolicyVersion'), handle: setDefaultVersion },
};
