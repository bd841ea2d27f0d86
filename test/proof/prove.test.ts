import { loadInventory } from '../../src/inventory/loadInventory';
import { proveInventory } from '../../src/proof/proveInventory';
import {
  clusterOf,
  environmentOf,
  inventoryOf,
  NO_IMPORTS,
  targetOf,
  workloadOf,
  type WorkloadParts,
} from '../blueprint/inventoryOf';
import type { Cluster } from '../../src/inventory/Inventory';
import { inventoryOfKinds, KINDS } from './proofFixtures';

const proofOf = (...workloads: WorkloadParts[]) =>
  proveInventory(
    inventoryOf(
      environmentOf({ clusters: [clusterOf(), clusterOf({ key: 'batch' })], workloads: workloads.map(workloadOf) }),
    ),
  );

describe('the example', () => {
  const { inventory } = loadInventory('inventory.yaml');
  const proof = proveInventory(inventory!);

  it('holds, and its two losses are those that docs/MIGRATION.md names', () => {
    expect(proof.failures).toEqual([]);
    expect(proof.gated.map(({ step, mode }) => [step.from, step.to, mode])).toEqual([
      ['cutover', 'pod-identity', 'irsa'],
      ['dual', 'prepared', 'pod-identity'],
    ]);
  });

  it('is proved in part when one environment or one wave is asked for', () => {
    const dev = proveInventory(inventory!, { environment: 'dev' });
    expect(dev.environments.map(({ environment }) => environment)).toEqual(['dev']);
    const wave = proveInventory(inventory!, { wave: 'pilot' });
    expect(wave.workloads).toBe(2);
    expect(dev.workloads + proveInventory(inventory!, { environment: 'prod' }).workloads).toBe(proof.workloads);
  });
});

describe('stages that a workload cannot be at', () => {
  it('are not asked of pods without an agent: they stay at irsa and have no step', () => {
    const { failures, gated, counts } = proofOf({ compute: 'fargate' });
    expect(failures).toEqual([]);
    expect(gated.map(({ workloads }) => workloads)).toEqual([{}, {}]);
    expect(counts).toMatchObject({ paths: 1, mixtures: 0 });
  });

  it('are not asked of clusters without OIDC: they are at pod-identity from the beginning', () => {
    const bare: Partial<Cluster> = clusterOf();
    delete (bare as { oidc?: unknown }).oidc;
    const workloads = [workloadOf({ stage: 'pod-identity' })];
    const { failures, counts } = proveInventory(inventoryOf(environmentOf({ clusters: [bare as Cluster], workloads })));
    expect(failures).toEqual([]);
    expect(counts).toMatchObject({ paths: 1, mixtures: 0 });
  });
});

describe('the states between two stages', () => {
  // An annotation that is cleared and one that is not there are no two states: counts as before accounts were cleared.
  it.each([
    ['plain', { workloads: 2, paths: 15, mixtures: 24, attacks: 69, decisions: 87 }],
    ['hops', { workloads: 2, paths: 35, mixtures: 72, attacks: 243, decisions: 285 }],
    ['chained', { workloads: 2, paths: 25, mixtures: 48, attacks: 156, decisions: 186 }],
    ['untagged-hops', { workloads: 2, paths: 25, mixtures: 40, attacks: 63, decisions: 85 }],
    ['untagged-chained', { workloads: 2, paths: 25, mixtures: 48, attacks: 82, decisions: 113 }],
  ])('of the workload %s are those of documents and annotations alone', (key, counts) => {
    const kinds = KINDS.filter((kind) => kind.key === key);
    expect(proveInventory(inventoryOfKinds({}, kinds)).counts).toEqual(counts);
    for (const manage of ['annotate', 'none'] as const) {
      const serviceAccount = { name: key, manage };
      expect(proveInventory(inventoryOfKinds({ serviceAccount }, kinds)).counts).toEqual(counts);
    }
  });
});

describe('released workloads', () => {
  const environment = environmentOf({ workloads: [workloadOf()] });
  /** Its own permissions keep it from its target. */
  const broken = workloadOf({
    key: 'gone',
    stage: 'dual',
    targets: [targetOf()],
    permissions: {
      inlinePolicies: {},
      managedPolicies: [],
      statements: [{ effect: 'Deny', actions: ['sts:AssumeRole'], resources: ['*'] }],
    },
  });

  it('are not proved: podlift has nothing of them any more', () => {
    const without = proveInventory(inventoryOf(environment));
    expect(proveInventory(inventoryOf({ ...environment, released: [broken] }))).toEqual(without);
    const managed = proveInventory(inventoryOf({ ...environment, workloads: [...environment.workloads, broken] }));
    expect(managed.failures.length).toBeGreaterThan(0);
  });

  it('leave nothing to prove where all are released', () => {
    const { workloads, counts, failures } = proveInventory(
      inventoryOf({ ...environment, workloads: [], released: [broken] }),
    );
    expect([workloads, counts.decisions, failures]).toEqual([0, 0, []]);
  });
});

/** A hop that a condition of the workload's own permissions decides. */
function hopUnder(conditions: Readonly<Record<string, Readonly<Record<string, string>>>>, effect: 'Allow' | 'Deny') {
  const statement = { effect, actions: ['sts:AssumeRole'], resources: ['*'], conditions };
  const [own] = workloadOf().permissions.statements;
  const { failures } = proofOf({
    targets: [targetOf()],
    permissions: { inlinePolicies: {}, managedPolicies: [], statements: [own!, statement] },
  });
  return failures;
}

const rulesOf = (failures: ReturnType<typeof hopUnder>) => new Set(failures.map(({ rule, path }) => `${rule} ${path}`));
const stagesOf = (failures: ReturnType<typeof hopUnder>) => failures.map(({ stages }) => stages);

describe('a condition that the mode of the pods decides', () => {
  const AT = 'workloads.orders-api.permissions.statements[1]';

  it('denies the pods on Pod Identity alone, whose sessions say that they are without MFA', () => {
    const failures = hopUnder({ Bool: { 'aws:MultiFactorAuthPresent': 'false' } }, 'Deny');
    expect(rulesOf(failures)).toEqual(new Set([`proof-path ${AT}`]));
    expect(stagesOf(failures)).toEqual([['dual', 'cutover', 'pod-identity']]);
  });

  it('denies the pods on IRSA alone, whose sessions name the provider of their token', () => {
    const failures = hopUnder({ Null: { 'aws:FederatedProvider': 'false' } }, 'Deny');
    expect(rulesOf(failures)).toEqual(new Set([`proof-path ${AT}`]));
    expect(stagesOf(failures)).toEqual([['irsa', 'prepared']]);
  });

  it.each(['aws:SecureTransport', 'aws:ViaAWSService'])('is no failure for %s, which is the same in both', (key) => {
    const other = key === 'aws:SecureTransport' ? 'false' : 'true';
    expect(hopUnder({ Bool: { [key]: other } }, 'Deny')).toEqual([]);
  });
});

describe('a target role that tags lock', () => {
  it.each(['iam:ResourceTag', 'aws:ResourceTag'])('is denied by a Deny on its own tag in %s', (key) => {
    const tag = { [`${key}/podlift:workload`]: 'orders-api' };
    expect(rulesOf(hopUnder({ StringEquals: tag }, 'Deny'))).toEqual(
      new Set(['proof-path workloads.orders-api.permissions.statements[1]']),
    );
    expect(hopUnder({ StringNotEquals: tag }, 'Deny')).toEqual([]);
  });

  it.each(['iam:ResourceTag', 'aws:ResourceTag'])(
    'is denied where a Deny asks for a tag that it lacks in %s',
    (key) => {
      const failures = hopUnder({ StringNotEquals: { [`${key}/owner`]: 'payments' } }, 'Deny');
      expect(rulesOf(failures)).toEqual(new Set(['proof-path workloads.orders-api.permissions.statements[1]']));
    },
  );
});

describe('what people wrote', () => {
  it('is found by its line: a Deny that stops the hop', () => {
    const deny = { effect: 'Deny', actions: ['sts:AssumeRole'], resources: ['*'] } as const;
    const [own] = workloadOf().permissions.statements;
    const { failures } = proofOf({
      targets: [targetOf()],
      permissions: { inlinePolicies: {}, managedPolicies: [], statements: [own!, deny] },
    });
    expect(failures.length).toBeGreaterThan(0);
    expect(new Set(failures.map(({ path }) => path))).toEqual(
      new Set(['workloads.orders-api.permissions.statements[1]']),
    );
    expect(failures[0]!.message).toContain('explicit deny by inline policy podlift of prod-orders-api, statement 1');
  });

  it('is found by its line: a kept statement that lets in whoever asks', () => {
    const kept = {
      Effect: 'Allow',
      Principal: { Federated: `arn:aws:iam::333333333333:oidc-provider/${clusterOf().oidc!.issuer.slice(8)}` },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: { StringLike: { [`${clusterOf().oidc!.issuer.slice(8)}:sub`]: 'system:serviceaccount:production:*' } },
    } as const;
    const role = { name: 'legacy', path: '/', adopt: true, tags: {}, imports: NO_IMPORTS, keepTrust: [kept] };
    const { failures } = proofOf({ role });
    const attack = failures.find(({ rule }) => rule === 'proof-attack');
    expect(attack).toMatchObject({ path: 'workloads.orders-api.role.keepTrust[0]' });
    // The same statement goes on letting in the workload's own pods when the step into pod-identity should have closed that way.
    expect(failures.map(({ rule }) => rule)).toContain('proof-expected-loss');
  });

  it('holds beside a kept statement of somebody else’s that names nobody of these', () => {
    const kept = {
      Effect: 'Allow',
      Principal: { Federated: 'arn:aws:iam::333333333333:oidc-provider/token.actions.githubusercontent.com' },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: {
        StringEquals: { 'token.actions.githubusercontent.com:sub': 'repo:acme/orders:ref:refs/heads/main' },
      },
    } as const;
    expect(
      proofOf({ role: { name: 'legacy', path: '/', adopt: true, tags: {}, imports: NO_IMPORTS, keepTrust: [kept] } })
        .failures,
    ).toEqual([]);
  });
});

it('a role that two workloads share is handed out by the other one’s association', () => {
  const role = { name: 'shared', path: '/', adopt: false, tags: {}, imports: NO_IMPORTS };
  const rules = proofOf({ key: 'one', role, sessionTags: false }, { key: 'two', role, sessionTags: false }).failures;
  expect(rules.map(({ rule, workload }) => [rule, workload])).toEqual(
    expect.arrayContaining([
      ['proof-shared-role', 'one'],
      ['proof-shared-role', 'two'],
    ]),
  );
});

it('a target by the app beside one by EKS is lost: EKS gives the other target’s session, not the source role’s', () => {
  const { failures } = proofOf({
    targets: [targetOf({ via: 'association' }), targetOf({ key: 'second', role: { name: 'second', path: '/' } })],
  });
  const lost = failures.filter(({ rule }) => rule === 'proof-path');
  expect(lost[0]!.message).toContain('(TaggedHop) does not name this caller');
  expect(lost[0]!.message).toContain('by its association EKS gives role prod-orders-api-ledger');
  expect(new Set(lost.map(({ target }) => target))).toEqual(new Set(['second']));
  expect(new Set(lost.flatMap(({ stages }) => stages))).toEqual(new Set(['dual', 'cutover', 'pod-identity']));
});

it('finds that tags of the environment that look like session tags open the tagged hop to untagged sessions', () => {
  const own = {
    'eks-cluster-arn': clusterOf().arn,
    'kubernetes-namespace': 'production',
    'kubernetes-service-account': 'orders-api',
  };
  const workloads = [workloadOf({ targets: [targetOf()] })];
  const { failures } = proveInventory(inventoryOf(environmentOf({ tags: own, workloads })));
  const found = failures.map(({ rule, target }) => [rule, target]);
  expect(found).toContainEqual(['proof-attack', 'ledger']);
  // At pod-identity the role's own tags pass for the session's: an untagged session gets in without sending any.
  expect(found).toContainEqual(['proof-closed-mode', 'ledger']);
});
