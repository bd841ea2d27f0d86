/**
 * Measures the processor time of what must stay fast on large or hostile input; exits 1 when a case is over its limit.
 * Run: npm run bench:limits
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Table from 'cli-table3';
import type { PolicyDocument } from '../src/iam/PolicyDocument';
import { sameMeaning } from '../src/iam/sameMeaning';
import { matchingActions } from '../src/inventory/iamCatalogue';
import { loadInventory } from '../src/inventory/loadInventory';
import { matchesWildcards } from '../src/inventory/reading/globs';
import type { SeedManifest } from '../src/sandbox/Seed';
import { startSandbox } from '../src/sandbox/startSandbox';

interface Case {
  readonly name: string;
  /** Seconds of this process on a core: other processes of the machine do not count. */
  readonly limit: number;
  readonly run: () => unknown;
}

const folder = mkdtempSync(join(tmpdir(), 'podlift-limits-'));
function load(text: string): void {
  const file = join(folder, 'inventory.yaml');
  writeFileSync(file, text);
  loadInventory(file);
}

/** Eight lists, each of ten times the one before: 100,000,000 values. */
const BOMB = [
  'a: &a [x,x,x,x,x,x,x,x,x,x]',
  ...['ab', 'bc', 'cd', 'de', 'ef', 'fg', 'gh'].map(
    ([before = '', name = '']) => `${name}: &${name} [${Array(10).fill(`*${before}`).join(',')}]`,
  ),
].join('\n');

function grants(resources: string, count: number): PolicyDocument {
  const many = (prefix: string) => Array.from({ length: count }, (_, index) => `${prefix}${index}`);
  const statement = { Effect: 'Allow', Action: many('s3:A'), Resource: many(`arn:aws:s3:::${resources}`) } as const;
  return { Version: '2012-10-17', Statement: [statement] };
}

const MAIN = { account: '111111111111', region: 'us-west-2', name: 'main' };

/** Starts a sandbox with 1,000 service accounts, each with a Deployment, and lists their pods. */
async function startLargeSandbox(): Promise<void> {
  const names = Array.from({ length: 1_000 }, (_, index) => ({
    namespace: `team-${index % 50}`,
    name: `app-${index}`,
  }));
  const manifests = names.map(({ namespace, name }): SeedManifest => {
    const labels = { app: name };
    const spec = { serviceAccountName: name, containers: [{ name: 'app', image: 'app' }] };
    return {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { namespace, name, labels },
      spec: { replicas: 1, selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
    };
  });
  const issuer = 'https://oidc.eks.us-west-2.amazonaws.com/id/AAAA1111AAAA1111AAAA1111AAAA1111';
  const nodes = [{ name: 'node-1', compute: 'ec2' as const }];
  const cluster = { ...MAIN, version: '1.33', issuer, nodes, serviceAccounts: names, manifests };
  const sandbox = await startSandbox({ seed: { ambientAccount: MAIN.account, clusters: [cluster] } });
  try {
    await (await fetch(`${sandbox.kubernetes.apiServer(MAIN)}/api/v1/pods`)).json();
  } finally {
    await sandbox.stop();
  }
}

const CASES: readonly Case[] = [
  {
    name: 'an inventory with an alias bomb',
    limit: 2,
    run: () => {
      load(`version: 1\n${BOMB}\n`);
    },
  },
  {
    name: 'an inventory with 200,000 times `[`',
    limit: 1,
    run: () => {
      load(`version: 1\nworkloads:\n  ${'['.repeat(200_000)}`);
    },
  },
  {
    name: 'equal policies of 400 actions and 400 resources',
    limit: 1,
    run: () => sameMeaning(grants('a', 400), grants('a', 400)),
  },
  {
    name: 'different policies of 400 actions and 400 resources',
    limit: 1,
    run: () => sameMeaning(grants('a', 400), grants('b', 400)),
  },
  {
    name: 'different policies of 99 actions and 99 resources',
    limit: 2,
    run: () => sameMeaning(grants('a', 99), grants('b', 99)),
  },
  {
    name: 'a pattern of 10,000 wildcards',
    limit: 1,
    run: () => matchesWildcards(`${'*?'.repeat(5000)}q`, 'x'.repeat(4000)),
  },
  { name: 'an action of 10,000 wildcards', limit: 1, run: () => matchingActions(`ec2:${'*?'.repeat(5000)}q`) },
  { name: 'a sandbox of 1,000 service accounts and pods', limit: 5, run: startLargeSandbox },
];

async function main(): Promise<void> {
  const table = new Table({ head: ['case', 'limit s', 'processor s'], style: { head: [], border: [] } });
  let over = 0;
  for (const { name, limit, run } of CASES) {
    const began = process.cpuUsage();
    await run();
    const { user, system } = process.cpuUsage(began);
    const seconds = (user + system) / 1e6;
    if (seconds > limit) over += 1;
    table.push([name, limit, seconds.toFixed(2)]);
  }
  rmSync(folder, { recursive: true });
  console.log(table.toString());
  if (over > 0) {
    console.error(`${over} of ${CASES.length} cases are over their limit.`);
    process.exitCode = 1;
  }
}

void main();
