import { AccountClient, type AccountClientConfig, paginateListRegions } from '@aws-sdk/client-account';
import {
  OrganizationsClient,
  type OrganizationsClientConfig,
  paginateListAccounts,
} from '@aws-sdk/client-organizations';
import { allOf, EACH_RESPONSE, heardBy } from './ask';
import type { OrganizationAccount } from './AwsPort';

// Each client is made for one question: a survey asks it once for an account. The endpoint of both services is the same for all regions of a partition.

/** How a client calls AWS, and who hears of each call. */
export interface Calls<C> {
  readonly config: C;
  readonly onCall: (() => void) | undefined;
  readonly signal: AbortSignal;
}

/** The accounts of the organisation, all pages: AWS can give an empty page that is not the last one. Their e-mail addresses are left out. */
export async function readOrganizationAccounts({
  config,
  onCall,
  signal,
}: Calls<OrganizationsClientConfig>): Promise<OrganizationAccount[]> {
  const client = new OrganizationsClient(config);
  client.middlewareStack.add((next) => heardBy(next, onCall), EACH_RESPONSE);
  const accounts = await allOf(paginateListAccounts({ client }, {}, { abortSignal: signal }), (page) => page.Accounts);
  return accounts.map(({ Id: id = '', Name: name = '', Status: status = '' }) => ({ id, name, status }));
}

/** The regions that the account of the credentials can use, all pages: those that are always there, and those that it opted in to. */
export async function readRegions({ config, onCall, signal }: Calls<AccountClientConfig>): Promise<string[]> {
  const client = new AccountClient(config);
  client.middlewareStack.add((next) => heardBy(next, onCall), EACH_RESPONSE);
  const pages = paginateListRegions(
    { client, pageSize: 50 },
    { RegionOptStatusContains: ['ENABLED', 'ENABLED_BY_DEFAULT'] },
    { abortSignal: signal },
  );
  const regions = await allOf(pages, (page) => page.Regions);
  return regions.flatMap(({ RegionName: name }) => name ?? []);
}
