import { listOf } from '../../../src/iam/meaning/listOf';
import type { PolicyDocument } from '../../../src/iam/PolicyDocument';
import { STAGES } from '../../../src/inventory/Inventory';
import { remedyText } from '../../../src/cli/remedyText';
import {
  clusterOf,
  environmentOf,
  inventoryOf,
  NO_IMPORTS,
  roleSettingsOf,
  targetOf,
  workloadOf,
} from '../../blueprint/inventoryOf';
import { agreedWorld, pilotAt, ROLE, type Setting } from '../agreedWorld';
import { addonOf, serviceAccountOf } from '../facts';
import { unannounced } from '../printedCommands';
import { driftOf } from './driftOf';
import { PLACE_CASES } from './placeCases';
import { ROLE_CASES } from './roleCases';

describe('drift', () => {
  it.each([...ROLE_CASES, ...PLACE_CASES])(
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

  it.each(STAGES)('has no word against an AWS that agrees, at %s', async (stage) => {
    const inventory = pilotAt(stage, {
      targets: [targetOf()],
      cluster: { oidc: { ...clusterOf().oidc!, provider: 'managed' } },
    });
    const world = agreedWorld(inventory);
    const { differences, workloads, asked } = await driftOf(inventory, world);
    expect(differences).toEqual([]);
    expect(workloads).toBe(1);
    // Role, target role, association, cluster, annotation and provider; the agent from prepared on.
    expect(asked).toBe(stage === 'irsa' ? 8 : 9);
  });

  it.each(['cutover', 'pod-identity'] as const)('takes an empty annotation for none, at %s', async (stage) => {
    const inventory = pilotAt(stage, { cluster: { kubernetes: { context: 'prod-main' } } });
    const world = agreedWorld(inventory);
    world.serviceAccounts['production/orders-api'] = serviceAccountOf('production', 'orders-api', {
      'eks.amazonaws.com/role-arn': '',
    });
    expect((await driftOf(inventory, world)).differences).toEqual([]);
  });

  it('has no word against the tags of an association that was imported: they are whoever’s made it', async () => {
    const imports = { ...NO_IMPORTS, associations: { main: 'a-1' } };
    const inventory = pilotAt('dual', { workload: { role: roleSettingsOf({ adopt: true, imports }) } });
    const world = agreedWorld(inventory);
    world.associations = world.associations.map((association) => ({ ...association, tags: { Terraform: 'true' } }));
    expect((await driftOf(inventory, world)).differences).toEqual([]);
  });

  it('has no word against documents and configurations that are written otherwise', async () => {
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
    for (const policies of Object.values(world.rolePolicies))
      Object.assign(policies.inline, { podlift: otherwise(policies.inline.podlift!) });
    world.addons = { 'prod-main': addonOf({ configuration: 'agent:\n  b: [2]\n  a: 1\n' }) };
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
  ])('does not know what %s does not answer, and says so', async (method, kinds, setting = {}) => {
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

  it('takes no word about service accounts from another cluster', async () => {
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

  it('lets an add-on keep its annotation when its workload has left IRSA', async () => {
    const addon = {
      name: 'ebs',
      version: 'v1.40.0-eksbuild.1',
      serviceAccounts: { 'orders-api': 'orders-api' },
      adopt: false,
    };
    const inventory = pilotAt('cutover', { cluster: { addons: [addon] } });
    const world = agreedWorld(inventory);
    const ebs = addonOf({ name: 'ebs', version: addon.version, serviceAccountRoleArn: ROLE });
    world.otherAddons = { 'prod-main': [ebs] };
    world.associations = world.associations.map((one) => ({ ...one, tags: {}, ownerArn: ebs.arn }));
    const account = world.serviceAccounts['production/orders-api']!;
    world.serviceAccounts = {
      'production/orders-api': { ...account, annotations: { 'eks.amazonaws.com/role-arn': ROLE } },
    };
    expect((await driftOf(inventory, world)).differences).toEqual([]);
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

    it('is told workload by workload, whether they are in waves or not', async () => {
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

    it('misses the permissions of a role of which IAM knows none', async () => {
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
