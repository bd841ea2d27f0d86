import { OPT_IN_REGIONS, regionsOf } from '../../inventory/aws/regions';
import type { Actions, Call, Output } from '../api/Action';
import { notImplemented, validationError } from '../api/ApiError';
import { type Input, optionalNumber, optionalText, textList } from '../api/Input';
import { page } from '../api/pages';

// Source of the rules: https://docs.aws.amazon.com/accounts/latest/reference/API_ListRegions.html

/** The most regions of a page. AWS does not document their number without `MaxResults`. */
const PAGE = 50;

const STATUS = /^(ENABLED|ENABLING|DISABLING|DISABLED|ENABLED_BY_DEFAULT)$/;

/** A region that accounts must opt in to is enabled where the account has a cluster in it. */
function statusOf(region: string, { state, account }: Call): string {
  if (!OPT_IN_REGIONS.has(region)) return 'ENABLED_BY_DEFAULT';
  const isUsed = Object.values(state.world.clusters).some((one) => one.account === account && one.region === region);
  return isUsed ? 'ENABLED' : 'DISABLED';
}

function listRegions(input: Input, call: Call): Output {
  if (optionalText(input, 'AccountId') !== undefined) throw notImplemented('account:ListRegions with AccountId');
  const wanted = textList(input, 'RegionOptStatusContains');
  const wrong = wanted.find((one) => !STATUS.test(one));
  if (wrong !== undefined) throw validationError(`Invalid RegionOptStatus: ${wrong}`);
  const all = regionsOf(call.partition)
    .map((RegionName) => ({ RegionName, RegionOptStatus: statusOf(RegionName, call) }))
    .filter(({ RegionOptStatus: status }) => wanted.length === 0 || wanted.includes(status));
  const size = optionalNumber(input, 'MaxResults', 1, PAGE) ?? PAGE;
  const { items, next } = page(all, ({ RegionName: name }) => name, optionalText(input, 'NextToken'), size);
  return { Regions: items, NextToken: next };
}

/** Account Management. The resource of a call without `AccountId` is the caller's account. */
export const regionActions: Actions = {
  ListRegions: {
    route: 'POST /listRegions',
    // Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsaccountmanagement.html
    permissions: (_, { partition, account }) => [
      { action: 'account:ListRegions', resource: `arn:${partition}:account::${account}:account` },
    ],
    handle: listRegions,
  },
};
