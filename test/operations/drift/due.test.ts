import { compile } from '../../../src/blueprint/compile';
import type { Stage } from '../../../src/inventory/Inventory';
import type { Difference } from '../../../src/operations/drift/Difference';
import { remedyText } from '../../../src/cli/report';
import { clusterOf, NO_IMPORTS, roleSettingsOf, targetOf, workloadOf } from '../../blueprint/inventoryOf';
import { agreedWorld, pilotAt, type Setting, type World } from '../agreedWorld';
import { driftOf } from './driftOf';

const READ_ONLY = 'arn:aws:iam::aws:policy/ReadOnlyAccess';
const OWN = '333333333333/prod-orders-api';
const permissions = workloadOf().permissions;
const READ = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' } } as const;

/** What drift says where AWS is as at one stage, with some changes, and the inventory says another. */
async function between(
  applied: Stage,
  wanted: Stage,
  setting: Setting = {},
  change: (world: World) => void = () => undefined,
): Promise<readonly Difference[]> {
  const world = agreedWorld(pilotAt(applied, setting));
  change(world);
  return (await driftOf(pilotAt(wanted, setting), world)).differences;
}

/** Nothing is applied: no role has a tag of podlift's. */
function untag(world: World): void {
  for (const role of Object.values(world.roles)) Object.assign(role, { tags: {} });
}

describe('drift where an apply is due', () => {
  it('says of a role that no apply has tagged that it is not applied yet', async () => {
    expect(await between('irsa', 'irsa', {}, untag)).toMatchObject([
      { kind: 'tags', effect: 'not applied yet', appliedAt: 'never', apply: ['prod-identity'] },
    ]);
  });

  it.each<[string, Readonly<Record<string, string>>]>([
    ['one of podlift’s tags is there', { 'podlift:environment': 'prod' }],
    ['one of somebody’s is too many', { Team: 'shop' }],
    ['the environment is another', { 'podlift:workload': 'orders-api', 'podlift:environment': 'x' }],
    ['one of podlift’s tags is missing', { 'podlift:workload': 'orders-api' }],
  ])('does not say so where %s', async (_, tags) => {
    const [only] = await between('irsa', 'irsa', {}, (world) => {
      for (const role of Object.values(world.roles)) Object.assign(role, { tags });
    });
    expect(only).toMatchObject({ kind: 'tags' });
    expect(only!.appliedAt).toBeUndefined();
    expect(only!.effect).toBeUndefined();
  });

  it('reports nothing as lost before the apply of a step', async () => {
    const differences = await between('irsa', 'prepared', { cluster: { agent: undefined as never } });
    expect(differences).toMatchObject([
      {
        kind: 'trust',
        expected: 'trust policy of stage prepared',
        found: 'trust policy of stage irsa',
        effect: 'orders-api cannot assume the role through Pod Identity on main yet: trust policy of stage irsa',
        appliedAt: 'irsa',
      },
    ]);
  });

  it('separates changes by hand from what an apply will change', async () => {
    const [trust] = await between('irsa', 'prepared', {}, (world) => {
      const { trust: own } = world.roles[OWN]!;
      const changed = JSON.stringify(own).replace('production:orders-api', 'data:imported');
      Object.assign(world.roles[OWN]!, { trust: JSON.parse(changed) as typeof own });
    });
    expect(trust!.effect).toMatch(
      /^orders-api can no longer assume the role through web identity \(IRSA\) on main; orders-api cannot assume the role through Pod Identity on main; the trust policy allows system:serviceaccount:data:imported instead of /,
    );
  });

  it('says of a step back whose apply is due what can still assume the role', async () => {
    const [trust] = await between('cutover', 'irsa');
    expect(trust).toMatchObject({
      kind: 'trust',
      found: 'trust policy of stage dual, cutover',
      effect: 'orders-api can still assume the role through Pod Identity on main: trust policy of stage dual, cutover',
    });
  });

  it('says the same of a target role', async () => {
    const differences = await between('irsa', 'prepared', { targets: [targetOf()] });
    expect(differences.filter(({ kind }) => kind === 'trust').map(({ effect }) => effect)).toContain(
      'role prod-orders-api cannot assume the role with session tags from main yet: trust policy of stage irsa',
    );
  });

  it.each<[string, Stage, Stage, (world: World) => void, string]>([
    [
      'nothing of running pods where the role trusts no Pod Identity yet',
      'irsa',
      'dual',
      () => undefined,
      'new pods get no credentials through Pod Identity yet: applied at irsa',
    ],
    [
      'nothing of running pods where nothing is applied',
      'prepared',
      'dual',
      untag,
      'new pods get no credentials through Pod Identity yet: nothing is applied',
    ],
    [
      'both where the role is the same before and after the association',
      'prepared',
      'dual',
      () => undefined,
      'new pods get no credentials through Pod Identity; if an apply had created the association before, running pods lose theirs at the next refresh',
    ],
    [
      'that running pods lose credentials where every stage near has the association',
      'prepared',
      'cutover',
      () => undefined,
      'new pods get no credentials through Pod Identity, and running pods lose theirs at the next refresh',
    ],
  ])('says of a missing association %s', async (_what, applied, wanted, change, effect) => {
    const differences = await between(applied, wanted, {}, change);
    expect(differences.find(({ kind }) => kind === 'association')!.effect).toBe(effect);
  });

  it('lists who can assume the role first', async () => {
    const differences = await between('dual', 'dual', {}, (world) => {
      world.associations = [];
      world.serviceAccounts = {};
      world.rolePolicies = {};
      const { trust } = compile(pilotAt('irsa'), 'prod').roles[0]!;
      Object.assign(world.roles[OWN]!, { tags: {}, description: 'mine', maxSessionDuration: 7200, trust });
    });
    expect(differences.map(({ kind }) => kind)).toEqual([
      'trust',
      'inline-policy',
      'association',
      'annotation',
      'session-duration',
      'description',
      'tags',
    ]);
  });
});

const importing = (imports: object, further: Partial<Setting> = {}): Setting => ({
  ...further,
  workload: {
    role: roleSettingsOf({ adopt: true, imports: { ...NO_IMPORTS, ...imports } }),
    permissions: { ...permissions, managedPolicies: [READ_ONLY], inlinePolicies: { read: READ } },
  },
});

const withPolicies = (world: World, attached: readonly string[], further: object): void => {
  const { inline } = world.rolePolicies[OWN]!;
  world.rolePolicies[OWN] = { attached, inline: { ...inline, ...further } };
};

interface GoneCase {
  readonly title: string;
  readonly setting: Setting;
  readonly change: (world: World) => void;
  readonly kind: Difference['kind'];
  readonly remedy: RegExp;
  readonly effect?: RegExp;
}

const STOPS = /^Nothing is applied yet, and an apply stops here \(Cannot import non-existent remote object\)\.\n/;

const GONE: readonly GoneCase[] = [
  {
    title: 'an attached policy',
    setting: importing({ managedPolicies: [READ_ONLY] }),
    change: (world) => {
      withPolicies(world, [], { read: READ });
    },
    kind: 'managed-policy',
    remedy:
      /Remove \S+ReadOnlyAccess from workloads\.orders-api\.role\.imports\.managedPolicies: .* Or attach the policy again:\naws iam attach-role-policy --role-name prod-orders-api --policy-arn arn:aws:iam::aws:policy\/ReadOnlyAccess\nThen /,
  },
  {
    title: 'an inline policy',
    setting: importing({ inlinePolicies: ['read'] }),
    change: (world) => {
      withPolicies(world, [READ_ONLY], {});
    },
    kind: 'inline-policy',
    remedy:
      /Remove read from workloads\.orders-api\.role\.imports\.inlinePolicies: the apply then adds the policy to the role\./,
  },
  {
    title: 'an association',
    setting: importing({ associations: { main: 'a-1' } }),
    change: (world) => {
      withPolicies(world, [READ_ONLY], { read: READ });
      world.associations = [];
    },
    kind: 'association',
    effect: /running pods lose theirs/,
    remedy: /Remove workloads\.orders-api\.role\.imports\.associations \(main: a-1\): the apply then creates/,
  },
  {
    title: 'an association that another has replaced',
    setting: importing({ associations: { main: 'a-9' } }),
    change: (world) => {
      withPolicies(world, [READ_ONLY], { read: READ });
    },
    kind: 'association',
    remedy: /Write a-1 into workloads\.orders-api\.role\.imports\.associations \(main: a-9\)/,
  },
  {
    title: 'the agent',
    setting: { cluster: { agent: { version: 'v1.3.4-eksbuild.1', adopt: true } } },
    change: (world) => {
      world.addons = {};
    },
    kind: 'agent',
    remedy:
      /Remove clusters\.main\.agent\.adopt: .*:\naws eks create-addon --cluster-name prod-main --addon-name eks-pod-identity-agent --region us-west-2 --addon-version v1\.3\.4-eksbuild\.1\n/,
  },
  {
    title: 'the OIDC provider',
    setting: { cluster: { oidc: { ...clusterOf().oidc!, provider: 'managed', adopt: true } } },
    change: (world) => {
      world.oidcProviders = {};
    },
    kind: 'oidc-provider',
    remedy: /Remove clusters\.main\.oidc\.adopt/,
  },
];

describe('drift of what is to be imported and is gone', () => {
  it.each(GONE)(
    'does not advise an apply that stops: $title',
    async ({ setting, change, kind, remedy, effect = /^/ }) => {
      const differences = await between('dual', 'dual', setting, (world) => {
        untag(world);
        change(world);
      });
      expect(differences.map((one) => one.kind).toSorted()).toEqual([kind, 'tags'].toSorted());
      const gone = differences.find((one) => one.kind === kind)!;
      expect(gone).toMatchObject({ beforeApply: true, apply: ['prod-identity'] });
      expect(remedyText(gone.remedy)).toMatch(STOPS);
      expect(remedyText(gone.remedy)).toMatch(remedy);
      expect(gone.effect ?? '').toMatch(effect);
    },
  );

  it.each(GONE.filter(({ title }) => !title.includes('another')))(
    'advises an apply that creates again what an earlier one imported: $title',
    async ({ setting, change, kind }) => {
      const differences = await between('dual', 'dual', setting, change);
      expect(differences.map((one) => one.kind)).toEqual([kind]);
      expect(differences[0]!.beforeApply).toBeUndefined();
      expect(remedyText(differences[0]!.remedy)).toMatch(/^Compare with the plan, then apply the stage/);
    },
  );

  it('names both cases of an adopted role that is gone: adopted by an apply, or not yet', async () => {
    const [role] = await between('irsa', 'irsa', importing({}), (world) => {
      world.roles = {};
    });
    expect(remedyText(role!.remedy)).toMatch(
      /^If no apply has adopted prod-orders-api yet, .* remove adopt and imports from workloads\.orders-api\.role first\.\n.* apply the stage that the inventory has:\nnpx cdktf plan/,
    );
  });

  it('names the credentials that a command needs where podlift uses a deployRole', async () => {
    const inventory = pilotAt('dual');
    const [environment] = inventory.environments;
    const account = { ...environment!.account, deployRole: 'arn:aws:iam::333333333333:role/deploy' };
    const world = agreedWorld(inventory);
    world.addons = { 'prod-main': { ...world.addons['prod-main']!, status: 'DEGRADED' } };
    const assumed = { ...inventory, environments: [{ ...environment!, account }] };
    const { differences } = await driftOf(assumed, world);
    expect(differences.map(({ remedy }) => remedyText(remedy).split('\n').slice(0, 2))).toEqual([
      ['Inspect the add-on, and fix it:', 'With credentials of apps-prod (333333333333):'],
    ]);
  });
});
