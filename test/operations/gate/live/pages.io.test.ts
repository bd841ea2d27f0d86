import { CreatePodIdentityAssociationCommand } from '@aws-sdk/client-eks';
import { CreateRoleCommand } from '@aws-sdk/client-iam';
import { AssumeRoleWithWebIdentityCommand } from '@aws-sdk/client-sts';
import { STAGES } from '../../../../src/inventory/Inventory';
import { awsPorts } from '../../../../src/estate/aws/awsPorts';
import { clients } from '../../../sandbox/testSandbox';
import { roleAt } from './foreignTrust';
import { ACCOUNT, against, CLUSTER, inventoryAt, type Live, NAME, NAMESPACE, startLive } from './liveWorld';

const CUTOVER = inventoryAt('cutover');
const PORT = () => awsPorts()({ key: 'apps-prod', id: ACCOUNT }, 'us-west-2');
let live: Live;

beforeEach(async () => {
  live = await startLive(CUTOVER);
});
afterEach(() => live.stop());

async function walkTo(stage: 'prepared' | 'dual' | 'cutover') {
  for (const passed of STAGES.slice(0, STAGES.indexOf(stage) + 1)) await live.apply(inventoryAt(passed));
}

const countOf = (action: string, before: number) =>
  live
    .sandbox()
    .calls()
    .slice(before)
    .filter((call) => call.action === action).length;

describe('the gate reads to the last page', () => {
  it('finds the one association of the wave among 250 of the cluster, and the port gives all of them', async () => {
    await walkTo('dual');
    await live.settle();
    await live.ask();
    const roleArn = roleAt('dual').arn;
    const eks = live.eks();
    for (let index = 0; index < 250; index += 1)
      await eks.send(
        new CreatePodIdentityAssociationCommand({
          clusterName: 'prod-main',
          namespace: NAMESPACE,
          serviceAccount: `worker-${index}`,
          roleArn,
        }),
      );
    const before = live.sandbox().calls().length;
    const all = await PORT().associations('prod-main');
    expect(all.ok && new Set(all.value.map(({ serviceAccount }) => serviceAccount)).size).toBe(251);
    expect(countOf('ListPodIdentityAssociations', before)).toBe(3);
    expect(against(await live.gate(inventoryAt('dual')))).toEqual([]);
  });

  it('finds the oldest web identity behind 130 of another role, though CloudTrail answers twice a second', async () => {
    await walkTo('cutover');
    const { sandbox, iam } = live;
    const { sts } = clients(sandbox(), ACCOUNT);
    const token = (serviceAccount: string) =>
      sandbox().kubernetes.createToken(CLUSTER, {
        namespace: NAMESPACE,
        serviceAccount,
        audience: 'sts.amazonaws.com',
        expiration: 3600,
      });
    const take = (roleName: string, serviceAccount: string) =>
      sts.send(
        new AssumeRoleWithWebIdentityCommand({
          RoleArn: `arn:aws:iam::${ACCOUNT}:role/${roleName}`,
          RoleSessionName: 'pod',
          WebIdentityToken: token(serviceAccount),
        }),
      );
    const trust = JSON.stringify(roleAt('irsa').trust).replaceAll(`:${NAME}"`, ':other"');
    await iam().send(new CreateRoleCommand({ RoleName: 'other', AssumeRolePolicyDocument: trust }));
    sandbox().kubernetes.setServiceAccount({ cluster: CLUSTER, namespace: NAMESPACE, name: 'other' });
    await take('prod-orders-api', NAME);
    for (let index = 0; index < 130; index += 1) await take('other', 'other');
    await live.settle();
    await live.ask();

    const before = sandbox().calls().length;
    const result = await live.gate(
      inventoryAt('cutover', { wave: { soak: '1h' }, since: CUTOVER.waves[0]!.stages.prod!.since }),
      { aws: { attempts: 8 } },
    );
    expect(against(result)).toEqual(['soak no', 'web-identity-unused no']);
    expect(result.evidence.find(({ check }) => check === 'web-identity-unused')?.found).toMatch(
      /^web identity sessions since .*: 1, .* by system:serviceaccount:production:orders-api \(aws-sdk-js/,
    );
    // Three pages of us-west-2 and one of us-east-1, where the global endpoint of STS is logged.
    expect(countOf('LookupEvents', before)).toBeGreaterThanOrEqual(4);
  });

  it('finds the one pod that was never restarted among 1,200', async () => {
    await walkTo('prepared');
    await live.settle({ kind: 'Pod', name: 'zz-last' });
    await walkTo('dual');
    await live.settle({ replicas: 1200 });
    const { holds, evidence } = await live.gate(inventoryAt('dual'));
    expect(holds).toBe(false);
    expect(evidence.find(({ check }) => check === 'pod-credentials')?.found).toMatch(
      /^1 of 1201 pods started before .*: zz-last$/,
    );
  });
});
