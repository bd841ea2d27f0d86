import type { Actions, Call, Output } from '../api/Action';
import { notImplemented } from '../api/ApiError';
import { textList, type Input } from '../api/Input';
import { accountOf, type PolicyState, type RoleState } from '../world/World';
import { attachedPolicies } from './rolePolicyActions';
import { iamPage } from '../api/pages';
import { policyIdentity, versionView } from './policyActions';
import { roleDetails, roleIdentity } from './roleActions';

/** Source: the shape EntityType of IAM's API model. */
const ENTITY = { pattern: /^(User|Role|Group|LocalManagedPolicy|AWSManagedPolicy)$/ };

type Entity =
  { readonly kind: 'role'; readonly role: RoleState } | { readonly kind: 'policy'; readonly policy: PolicyState };

/**
 * A role with its policies. The answer has neither a description nor a session duration.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_RoleDetail.html
 */
function roleDetail(role: RoleState, call: Call): Output {
  return {
    ...roleIdentity(role, call),
    InstanceProfileList: [],
    RolePolicyList: Object.entries(role.inline).map(([PolicyName, document]) => ({
      PolicyName,
      PolicyDocument: encodeURIComponent(document),
    })),
    AttachedManagedPolicies: attachedPolicies(role),
    ...roleDetails(role, call),
  };
}

/**
 * A managed policy with all versions. The answer has no tags.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_ManagedPolicyDetail.html
 */
function policyDetail(policy: PolicyState, call: Call): Output {
  return {
    ...policyIdentity(policy, call),
    Description: policy.description,
    PolicyVersionList: policy.versions.map((version) => versionView(policy, version, true)),
  };
}

/**
 * The entities of the account that `Filter` names; a page can have several kinds. The sandbox has no users and no groups. It has no list of
 * AWS-managed policies: a request for them, or without a filter, is answered with 501.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html
 */
function accountDetails(input: Input, call: Call): Output {
  const filter = textList(input, 'Filter', ENTITY);
  if (filter.length === 0 || filter.includes('AWSManagedPolicy'))
    throw notImplemented(
      'iam:GetAccountAuthorizationDetails with AWS-managed policies: it has no list of them; name other entities in Filter',
    );
  const { roles, policies } = accountOf(call.state.world, call.account);
  const entities: readonly Entity[] = [
    ...(filter.includes('LocalManagedPolicy')
      ? Object.values(policies).map((policy) => ({ kind: 'policy', policy }) as const)
      : []),
    ...(filter.includes('Role') ? Object.values(roles).map((role) => ({ kind: 'role', role }) as const) : []),
  ];
  const { items, paging } = iamPage(input, entities, (one) =>
    one.kind === 'role' ? `role/${one.role.name}` : `policy/${one.policy.name}`,
  );
  return {
    UserDetailList: [],
    GroupDetailList: [],
    RoleDetailList: items.flatMap((one) => (one.kind === 'role' ? [roleDetail(one.role, call)] : [])),
    Policies: items.flatMap((one) => (one.kind === 'policy' ? [policyDetail(one.policy, call)] : [])),
    ...paging,
  };
}

/**
 * The action that reads a whole account. It has no resource: a policy allows it only on `*`.
 * Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
 */
export const accountActions: Actions = {
  GetAccountAuthorizationDetails: {
    permissions: () => [{ action: 'iam:GetAccountAuthorizationDetails', resource: '*' }],
    handle: accountDetails,
  },
};
