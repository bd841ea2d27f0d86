import type { Actions, Call, Output } from '../api/Action';
import { optionalFlag, requiredText, type Input } from '../api/Input';
import type { PolicyState, PolicyVersionState } from '../world/World';
import { deleteConflict, limitExceeded } from './faults';
import { iamPage } from './listing';
import { readManagedDocument } from './policyActions';
import { findOwnPolicy, findPolicy, onPolicy, versionOf } from './policyState';
import { RULES } from './rules';

/** A version of a policy as IAM shows it; lists of versions leave its document out. */
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

function setDefault(input: Input, call: Call): Output {
  const policy = findOwnPolicy(input, call);
  policy.defaultVersion = versionOf(policy, requiredText(input, 'VersionId', RULES.versionId)).id;
  policy.updatedAt = call.time.toISOString();
  return {};
}

function listVersions(input: Input, call: Call): Output {
  const policy = findPolicy(input, call);
  // The newest first, as IAM lists them.
  const order = (version: PolicyVersionState): string =>
    String(1_000_000 - Number(version.id.slice(1))).padStart(7, '0');
  const { items, paging } = iamPage(input, policy.versions, order);
  return { Versions: items.map((version) => versionView(policy, version, false)), ...paging };
}

/** The versions of managed policies. */
export const policyVersionActions: Actions = {
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
  SetDefaultPolicyVersion: { permissions: onPolicy('iam:SetDefaultPolicyVersion'), handle: setDefault },
};
