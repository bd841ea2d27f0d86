import { drift } from '../../../cli/commands/drift';
import { driftReport } from '../../../cli/drift/driftReport';
import { UsageError } from '../../../cli/UsageError';
import { loadInventory } from '../../../inventory/loadInventory';
import { drift as compare } from '../../../operations/drift/drift';
import { agreedWorld, NOW, pilotAt, portsTo, ROLE, type World } from '../../operations/agreedWorld';
import { inventoryIn, SOUND, useFolder } from '../commandLine';

const reportOf = async (change: (world: World) => void) => {
  const inventory = pilotAt('dual');
  const world = agreedWorld(inventory);
  change(world);
  return driftReport(await compare(inventory, { environments: ['prod'] }, portsTo(world), NOW), false);
};

describe('the report of drift', () => {
  it('is one line where all agrees', async () => {
    expect(await reportOf(() => undefined)).toBe('AWS agrees: 1 workload, 6 answers.');
  });

  it('says what should be, what is, what comes of it and what to do, and counts at the end', async () => {
    const report = await reportOf((world) => {
      world.associations = [];
      world.rolePolicies['333333333333/prod-orders-api'] = { attached: ['arn:aws:iam::aws:policy/x'], inline: {} };
    });
    expect(report).toBe(`orders-api in prod
  1. inline policy podlift of ${ROLE}: differs
       should be {"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::acme-orders/*"}
       is        no such policy
       so        may no longer s3:GetObject on arn:aws:s3:::acme-orders/*
  2. managed policy arn:aws:iam::aws:policy/x on ${ROLE}: differs
       should be not attached
       is        attached
       so        what arn:aws:iam::aws:policy/x allows is allowed besides
  3. association of production/orders-api on prod-main: differs
       should be role ${ROLE}, session tags enabled
       is        none
       so        new pods get no credentials by Pod Identity
    See what differs, and apply the stage that the inventory has (1, 3):
      npx cdktf plan prod-identity
      npx cdktf apply prod-identity
    To keep it, write it into workloads.orders-api.permissions.managedPolicies. To take it away, in apps-prod (333333333333) (2):
      aws iam detach-role-policy --role-name prod-orders-api --policy-arn arn:aws:iam::aws:policy/x

AWS does not agree: 3 differences, 0 not known (1 workload, 6 questions).`);
  });

  it('says of whom it got no answer, cluster by cluster', async () => {
    const report = await reportOf((world) => (world.unanswered = { addon: 'throttled' }));
    expect(report).toBe(`cluster main in prod
  agent on prod-main: not known
       asked eks:DescribeAddon eks-pod-identity-agent on prod-main of apps-prod (333333333333) us-west-2
       throttled: no answer to addon
    It was retried with back-off; ask again in a minute. (apps-prod (333333333333) us-west-2)

Nobody knows whether AWS agrees: 0 differences, 1 not known (1 workload, 6 questions).`);
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

  it('gives 0 where AWS agrees, of a workload that is in no wave', async () => {
    expect(await drift(undefined, { format: 'text' }, ports())).toBe(0);
    expect(printed).toEqual(['AWS agrees: 1 workload, 6 answers.']);
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
