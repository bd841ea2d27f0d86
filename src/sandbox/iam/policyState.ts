import type { Call, Output, Permission } from '../api/Action';
import { awsManagedDocument } from '../api/managedDocuments';
import { tagContext } from '../api/contextOf';
import { notImplemented } from '../api/Fault';
import { requiredText, type Input } from '../api/Input';
import { parseArn } from '../../iam/Arn';
import { isAwsManaged } from '../world/isAwsManaged';
import type { PolicyState, RoleState } from '../world/World';
import { invalidInput, noSuchEntity } from './faults';
import { RULES } from './rules';
import { tagList } from './tags';

/** When AWS's own policies are said to have been made: a fixed time, since the sandbox does not know the real one. */
const AWS_MANAGED_SINCE = '2015-02-06T18:39:46.000Z';

/**
 * The managed policy that a request names: one of the caller's account, or one of AWS's own as far as the sandbox knows it.
 * Throws `NoSuchEntity`, or `InvalidInput` for an ARN that is none.
 */
export function findPolicy(input: Input, call: Call): PolicyState {
  const arn = requiredText(input, 'PolicyArn', RULES.arn);
  const parts = parseArn(arn);
  if (parts?.service !== 'iam' || !parts.resource.startsWith('policy/')) throw invalidInput(`ARN ${arn} is not valid.`);
  if (isAwsManaged(arn)) return awsManagedPolicy(arn);
  const policy =
    parts.account === call.account ? call.state.world.accounts[call.account]?.policies[arn.toLowerCase()] : undefined;
  if (policy === undefined) throw noSuchEntity(`Policy ${arn} was not found.`);
  return policy;
}

/** Like `findPolicy`, for a change: AWS's own cannot be changed. */
export function findOwnPolicy(input: Input, call: Call): PolicyState {
  const policy = findPolicy(input, call);
  if (isAwsManaged(policy.arn)) throw invalidInput(`Policy ${policy.arn} is managed by AWS and cannot be changed.`);
  return policy;
}

function awsManagedPolicy(arn: string): PolicyState {
  const resource = arn.slice(arn.indexOf(':policy/') + ':policy'.length);
  const name = resource.slice(resource.lastIndexOf('/') + 1);
  const document = awsManagedDocument(arn);
  return {
    name,
    id: `ANPA${Buffer.from(name.padEnd(17, 'A')).toString('hex').toUpperCase().slice(0, 17)}`,
    path: resource.slice(0, resource.length - name.length),
    arn,
    createdAt: AWS_MANAGED_SINCE,
    updatedAt: AWS_MANAGED_SINCE,
    tags: {},
    defaultVersion: 'v1',
    versions:
      document === undefined ? [] : [{ id: 'v1', document: JSON.stringify(document), createdAt: AWS_MANAGED_SINCE }],
    lastVersion: 1,
  };
}

/** A version of a policy. Throws `NoSuchEntity`, and 501 for one of AWS's own whose document the sandbox does not know. */
export function versionOf(policy: PolicyState, id: string): PolicyState['versions'][number] {
  const version = policy.versions.find((candidate) => candidate.id === id);
  if (version !== undefined) return version;
  if (isAwsManaged(policy.arn)) throw notImplemented(`the document ${id} of ${policy.arn}`);
  throw noSuchEntity(`Policy ${policy.arn} version ${id} does not exist or is not attachable.`);
}

/** The roles of the caller's account that have the policy attached, or as their boundary. */
export function rolesWith(policy: PolicyState, call: Call, use: 'attached' | 'boundary'): readonly RoleState[] {
  return Object.values(call.state.world.accounts[call.account]?.roles ?? {}).filter((role) =>
    use === 'attached' ? role.attached.includes(policy.arn) : role.boundary === policy.arn,
  );
}

/** What IAM shows of a policy wherever it shows one. */
export function policyIdentity(policy: PolicyState, call: Call): Output {
  return {
    PolicyName: policy.name,
    PolicyId: policy.id,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: policy.defaultVersion,
    AttachmentCount: rolesWith(policy, call, 'attached').length,
    PermissionsBoundaryUsageCount: rolesWith(policy, call, 'boundary').length,
    IsAttachable: true,
    CreateDate: new Date(policy.createdAt),
    UpdateDate: new Date(policy.updatedAt),
  };
}

/** A policy as `GetPolicy` shows it; lists of policies leave its description and tags out. */
export function wholePolicy(policy: PolicyState, call: Call): Output {
  return { ...policyIdentity(policy, call), Description: policy.description, Tags: tagList(policy.tags) };
}

/** The permission for an action on the policy that a request names. */
export function onPolicy(action: string) {
  return (input: Input, call: Call): readonly Permission[] => {
    const arn = requiredText(input, 'PolicyArn', RULES.arn);
    const tags = call.state.world.accounts[call.account]?.policies[arn.toLowerCase()]?.tags ?? {};
    return [{ action, resource: arn, context: tagContext('aws:ResourceTag', tags) }];
  };
}
