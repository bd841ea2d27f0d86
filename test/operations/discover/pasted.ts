import { checkSources, type LoadedInventory } from '../../../src/inventory/loadInventory';
import { parseSource } from '../../../src/inventory/source/parseSource';
import { ISSUER } from './shapes';

const BASE = {
  version: 1,
  accounts: { apps: { id: '333333333333' } },
  environments: {
    prod: {
      account: 'apps',
      region: 'us-west-2',
      clusters: {
        main: {
          name: 'prod-main',
          version: '1.33',
          oidc: { issuer: ISSUER },
          agent: { version: 'v1.3.4-eksbuild.1', adopt: true },
        },
      },
    },
  },
};

/** Maps merged key by key, as a person pastes them in. */
function merged(one: any, other: any): any {
  if (typeof one !== 'object' || typeof other !== 'object' || Array.isArray(one)) return other;
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return Object.fromEntries(
    [...keys].map((key) => [key, key in one && key in other ? merged(one[key], other[key]) : (one[key] ?? other[key])]),
  );
}

/** An inventory with a cluster, after a person pasted YAML into it. */
export function pasted(snippet: string): LoadedInventory {
  const { data } = parseSource(snippet, 'snippet').source!;
  const { source } = parseSource(JSON.stringify(merged(BASE, data)), 'inventory.yaml');
  return checkSources({ sources: [source!], findings: [], files: ['inventory.yaml'], complete: true });
}
