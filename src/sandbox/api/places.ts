import type { Context } from '../../iam/Request';
import type { SeedEgress } from '../Seed';
import type { World } from '../world/World';

/** An address of RFC 5737 for documentation: requests that the seed says nothing of come from there. */
const ADDRESS: SeedEgress = { sourceIp: '203.0.113.1' };

/**
 * The keys of the address that a request comes from. Through a VPC endpoint a request has `aws:VpcSourceIp`, `aws:SourceVpc` and `aws:SourceVpce`, else
 * `aws:SourceIp`: never both. An empty list is an absent key.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html (Properties of the network)
 */
export function addressContext(world: World, clusterArn: string | undefined): Context {
  const from = (clusterArn === undefined ? undefined : world.clusters[clusterArn]?.egress) ?? ADDRESS;
  if ('sourceIp' in from) return { 'aws:SourceIp': from.sourceIp };
  return {
    'aws:SourceIp': [],
    'aws:SourceVpc': from.vpc,
    'aws:SourceVpce': from.vpcEndpoint,
    'aws:VpcSourceIp': from.privateIp,
  };
}

/**
 * `aws:PrincipalOrgID` and `aws:PrincipalOrgPaths` of an account, or those of a resource or of the source of a service's request. Empty for an account without
 * an organisation. All accounts are directly under the root.
 */
export function organisationContext(
  world: World,
  of: 'Principal' | 'Resource' | 'Source',
  account: string | undefined,
): Context {
  const found = (world.organisations ?? []).find(({ accounts }) => accounts.some((id) => id === account));
  if (found === undefined) return {};
  const { id, root = DEFAULT_ROOT } = found;
  const path = `${id}/${root}/`;
  return { [`aws:${of}OrgID`]: id, [`aws:${of}OrgPaths`]: of === 'Source' ? path : [path] };
}

const DEFAULT_ROOT = 'r-0000';
