import { listOf, type PolicyDocument } from '../../../src/iam/PolicyDocument';
import { STAGES } from '../../../src/inventory/Inventory';
import { drift, driftQuestions } from '../../../src/operations/drift/drift';
import { remedyText } from '../../../src/cli/report';
import type { Estate } from '../../../src/estate/Estate';
import { ESTATE_FORMAT } from '../../../src/estate/schema/words';
import {
  clusterOf,
  environmentOf,
  inventoryOf,
  NO_IMPORTS,
  roleSettingsOf,
  targetOf,
  workloadOf,
} from '../../blueprint/inventoryOf';
import { agreedWorld, NOW, pilotAt, ROLE, type Setting } from '../agreedWorld';
import { estateOf } from '../estateOf';
import { ownAddonOf, serviceAccountOf } from '../facts';
import { unannounced } from '../printedCommands';
import { driftOf } from './driftOf';
import { CLUSTER_CASES } from './clusterCases';
import { ROLE_CASES } from './roleCases';

describe('drift', () => {
  it.each([...ROLE_CASES, ...CLUSTER_CASES])(
    'names it: $title',
    async ({ stage = 'dual', setting = {}, change, ...said }) => {
      const inventory = pilotAt(stage, setting);
      const world = agreedWorld(inventory);
      change(world);
      const { differences } = await driftOf(inventory, world);
      expect(differences.map(({ kind }) => kind)).toEqual([said.kind]);
      const [only] = differences;
      expect(only).toMatchObject({ holds: 'no', environment: 'prod' });
      expect(only!.where).toMatch(said.where);
      expect(only!.expected).toMatch(said.expected);
      expect(only!.found).toMatch(said.found);
      expect(remedyText(only!.remedy)).toMatch(said.remedy);
      expect(unannounced(remedyText(only!.remedy))).toEqual([]);
      if (said.effect === undefined) expect(only!.effect).toBeUndefined();
      else expect(only!.effect).toMatch(said.effect);
    },
  );

  it.each(STAGES)('finds no difference where AWS agrees, at %s', async (stage) => {
    const inventory = pilotAt(stage, {
      targets: [targetOf()],
      cluster: { oidc: { ...clusterOf().oidc!, provider: 'managed' } },
    });
    const world = agreedWorld(inventory);
    const { differences, workloads, asked } = await driftOf(inventory, world);
    expect(differences).toEqual([]);
    expect(workloads).toBe(1);
    // Role, target role, association, cluster, annotation, provider and agent, which nobody else may make before podlift does.
    expect(asked).toBe(9);
  });

  it.each(['cutover', 'pod-identity'] as const)('treats an empty annotation as none, at %s', async (stage) => {
    const inventory = pilotAt(stage, { cluster: { kubernetes: { context: 'prod-main' } } });
    const world = agreedWorld(inventory);
    world.serviceAccounts['production/orders-api'] = serviceAccountOf('production', 'orders-api', {
      'eks.amazonaws.com/role-arn': '',
    });
    expect((await driftOf(inventory, world)).differences).toEqual([]);
  });

  it('ignores the tags of an imported association: they are those of its creator', async () => {
    const imports = { ...NO_IMPORTS, associations: { main: 'a-1' } };
    const inventory = pilotAt('dual', { workload: { role: roleSettingsOf({ adopt: true, imports }) } });
    const world = agreedWorld(inventory);
    world.associations = world.associations.map((association) => ({ ...association, tags: { Terraform: 'true' } }));
    expect((await driftOf(inventory, world)).differences).toEqual([]);
  });

  it('finds no difference in documents and configurations that are written in another way', async () => {
    const setting: Setting = {
      cluster: { agent: { version: 'v1.3.4-eksbuild.1', adopt: false, configuration: { agent: { a: 1, b: [2] } } } },
    };
    const inventory = pilotAt('dual', setting);
    const world = agreedWorld(inventory);
    const otherwise = ({ Statement }: PolicyDocument): PolicyDocument => ({
      Version: '2012-10-17',
      Id: 'rewritten',
      Statement: listOf(Statement)
        .flatMap((statement) =>
          [statement.Action].flat().map((action) => ({ ...statement, Action: [action!.toUpperCase()] })),
        )
        .reverse(),
    });
    for (const role of Object.values(world.roles)) Object.assign(role, { trust: otherwise(role.trust) });
    for (const { inline } of Object.values(world.rolePolicies))
      if (inline.podlift !== undefined) Object.assign(inline, { podlift: otherwise(inline.podlift) });
    world.addons = { 'prod-main': ownAddonOf({ configuration: 'agent:\n  b: [2]\n  a: 1\n' }) };
    expect((await driftOf(inventory, world)).differences).toEqual([]);
  });

  it.each<[string, readonly string[], Partial<Setting>?]>([
    ['role', ['role', 'role'], { targets: [targetOf()] }],
    ['rolePolicies', ['inline-policy', 'inline-policy'], { targets: [targetOf()] }],
    ['associations', ['association']],
    ['serviceAccount', ['annotation']],
    ['issuer', ['annotation']],
    ['describeCluster', ['annotation']],
    ['addon', ['agent']],
    ['oidcProvider', ['oidc-provider'], { cluster: { oidc: { ...clusterOf().oidc!, provider: 'managed' } } }],
  ])('reports as not checked what %s does not answer', async (method, kinds, setting = {}) => {
    const inventory = pilotAt('dual', setting);
    const world = agreedWorld(inventory);
    world.unanswered = { [method]: 'denied' };
    const { differences } = await driftOf(inventory, world);
    expect(differences.map(({ kind }) => kind)).toEqual(kinds);
    for (const { holds, found, remedy } of differences) {
      expect(holds).toBe('unknown');
      expect(found).toBe(`denied: no answer to ${method}`);
      expect(remedyText(remedy)).toMatch(/run the command again/);
    }
  });

  it('does not compare service accounts of another cluster', async () => {
    const inventory = pilotAt('dual');
    const world = agreedWorld(inventory);
    world.issuer = 'https://oidc.eks.us-west-2.amazonaws.com/id/ELSEWHERE';
    world.serviceAccounts = {};
    const { differences } = await driftOf(inventory, world);
    expect(differences).toMatchObject([
      {
        kind: 'annotation',
        holds: 'unknown',
        cluster: 'main',
        found: expect.stringMatching(/leads to another cluster/),
      },
    ]);
  });

  it('allows an add-on to keep its annotation after its workload has left IRSA', async () => {
    const addon = {
      name: 'ebs',
      version: 'v1.40.0-eksbuild.1',
      serviceAccounts: { 'orders-api': 'orders-api' },
      adopt: false,
    };
    const inventory = pilotAt('cutover', { cluster: { addons: [addon] } });
    const world = agreedWorld(inventory);
    const ebs = ownAddonOf({ name: 'ebs', version: addon.version, serviceAccountRoleArn: ROLE });
    world.otherAddons = { 'prod-main': [ebs] };
    world.associations = world.associations.map((one) => ({ ...one, tags: {}, ownerArn: ebs.arn }));
    const account = world.serviceAccounts['production/orders-api']!;
    world.serviceAccounts = {
      'production/orders-api': { ...account, annotations: { 'eks.amazonaws.com/role-arn': ROLE } },
    };
    expect((await driftOf(inventory, world)).differences).toEqual([]);
  });

  describe('of an add-on that owns associations', () => {
    const named = {
      name: 'ebs',
      version: 'v1.40.0-eksbuild.1',
      serviceAccounts: { 'orders-api': 'orders-api' },
      adopt: false,
    };
    const inventory = pilotAt('dual', { cluster: { addons: [named] } });
    const associationArns = ['arn:aws:eks:us-west-2:333333333333:podidentityassociation/prod-main/a-1'];
    const ebs = ownAddonOf({ name: 'ebs', version: named.version, serviceAccountRoleArn: ROLE, associationArns });

    it('lists the associations of the cluster only where it owns others than those of its entry', async () => {
      const world = agreedWorld(inventory);
      world.otherAddons = { 'prod-main': [ebs] };
      world.associations = world.associations.map((one) => ({ ...one, tags: {}, ownerArn: ebs.arn }));
      expect((await driftOf(inventory, world)).differences).toEqual([]);
      const listed = world.asked.filter((one) => one.startsWith('associations'));
      expect(listed).toEqual(['associations prod-main production/orders-api']);
    });

    it('does not accept an association of the add-on of another cluster', async () => {
      const world = agreedWorld(inventory);
      world.otherAddons = { 'prod-main': [ebs] };
      const ownerArn = ebs.arn.replace('prod-main', 'prod-blue');
      world.associations = world.associations.map((one) => ({ ...one, tags: {}, ownerArn }));
      const { differences } = await driftOf(inventory, world);
      expect(differences).toMatchObject([
        { kind: 'association', found: expect.stringContaining(`owned by add-on ${ownerArn}`) },
      ]);
    });
  });

  describe('of an Estate as data', () => {
    const inventory = pilotAt('dual');

    it('is the same once the Estate was saved and loaded', async () => {
      const world = agreedWorld(inventory);
      world.associations = [];
      world.unanswered = { addon: 'throttled' };
      const request = { environments: ['prod'] };
      const estate = await estateOf(world, inventory, driftQuestions(inventory, request));
      const found = drift(inventory, request, estate);
      expect(found.differences).toHaveLength(2);
      expect(drift(inventory, request, JSON.parse(JSON.stringify(estate)) as Estate)).toEqual(found);
      expect(found.when).toBe(NOW.toISOString());
    });

    it('could not check what the Estate does not have', () => {
      const empty: Estate = { format: ESTATE_FORMAT, at: NOW.toISOString(), accounts: {}, clusters: {} };
      const { differences } = drift(inventory, { environments: ['prod'] }, empty);
      expect(differences.map(({ kind, holds, reason }) => [kind, holds, reason])).toEqual(
        ['role', 'inline-policy', 'association', 'annotation', 'agent'].map((kind) => [kind, 'unknown', 'not-asked']),
      );
    });
  });

  describe('of several workloads', () => {
    const workloads = ['a', 'b', 'c'].map((key) => workloadOf({ key, stage: 'dual' }));
    const inventory = inventoryOf(environmentOf({ workloads }));

    it('asks for all service accounts of a cluster at once, and each role once', async () => {
      const world = agreedWorld(inventory);
      expect((await driftOf(inventory, world)).differences).toEqual([]);
      const count = (method: string) => world.asked.filter((one) => one.startsWith(method)).length;
      expect([count('serviceAccount'), count('role '), count('rolePolicies'), count('addon')]).toEqual([1, 3, 3, 1]);
    });

    it('lists differences workload by workload, whether they are in waves or not', async () => {
      const world = agreedWorld(inventory);
      world.roles = Object.fromEntries(Object.entries(world.roles).filter(([name]) => !/prod-[ac]$/.test(name)));
      world.associations = world.associations.filter(({ serviceAccount }) => serviceAccount !== 'a');
      world.addons = {};
      const { differences } = await driftOf(inventory, world);
      expect(differences.map(({ workload, kind }) => [workload, kind])).toEqual([
        ['a', 'role'],
        ['a', 'association'],
        ['c', 'role'],
        [undefined, 'agent'],
      ]);
    });

    it('reports the permissions of a role of which IAM knows none as missing', async () => {
      const world = agreedWorld(inventory);
      world.rolePolicies = { ...world.rolePolicies, '333333333333/prod-b': undefined as never };
      const { differences } = await driftOf(inventory, world);
      expect(differences.map(({ workload, kind, found }) => [workload, kind, found])).toEqual([
        ['b', 'inline-policy', 'no such policy'],
      ]);
    });

    it('asks about one alone, and the cluster that it runs on', async () => {
      const world = agreedWorld(inventory);
      world.roles = {};
      world.addons = {};
      const { differences, workloads: count } = await driftOf(inventory, world, { workload: 'b' });
      expect(count).toBe(1);
      expect(differences.map(({ workload, kind }) => [workload, kind])).toEqual([
        ['b', 'role'],
        [undefined, 'agent'],
      ]);
      expect(world.asked.filter((one) => /prod-[ac]\b/.test(one))).toEqual([]);
    });
  });
});
