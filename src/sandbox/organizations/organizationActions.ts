import type { Actions, Call, Output } from '../api/Action';
import { ApiError } from '../api/ApiError';
import { type Input, optionalNumber, optionalText } from '../api/Input';
import { page } from '../api/pages';
import type { SeedOrganisation } from '../Seed';

// Source of the rules: https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListAccounts.html

/** The most accounts of a page, and their number without `MaxResults`. */
const PAGE = 20;

/** The management account: AWS has one in each organisation. */
export function managementOf({ management, accounts }: SeedOrganisation): string {
  return management ?? accounts[0] ?? '';
}

/** The organisation that the caller may list: that of its management account. There are no delegated administrators here. */
function organisationOf({ state, account }: Call): SeedOrganisation {
  const found = (state.world.organisations ?? []).find(({ accounts }) => accounts.includes(account));
  if (found === undefined)
    throw new ApiError('AWSOrganizationsNotInUseException', 404, 'Your account is not a member of an organization.');
  if (managementOf(found) !== account)
    throw new ApiError('AccessDeniedException', 403, "You don't have permissions to access this resource.");
  return found;
}

/** Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_Account.html */
function accountView(id: string, organisation: SeedOrganisation, { partition, state }: Call): Output {
  const management = managementOf(organisation);
  const status = organisation.suspended?.includes(id) === true ? 'SUSPENDED' : 'ACTIVE';
  return {
    Id: id,
    Arn: `arn:${partition}:organizations::${management}:account/${organisation.id}/${id}`,
    Email: `${id}@example.com`,
    Name: organisation.names?.[id] ?? id,
    Status: status,
    State: status,
    JoinedMethod: id === management ? 'INVITED' : 'CREATED',
    JoinedTimestamp: new Date(Math.floor(state.clock().getTime() / DAY) * DAY),
  };
}

const DAY = 86_400_000;

function listAccounts(input: Input, call: Call): Output {
  const organisation = organisationOf(call);
  const size = optionalNumber(input, 'MaxResults', 1, PAGE) ?? PAGE;
  const { items, next } = page(organisation.accounts, (id) => id, optionalText(input, 'NextToken'), size);
  return { Accounts: items.map((id) => accountView(id, organisation, call)), NextToken: next };
}

export const organizationActions: Actions = {
  // The action has no resources. Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsorganizations.html
  ListAccounts: { permissions: () => [{ action: 'organizations:ListAccounts', resource: '*' }], handle: listAccounts },
};
