import { drift } from '../../../src/cli/commands/drift';
import { driftReport } from '../../../src/cli/drift/driftReport';
import { UsageError } from '../../../src/cli/exit';
import { loadInventory } from '../../../src/inventory/loadInventory';
import type { Difference } from '../../../src/operations/drift/Difference';
import { placesOf } from '../../../src/estate/places';
import type { QuestionOf } from '../../../src/estate/questions';
import {
  clusterOf,
  environmentOf,
  inventoryOf,
  NO_IMPORTS,
  roleSettingsOf,
  targetOf,
  workloadOf,
} from '../../blueprint/inventoryOf';
import { agreedWorld, pilotAt, portsTo, ROLE, type World } from '../../operations/agreedWorld';
import { driftOf } from '../../operations/drift/driftOf';
import { inventoryIn, SOUND, useFolder } from '../commandLine';

const reportOf = async (change: (world: World) => void) => {
  const inventory = pilotAt('dual');
  const world = agreedWorld(inventory);
  change(world);
  return driftReport(await driftOf(inventory, world), placesOf(inventory), false);
};

describe('the report of drift', () => {
  it('is one line where nothing differs', async () => {
    expect(await reportOf(() => undefined)).toBe(
      'No differences between the inventory and AWS or the clusters (1 workload, 6 questions).',
    );
  });

  it('says what is expected, what was found, the effect and the remedy, and counts at the end', async () => {
    const report = await reportOf((world) => {
      world.associations = [];
      world.rolePolicies['333333333333/prod-orders-api'] = { attached: ['arn:aws:iam::aws:policy/x'], inline: {} };
    });
    expect(report).toBe(`orders-api in prod
  1. inline policy podlift of ${ROLE}: differs
       expected  {"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::acme-orders/*"}
       found     no such policy
       effect    no longer allowed: s3:GetObject on arn:aws:s3:::acme-orders/*
  2. managed policy arn:aws:iam::aws:policy/x on ${ROLE}: differs
       expected  not attached
       found     attached
       effect    what arn:aws:iam::aws:policy/x allows is also allowed
  3. association of production/orders-api on prod-main: differs
       expected  role ${ROLE}, session tags enabled
       found     none
       effect    new pods get no credentials through Pod Identity; if an apply had created the association before, running pods lose theirs at the next refresh
    How to fix 2:
      To keep the policy, write it into workloads.orders-api.permissions.managedPolicies.
      To remove the policy from the role in apps-prod (333333333333):
        aws iam detach-role-policy --role-name prod-orders-api --policy-arn arn:aws:iam::aws:policy/x

To fix 2 differences in prod, compare with the plan, then apply:
  npx cdktf plan prod-identity
  npx cdktf apply prod-identity
If the apply fails because something already exists, an earlier apply was killed. Find what no state has:
  npx podlift recover --environment prod

3 differences between the inventory and AWS or the clusters (1 workload, 6 questions).`);
  });

  it('says of whom it got no answer, cluster by cluster', async () => {
    const report = await reportOf((world) => (world.unanswered = { addon: 'throttled' }));
    expect(report).toBe(`cluster main in prod
  agent on prod-main: could not be checked
       asked eks:DescribeAddon eks-pod-identity-agent on prod-main of apps-prod (333333333333) us-west-2
       throttled: no answer to addon
    How to fix:
      podlift retried with back-off. Run the command again in a minute.

Could not check 1 item (1 workload, 6 questions).`);
  });
});

describe('the report of drift, of many workloads', () => {
  const workloads = ['a', 'b', 'c', 'd'].map((key) =>
    workloadOf({
      key,
      stage: 'dual',
      targets: key === 'd' ? [targetOf({ role: { name: 'd-ledger', path: '/' } })] : [],
    }),
  );
  const inventory = inventoryOf(environmentOf({ workloads, tags: { Team: 'shop' } }));
  const told = async (change: (world: World) => void) => {
    const world = agreedWorld(inventory);
    for (const role of Object.values(world.roles)) Object.assign(role, { tags: { ...role.tags, Team: 'shop' } });
    world.associations = world.associations.map((one) => ({ ...one, tags: { ...one.tags, Team: 'shop' } }));
    change(world);
    return driftReport(await driftOf(inventory, world), placesOf(inventory), false);
  };
  const retag = (world: World, names: readonly string[], tags: Readonly<Record<string, string>>) => {
    for (const [name, role] of Object.entries(world.roles))
      if (names.some((one) => name.endsWith(one))) Object.assign(role, { tags });
  };

  it('says that roles are not applied yet in one line, and the commands once', async () => {
    expect(
      await told((world) => {
        retag(world, [''], {});
      }),
    )
      .toBe(`5 roles in prod are not applied yet: apply prod-identity, prod-targets-data-prod (prod-a, prod-b, prod-c, prod-d, d-ledger)

To fix 5 differences in prod, compare with the plan, then apply:
  npx cdktf plan prod-identity
  npx cdktf plan prod-targets-data-prod
  npx cdktf apply prod-identity prod-targets-data-prod
If the apply fails because something already exists, an earlier apply was killed. Find what no state has:
  npx podlift recover --environment prod

5 differences between the inventory and AWS or the clusters (4 workloads, 20 questions).`);
  });

  it('tells a role that differs in more by itself, its tags last', async () => {
    const report = await told((world) => {
      retag(world, ['prod-a'], {});
      retag(world, ['prod-b'], {});
      retag(world, ['prod-c'], {});
      Object.assign(world.roles['333333333333/prod-c']!, { description: 'mine' });
    });
    expect(report).toMatch(/^c in prod\n {2}1\. description of [^]*\n {2}2\. tags of /);
    expect(report).toMatch(/\n\n2 roles in prod are not applied yet: apply prod-identity \(prod-a, prod-b\)\n\n/);
    expect(report.match(/npx cdktf apply/g)).toHaveLength(1);
  });

  const former = (world: World, names: readonly string[], stage: string) => {
    for (const [name, role] of Object.entries(world.roles))
      if (names.some((one) => name.endsWith(one)))
        Object.assign(role, { tags: { ...role.tags, 'podlift:stage': stage } });
  };

  it('names roles with the tag of an earlier version, whatever its value: the tag is no difference', async () => {
    expect(
      await told((world) => {
        former(world, ['prod-a'], 'dual');
        former(world, ['d-ledger'], 'irsa');
      }),
    ).toBe(`No differences between the inventory and AWS or the clusters (4 workloads, 20 questions).

Note: 2 roles in prod still have the tag podlift:stage of an earlier version of podlift (prod-a, d-ledger). The next apply of prod-identity, prod-targets-data-prod removes the tag.`);
  });

  it('names them beside differences', async () => {
    const report = await told((world) => {
      former(world, ['prod-a'], 'dual');
      Object.assign(world.roles['333333333333/prod-a']!, { description: 'mine' });
    });
    expect(report).toMatch(/\n\nNote: 1 role in prod still has the tag podlift:stage [^\n]*\n\nTo fix 1 difference/);
    expect(report).not.toMatch(/tags of/);
  });

  it('leaves what is particular where it is, without the commands', async () => {
    const report = await told((world) => {
      world.associations = world.associations.map((one) =>
        one.serviceAccount === 'a' ? { ...one, disableSessionTags: true } : one,
      );
    });
    expect(report).toMatch(
      /\n {4}How to fix:\n {6}If another team or tool created the association, .*\n {6}Otherwise compare with the plan, then apply:\n {8}\(the commands of the apply are at the end of the report\)\n\nTo fix 1 difference in prod,/,
    );
    expect(report.match(/npx cdktf plan/g)).toHaveLength(1);
  });

  it('says once that an account gives no answers, and leaves a lone question where it is', async () => {
    const report = await told((world) => {
      world.unanswered = { role: 'denied' };
    });
    expect(report).toBe(`d in prod
  role arn:aws:iam::444444444444:role/d-ledger: could not be checked
       asked iam:GetRole d-ledger of data-prod (444444444444) us-west-2
       denied: no answer to role
    How to fix:
      For data-prod (444444444444) us-west-2, log in with credentials that allow iam:GetRole. Then run the command again.

4 questions to apps-prod (333333333333): denied: no answer to role
    For apps-prod (333333333333), log in with credentials that allow iam:GetRole. Then run the command again.

Could not check 5 items (4 workloads, 20 questions).`);
  });

  it('counts what differs and what could not be checked apart', async () => {
    const report = await told((world) => {
      retag(world, ['prod-a'], {});
      world.unanswered = { addon: 'throttled' };
    });
    expect(report).toMatch(
      /\n1 difference between the inventory and AWS or the clusters\. Could not check 1 item \(4 workloads, 20 questions\)\.$/,
    );
  });

  it('folds no two reasons into one, and no two accounts', () => {
    const others: readonly QuestionOf<'role' | 'addon'>[] = [
      { ask: 'role', account: '333333333333', name: 'a' },
      { ask: 'role', account: '333333333333', name: 'b' },
      { ask: 'addon', cluster: clusterOf().arn, name: 'x' },
      { ask: 'role', account: '333333333333', name: 'c' },
      { ask: 'role', account: '444444444444', name: 'd' },
    ];
    const differences = others.map((question, index): Difference => ({
      kind: 'role',
      holds: 'unknown',
      environment: 'prod',
      workload: 'a',
      where: `w${index}`,
      asked: 'name' in question ? question.name : '',
      of: '',
      expected: '',
      found: index === 3 ? 'denied: another' : 'denied: no credentials',
      remedy: [{ say: 'Log in.' }, { run: ['aws', 'sso', 'login'] }],
      reason: 'denied',
      question,
    }));
    const result = { when: '', environments: ['prod'], workloads: 4, asked: 5, differences };
    const report = driftReport(result, placesOf(inventory), false);
    expect(report).toMatch(
      /\n\n3 questions to apps-prod \(333333333333\): denied: no credentials\n {4}For apps-prod \(333333333333\), log in with credentials that allow iam:GetRole, eks:DescribeAddon\. Then run the command again\.\n {6}aws sso login\n\n/,
    );
    expect(report.match(/w\d/g)).toEqual(['w3', 'w4']);
  });

  it('warns above the commands of an import that would stop them', async () => {
    const role = roleSettingsOf({ adopt: true, imports: { ...NO_IMPORTS, associations: { main: 'a-1' } } });
    const adopting = pilotAt('dual', { workload: { role } });
    const world = agreedWorld(adopting);
    world.associations = [];
    retag(world, [''], {});
    const found = await driftOf(adopting, world);
    expect(driftReport(found, placesOf(adopting), false)).toMatch(
      /\n\nTo fix 2 differences in prod, fix the imports above first\. Then compare with the plan, and apply:\n/,
    );
  });
});

describe('podlift drift', () => {
  const folder = useFolder();
  let printed: string[];
  let before: string | undefined;
  beforeEach(() => {
    before = process.env.PODLIFT_INVENTORY;
    Object.assign(process.env, inventoryIn(folder, SOUND));
    printed = [];
    jest.spyOn(console, 'log').mockImplementation((text: string) => void printed.push(text));
  });
  afterEach(() => {
    jest.restoreAllMocks();
    if (before === undefined) delete process.env.PODLIFT_INVENTORY;
    else process.env.PODLIFT_INVENTORY = before;
  });
  const ports = (change: (world: World) => void = () => undefined) => {
    const world = agreedWorld(loadInventory(process.env.PODLIFT_INVENTORY!).inventory!);
    change(world);
    return () => portsTo(world);
  };

  it('gives 0 where nothing differs, of a workload that is in no wave', async () => {
    expect(await drift(undefined, { format: 'text' }, ports())).toBe(0);
    expect(printed).toEqual([
      'No differences between the inventory and AWS or the clusters (1 workload, 6 questions).',
    ]);
  });

  it('gives 1 where anything differs, and where anything is not known', async () => {
    expect(
      await drift(
        'api',
        { format: 'text', environment: 'prod' },
        ports((world) => (world.roles = {})),
      ),
    ).toBe(1);
    expect(
      await drift(
        'api',
        { format: 'json' },
        ports((world) => (world.unanswered = { role: 'denied' })),
      ),
    ).toBe(1);
    expect(JSON.parse(printed.at(-1)!)).toMatchObject({
      environments: ['prod'],
      workloads: 1,
      differences: [{ kind: 'role', workload: 'api', holds: 'unknown' }],
    });
  });

  it.each<[string, string | undefined, string | undefined, RegExp]>([
    ['a workload', 'apy', undefined, /no workload "apy" in prod: did you mean "api"/],
    ['an environment', undefined, 'prd', /--environment is "prd": did you mean "prod"/],
  ])('knows %s that is not there for a mistake of usage', async (_, workload, environment, message) => {
    const options = { format: 'text', ...(environment === undefined ? {} : { environment }) } as const;
    const call = drift(workload, options, ports());
    await expect(call).rejects.toThrow(UsageError);
    await expect(call).rejects.toThrow(message);
  });
});
