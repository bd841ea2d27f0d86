import { parseArn } from '../../iam/Arn';
import { recordOf } from './recordOf';
import type { AccountState, ClusterState, RoleState, World } from './World';

/** The account with that id; made empty when nobody has spoken to it before. */
export function accountOf(world: World, id: string): AccountState {
  return (world.accounts[id] ??= {
    id,
    roles: recordOf(),
    policies: recordOf(),
    oidcProviders: recordOf(),
  });
}

/** The role with that ARN: path and case count. Undefined when there is none. */
export function roleByArn(world: World, arn: string): RoleState | undefined {
  const parts = parseArn(arn);
  if (parts?.service !== 'iam' || !parts.resource.startsWith('role/')) return undefined;
  const name = parts.resource.slice(parts.resource.lastIndexOf('/') + 1);
  const role = world.accounts[parts.account]?.roles[name.toLowerCase()];
  return role?.arn === arn ? role : undefined;
}

/** The cluster of that name in an account and region. */
export function clusterByName(world: World, account: string, region: string, name: string): ClusterState | undefined {
  return Object.values(world.clusters).find(
    (cluster) => cluster.account === account && cluster.region === region && cluster.name === name,
  );
}

/** The cluster whose tokens carry this `iss`. */
export function clusterByIssuer(world: World, issuer: string): ClusterState | undefined {
  return Object.values(world.clusters).find((cluster) => cluster.issuer === issuer);
}
