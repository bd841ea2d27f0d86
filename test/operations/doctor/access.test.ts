import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { remedyText } from '../../../src/cli/report';
import { resourcesOf } from '../../../src/inventory/iamCatalogue';
import { loadInventory } from '../../../src/inventory/loadInventory';
import { type Access, takes } from '../../../src/operations/checks/access';
import { STAGES } from '../../../src/inventory/Inventory';
import { targetOf } from '../../blueprint/inventoryOf';
import { allowing, ask, healthy, SOURCE, type Case } from './doctorWorld';

const OBJECT = 'arn:aws:s3:::acme-orders/1';
const READ = { action: 's3:GetObject', resource: OBJECT };

/** The workload as an inventory writes it. */
const WRITTEN = `version: 1
accounts: { apps-prod: { id: "333333333333" }, data-prod: { id: "444444444444" } }
environments:
  prod:
    account: apps-prod
    region: us-west-2
    clusters: { main: { name: prod-main, version: "1.33", agent: { version: v1.3.4-eksbuild.1 } } }
workloads:
  orders-api:
    stage: pod-identity
    namespace: production
    serviceAccount: orders-api
    permissions: { statements: [{ actions: [s3:GetObject], resources: ["arn:aws:s3:::acme-orders/*"] }] }
    targets:
      ledger:
        account: data-prod
        via: association
        permissions: { statements: [{ actions: [dynamodb:Query], resources: ["arn:aws:dynamodb:us-west-2:444444444444:table/ledger"] }] }
`;

interface Permits {
  readonly statements: unknown[];
}

interface Written {
  readonly workloads: Readonly<
    Record<
      string,
      { readonly permissions: Permits; readonly targets: Readonly<Record<string, { readonly permissions: Permits }>> }
    >
  >;
}

function placeOf(workload: Written['workloads'][string], via: string): Permits {
  return via === 'association' ? workload.targets.ledger!.permissions : workload.permissions;
}

const folder = mkdtempSync(join(tmpdir(), 'podlift-access-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function answer(one: Case, access: Access) {
  const { findings } = await ask(one, { access });
  const found = findings.find(({ check }) => check === 'access')!;
  return { ...found, inspect: remedyText([found.inspect!]), fix: remedyText(found.remedy ?? []) };
}

describe('--action and --resource', () => {
  it.each(STAGES)('says at %s which statement allows it', async (stage) => {
    const found = await answer(healthy(stage), READ);
    expect(found.state).toBe('ok');
    expect(found.found).toMatch(/is allowed by inline policy podlift of prod-orders-api, statement 0/);
    expect(found.inspect).toBe(
      `aws iam simulate-principal-policy --policy-source-arn arn:aws:iam::333333333333:role/prod-orders-api --action-names s3:GetObject --resource-arns ${OBJECT}`,
    );
  });

  it('says what is missing', async () => {
    const found = await answer(healthy('dual'), { ...READ, action: 's3:PutObject' });
    expect(found.state).toBe('problem');
    expect(found.found).toMatch(/s3:PutObject is denied: no identity policy allows it/);
    expect(found.fix).toMatch(
      /^Add the statement to those of the workload in the inventory, then apply:\nworkloads:\n/,
    );
  });

  it.each<['workload' | 'association', Access]>([
    ['workload', { action: 's3:PutObject', resource: OBJECT }],
    ['workload', { action: 'sqs:SendMessage', resource: 'arn:aws:sqs:us-west-2:333333333333:a-*' }],
    ['association', { action: 'dynamodb:PutItem', resource: 'arn:aws:dynamodb:us-west-2:444444444444:table/x' }],
  ])(
    'says how to fix it: a statement that stands at its place in the inventory (target via %s): %j',
    async (via, access) => {
      const found = await answer(healthy('dual', { targets: [targetOf({ via })] }), access);
      const [, ...lines] = found.fix.split('\n');
      const merged = parse(WRITTEN) as Written;
      const pasted = parse(lines.join('\n')) as Written;
      const [here, there] = [merged, pasted].map(({ workloads }) => placeOf(workloads['orders-api']!, via));
      expect(there).toEqual({ statements: [{ actions: [access.action], resources: [access.resource] }] });
      here!.statements.push(...there!.statements);
      const file = join(folder, 'inventory.yaml');
      writeFileSync(file, stringify(merged));
      const { inventory, findings } = loadInventory(file);
      expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
      const [workload] = inventory!.environments[0]!.workloads;
      const { permissions } = via === 'association' ? workload!.targets[0]! : workload!;
      expect(permissions.statements.at(-1)).toMatchObject({ actions: [access.action], resources: [access.resource] });
    },
  );

  it.each([
    [
      's3:GetObject',
      'arn:aws:sqs:us-west-2:333333333333:queue',
      /takes no such resource as arn:aws:sqs.*\nthe action takes arn:\$\{Partition\}:s3/,
    ],
    ['s3:getobject', 'arn:aws:sqs:us-west-2:333333333333:queue', /takes no such resource/],
    [
      'ec2:DescribeInstances',
      'arn:aws:ec2:us-west-2:333333333333:instance/i-1',
      /takes no such resource.*\nthe action takes none but \*/,
    ],
  ])(
    '%s on %s: says that the action takes no such resource, whatever the policies say',
    async (action, resource, text) => {
      const one = healthy('dual');
      one.world.rolePolicies[SOURCE] = { attached: [], inline: { podlift: allowing('*') } };
      const found = await answer(one, { action, resource });
      expect(found.state).toBe('problem');
      expect(found.found).toMatch(text);
      expect(found.fix).toMatch(/^Run the command again/);
    },
  );

  it.each([
    ['ec2:DescribeInstances', '*'],
    ['sts:AssumeRole', 'arn:aws:iam::444444444444:role/x'],
    ['ec2:RunInstances', 'arn:aws:ec2:us-west-2:333333333333:instance/*'],
    ['s3:GetObject', 'arn:aws-cn:s3:::bucket/key'],
  ])('%s takes %s', (action, resource) => {
    expect(takes(resourcesOf(action), resource)).toBe(true);
  });

  it.each([
    ['irsa', 'problem', /aws:PrincipalTag\/kubernetes-namespace: wanted "production", the request does not carry it/],
    ['pod-identity', 'ok', /the session tags of EKS/],
  ] as const)('evaluates at %s with the session tags that a new pod has: %s', async (stage, state, text) => {
    const one = healthy(stage);
    one.world.rolePolicies[SOURCE] = {
      attached: [],
      inline: {
        podlift: {
          Version: '2012-10-17',
          Statement: {
            Effect: 'Allow',
            Action: 's3:*',
            Resource: '*',
            Condition: { StringEquals: { 'aws:PrincipalTag/kubernetes-namespace': 'production' } },
          },
        },
      },
    };
    const found = await answer(one, READ);
    expect(found.state).toBe(state);
    expect(found.found).toMatch(text);
  });

  it('reads attached policies and the boundary', async () => {
    const one = healthy('dual');
    const [own, limit] = ['arn:aws:iam::aws:policy/S3', 'arn:aws:iam::aws:policy/Limit'];
    one.world.managedPolicies[own] = allowing('s3:*');
    one.world.managedPolicies[limit] = allowing('dynamodb:*');
    one.world.rolePolicies[SOURCE] = { attached: [own], inline: { podlift: allowing('sqs:*') } };
    expect((await answer(one, READ)).found).toMatch(/allowed by policy arn:aws:iam::aws:policy\/S3, statement 0/);
    one.world.roles[SOURCE] = { ...one.world.roles[SOURCE]!, permissionsBoundary: limit };
    const found = await answer(one, READ);
    expect(found.found).toMatch(/permissions boundary does not allow it/);
    expect(found.fix).toMatch(/boundary/);
  });

  it('names the statement that denies', async () => {
    const one = healthy('dual');
    const deny = { Sid: 'NoS3', Effect: 'Deny', Action: 's3:*', Resource: '*' } as const;
    one.world.rolePolicies[SOURCE] = {
      attached: [],
      inline: { podlift: allowing('*'), guard: { Version: '2012-10-17', Statement: [deny] } },
    };
    expect((await answer(one, READ)).found).toMatch(
      /explicit deny by inline policy guard of prod-orders-api, statement 0 \(NoS3\)/,
    );
  });

  it('asks the target role where the association hands that one out, and the source role before', async () => {
    const targets = [targetOf({ via: 'association' })];
    const query = { action: 'dynamodb:Query', resource: 'arn:aws:dynamodb:us-west-2:444444444444:table/ledger' };
    expect((await answer(healthy('dual', { targets }), query)).found).toMatch(
      /allowed by inline policy podlift of prod-orders-api-ledger/,
    );
    expect((await answer(healthy('irsa', { targets }), query)).state).toBe('problem');
    expect((await answer(healthy('dual', { targets }), READ)).state).toBe('problem');
  });

  const LEDGER = { action: 'dynamodb:Query', resource: 'arn:aws:dynamodb:us-west-2:444444444444:table/ledger' };

  it.each([
    ['the role', 'dual', [], READ, 'dynamodb:*', 'problem'],
    ['the role, which both allow', 'pod-identity', [], READ, 's3:Get*', 'ok'],
    ['the target role', 'dual', [targetOf({ via: 'association' })], LEDGER, 's3:*', 'problem'],
    ['the target role, which both allow', 'dual', [targetOf({ via: 'association' })], LEDGER, 'dynamodb:Query', 'ok'],
    ['the role, for a pod that uses IRSA', 'irsa', [], READ, 'dynamodb:*', 'ok'],
  ] as const)(
    'takes only what the session policy of the association allows too: that of %s at %s',
    async (_of, stage, targets, wanted, allowed, state) => {
      const one = healthy(stage, { targets: [...targets] });
      one.world.associations = one.world.associations.map((association) => ({
        ...association,
        disableSessionTags: true,
        sessionPolicy: allowing(allowed),
      }));
      const found = await answer(one, wanted);
      expect(found.state).toBe(state);
      if (state === 'ok') expect(found.found).toMatch(/is allowed by inline policy podlift/);
      else {
        expect(found.found).toMatch(/session policy does not allow it/);
        expect(found.fix).toMatch(/aws eks delete-pod-identity-association .*\n.*apply/s);
        expect(found.fix).not.toMatch(/Add the statement/);
      }
    },
  );

  it('names the statement of the session policy that denies', async () => {
    const one = healthy('dual');
    const deny = { Sid: 'NoObjects', Effect: 'Deny', Action: 's3:*', Resource: '*' } as const;
    one.world.associations = one.world.associations.map((association) => ({
      ...association,
      sessionPolicy: { Version: '2012-10-17', Statement: [...[allowing('*').Statement].flat(), deny] },
    }));
    const found = await answer(one, READ);
    expect(found.found).toMatch(/explicit deny by session policy of a-\w+, statement 1 \(NoObjects\)/);
    expect(found.fix).toMatch(/delete-pod-identity-association/);
  });

  it('says what it cannot see', async () => {
    const queue = { action: 'sqs:SendMessage', resource: 'arn:aws:sqs:us-west-2:999999999999:queue' };
    const foreign = await answer(healthy('dual'), queue);
    expect(foreign.found).toMatch(/is of account 999999999999: its own policy must allow the role as well/);
    expect((await answer(healthy('dual'), READ)).found).toMatch(/service control policies, session policies/);
  });

  it('does not hold a KMS key’s own policy against the role', async () => {
    const one = healthy('dual');
    one.world.rolePolicies[SOURCE] = { attached: [], inline: { podlift: allowing('kms:Decrypt') } };
    const found = await answer(one, { action: 'kms:Decrypt', resource: 'arn:aws:kms:us-west-2:333333333333:key/1' });
    expect(found.state).toBe('ok');
    expect(found.found).toMatch(/allowed by inline policy podlift/);
    expect(found.found).toMatch(/The key’s policy must allow it as well/);
  });
});
