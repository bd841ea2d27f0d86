import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam';
import { compile } from '../../src/blueprint/compile';
import { awsPorts } from '../../src/estate/aws/awsPorts';
import type { Estate } from '../../src/estate/Estate';
import { kubectlPorts } from '../../src/estate/kubernetes/kubectlPorts';
import { placesOf } from '../../src/estate/places';
import type { Question } from '../../src/estate/questions';
import { readEstate } from '../../src/estate/readEstate';
import { listOf } from '../../src/iam/PolicyDocument';
import type { Inventory } from '../../src/inventory/Inventory';
import { discoverQuestions } from '../../src/operations/discover/discover';
import { doctorQuestions } from '../../src/operations/doctor/doctor';
import { gateQuestions } from '../../src/operations/gate/gate';
import { run } from '../cli/commandLine';
import type { Live } from './gate/live/liveWorld';
import { liveAt } from './doctor/live/doctorLive';

// A pod gets its role at the sandbox, by a condition on what podlift does not know: every command says so, and none advises to remove anything.

const withoutWorkloads = (inventory: Inventory): Inventory => ({
  ...inventory,
  environments: inventory.environments.map((one) => ({ ...one, workloads: [] })),
  waves: [],
});

/** The inventory of the test as people write it. */
function written(inventory: Inventory, isEmpty: boolean): string {
  const issuer = inventory.environments[0]!.clusters[0]!.oidc!.issuer;
  const head = `version: 1
accounts: { apps-prod: { id: "333333333333" } }
environments:
  prod:
    account: apps-prod
    region: us-west-2
    clusters:
      main:
        name: prod-main
        version: "1.33"
        oidc: { issuer: "${issuer}", provider: managed }
        agent: { version: v1.3.4-eksbuild.1 }
        kubernetes: { context: prod-main }
`;
  if (isEmpty) return head;
  return `${head}waves: { pilot: { soak: 7d, stages: { prod: irsa } } }
workloads:
  orders-api:
    wave: pilot
    namespace: production
    serviceAccount: orders-api
    sdk: { language: python, version: 1.34.60 }
    permissions: { statements: [{ actions: [s3:GetObject], resources: ["arn:aws:s3:::acme-orders/*"] }] }
`;
}

// The address from which the sandbox's pods reach AWS.
const EGRESS = { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } };
const CASES: readonly (readonly [string, object, object | undefined])[] = [
  ['IpAddress aws:SourceIp', EGRESS, undefined],
  ['StringEquals aws:RequestedRegion', { StringEquals: { 'aws:RequestedRegion': 'us-west-2' } }, undefined],
  ['StringNotLike sts:RoleSessionName', { StringNotLike: { 'sts:RoleSessionName': 'admin-*' } }, undefined],
  ['NotIpAddressIfExists aws:SourceIp', {}, { NotIpAddressIfExists: EGRESS.IpAddress }],
];

/** What takes something away from pods: commands, and sentences that say so. */
const REMOVES = /\b(?:remove|delete|detach|take away|cdktf (?:apply|destroy)|rollback)\b|role-arn-|audience-/i;

describe('a role with a condition that podlift cannot evaluate, at irsa', () => {
  const folder = mkdtempSync(join(tmpdir(), 'podlift-open-'));
  let live: Live;
  let inventory: Inventory;
  beforeAll(async () => {
    ({ live, inventory } = await liveAt('irsa'));
  });
  afterAll(async () => {
    await live.stop();
    rmSync(folder, { recursive: true });
  });

  const estateFor = (of: Inventory, questions: (estate: Estate) => readonly Question[]) =>
    readEstate(
      questions,
      { aws: awsPorts({ attempts: 3 }), kubernetes: kubectlPorts({ requestTimeout: 10, timeout: 20 }) },
      placesOf(of),
    );

  /** Runs a command of podlift on an Estate of the sandbox. */
  const command = async (
    words: readonly string[],
    of: Inventory,
    questions: (estate: Estate) => readonly Question[],
  ) => {
    const [estate, file] = [join(folder, 'estate.json'), join(folder, 'inventory.yaml')];
    writeFileSync(estate, JSON.stringify(await estateFor(of, questions)));
    writeFileSync(file, written(of, of.environments[0]!.workloads.length === 0));
    return run(['src/cli/podlift.js', ...words, '--estate', estate], { PODLIFT_INVENTORY: file });
  };

  it.each(CASES)('gives pods the role, and no command calls it denied: %s', async (condition, added, denied) => {
    const { trust, name } = rolesOf(inventory);
    const statements = trust.map((one) => ({
      ...one,
      Condition: merged(one.Condition as Record<string, object>, added as Record<string, object>),
    }));
    const deny = denied && { Effect: 'Deny', Principal: '*', Action: 'sts:*', Condition: denied };
    const document = { Version: '2012-10-17', Statement: [...statements, ...(deny ? [deny] : [])] };
    await live
      .iam()
      .send(new UpdateAssumeRolePolicyCommand({ RoleName: name, PolicyDocument: JSON.stringify(document) }));
    expect((await live.ask()).map(({ source }) => source.ok)).toEqual([true, true]);

    const empty = withoutWorkloads(inventory);
    const environment = empty.environments[0]!;
    const step = { wave: 'pilot', environment: 'prod', direction: 'forward' } as const;
    const runs = [
      await command(
        ['discover', '--environment', 'prod', '--cluster', 'main'],
        empty,
        discoverQuestions(empty, { environment, cluster: environment.clusters[0]! }),
      ),
      await command(['doctor', 'orders-api'], inventory, doctorQuestions(inventory, { environments: ['prod'] })),
      await command(['gate', 'pilot', '--environment', 'prod'], inventory, gateQuestions(inventory, step)),
    ];
    for (const [index, { status, stdout, stderr }] of runs.entries()) {
      const printed = `${stdout}${stderr}`;
      // discover carries a statement of IRSA with its conditions: here it says only that podlift made the role.
      if (index > 0) {
        expect(printed.replace(/\s+/g, ' ')).toContain(`could not be checked: depends on ${condition}`);
        expect(printed).not.toMatch(REMOVES);
      }
      expect(printed).not.toMatch(/is denied|denies its pods|not allowed|no credentials/);
      expect(status).toBe(index > 0 ? 1 : 0);
    }
  });
});

function rolesOf(inventory: Inventory): {
  readonly name: string;
  readonly trust: readonly { readonly Condition?: unknown }[];
} {
  const [role] = compile(inventory, 'prod').roles;
  return { name: role!.name, trust: listOf(role!.trust.Statement) };
}

function merged(one: Record<string, object>, other: Record<string, object>): Record<string, object> {
  const operators = new Set([...Object.keys(one), ...Object.keys(other)]);
  return Object.fromEntries([...operators].map((operator) => [operator, { ...one[operator], ...other[operator] }]));
}
