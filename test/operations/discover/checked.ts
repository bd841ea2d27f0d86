import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Estate } from '../../../src/estate/Estate';
import type { DiscoverRequest } from '../../../src/operations/discover/askCluster';
import { checkProposal, type CheckedProposal } from '../../../src/operations/discover/checkProposal';
import { newCluster } from '../../../src/operations/discover/clusterEntry';
import { discover } from '../../../src/operations/discover/discover';
import { readForEdit } from '../../../src/operations/inventoryFile/editableInventory';
import { clusterOf } from '../../blueprint/inventoryOf';
import { answered, estateOf, type Found, foundOf } from './foundOf';
import { ISSUER, type Shape } from './shapes';

// Proposals that were checked with a whole inventory, for one cluster and for two.

export const BATCH_ISSUER_NAME = `oidc.eks.us-west-2.amazonaws.com/id/${'B'.repeat(32)}`;
export const BATCH_ISSUER = `https://${BATCH_ISSUER_NAME}`;
export const BATCH_PROVIDER = `arn:aws:iam::333333333333:oidc-provider/${BATCH_ISSUER_NAME}`;

const HEAD = `version: 1
accounts: { apps: { id: "333333333333" } }
environments:
  prod:
    account: apps
    region: us-west-2
    clusters:
      main:
        name: prod-main
        version: "1.33"
        oidc: { issuer: "${ISSUER}" }
        agent: { version: v1.3.4-eksbuild.1, adopt: true }
`;
export const ONE_CLUSTER = HEAD;
export const TWO_CLUSTERS = `${HEAD}      batch:
        name: prod-batch
        version: "1.33"
        oidc: { issuer: "${BATCH_ISSUER}" }
        agent: { version: v1.3.4-eksbuild.1, adopt: true }
`;

/** The Estate of two clusters; the associations of the second one have ids of their own. */
export function twoClusters(main: readonly Shape[], batch: readonly Shape[], more: Partial<Found> = {}): Estate {
  const second = foundOf(batch, {
    ...foundOf(batch),
    cluster: answered({
      arn: BATCH.arn,
      status: 'ACTIVE',
      version: '1.33',
      platformVersion: 'eks.1',
      autoMode: false,
      issuer: BATCH_ISSUER,
    }),
    contextIssuer: answered(BATCH_ISSUER),
    oidcProvider: answered({ arn: BATCH_PROVIDER, audiences: ['sts.amazonaws.com'] }),
    ...more,
  });
  const { associations } = second;
  const ids = associations.ok
    ? answered(associations.value.map((one) => ({ ...one, id: one.id.replace('a-', 'a-batch') })))
    : associations;
  const [one, other] = [estateOf(foundOf(main)), estateOf({ ...second, associations: ids }, BATCH)];
  const account = '333333333333';
  const [of, also] = [one.accounts[account]!, other.accounts[account]!];
  const parts = Object.fromEntries(
    [...new Set([...Object.keys(of), ...Object.keys(also)])].map((key) => [
      key,
      { ...(also as Record<string, object>)[key], ...(of as Record<string, object>)[key] },
    ]),
  );
  const providers = {
    [BATCH_PROVIDER]: { at: one.at, value: { arn: BATCH_PROVIDER, audiences: ['sts.amazonaws.com'] } },
  };
  return {
    ...one,
    accounts: { [account]: { ...parts, oidcProviders: { ...of.oidcProviders, ...providers } } },
    clusters: { ...one.clusters, ...other.clusters },
  };
}

export const BATCH = clusterOf({
  key: 'batch',
  name: 'prod-batch',
  oidc: { issuer: BATCH_ISSUER, provider: 'existing', adopt: false },
});

/** Discovers a cluster, by its key or its name, and checks the proposal. `text`: the inventory. */
export function checkedWith(
  text: string,
  estate: Estate,
  { cluster = 'main', ...more }: { readonly cluster?: string } & Partial<Omit<DiscoverRequest, 'cluster'>> = {},
): CheckedProposal {
  const folder = mkdtempSync(join(tmpdir(), 'podlift-discover-'));
  try {
    const file = join(folder, 'inventory.yaml');
    writeFileSync(file, text);
    const read = readForEdit(file);
    const { inventory, findings } = read.loaded;
    if (inventory === undefined) throw new Error(findings.map(({ message }) => message).join('\n'));
    const environment = inventory.environments[0]!;
    const known = environment.clusters.find(({ key }) => key === cluster);
    const request = { environment, cluster: known ?? newCluster(environment, cluster), ...more };
    return checkProposal(read, request, discover(inventory, request, estate), estate);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
