import type { Actions, Call, Output } from '../api/Action';
import { awsManagedPolicy } from '../api/awsManagedPolicies';
import { textList, type Input } from '../api/Input';
import { accountOf, type PolicyState, type RoleState } from '../world/World';
import { attachedPolicies } from './rolePolicyActions';
import { iamPage } from '../api/pages';
import { awsPolicyState, policyIdentity, versionView } from './policyActions';
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

/** The policies of AWS that roles of the account have, attached or as a boundary. Whether AWS also lists the others is unknown. */
function usedAwsPolicies(roles: readonly RoleState[]): readonly PolicyState[] {
  const used = new Set(
    roles.flatMap(({ attached, boundary }) => [...attached, ...(boundary === undefined ? [] : [boundary])]),
  );
  return [...used].flatMap((arn) => {
    const policy = awsManagedPolicy(arn);
    return policy === undefined ? [] : [awsPolicyState(policy)];
  });
}

/**
 * The entities of the account that `Filter` names; without a filter all. A page can have several kinds. The sandbox has no users and no groups.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html
 */
function accountDetails(input: Input, call: Call): Output {
  const filter = textList(input, 'Filter', ENTITY);
  const wants = (kind: string): boolean => filter.length === 0 || filter.includes(kind);
  const account = accountOf(call.state.world, call.account);
  const roles = Object.values(account.roles);
  const policies = [
    ...(wants('LocalManagedPolicy') ? Object.values(account.policies) : []),
    ...(wants('AWSManagedPolicy') ? usedAwsPolicies(roles) : []),
  ];
  const entities: readonly Entity[] = [
    ...policies.map((policy) => ({ kind: 'policy', policy }) as const),
    ...(wants('Role') ? roles.map((role) => ({ kind: 'role', role }) as const) : []),
  ];
  const { items, paging } = iamPage(input, entities, (one) =>
    one.kind === 'role' ? `role/${one.role.name}` : `policy/${one.policy.arn}`,
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
