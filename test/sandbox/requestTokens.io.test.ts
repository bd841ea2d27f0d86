import {
  CreateAddonCommand,
  CreatePodIdentityAssociationCommand,
  DeletePodIdentityAssociationCommand,
  EKSClient,
  ListPodIdentityAssociationsCommand,
  UpdateAddonCommand,
  UpdatePodIdentityAssociationCommand,
} from '@aws-sdk/client-eks';
import { CreateRoleCommand } from '@aws-sdk/client-iam';
import { APPS, clients, errorOf, podTrust, policy, REGION, roleArn, seedWith, useSandbox } from './testSandbox';

const AGENT = { clusterName: 'other', addonName: 'eks-pod-identity-agent' };
const MISMATCH = { name: 'InvalidRequestException', status: 400 };

describe('A request to EKS with a clientRequestToken', () => {
  let now = Date.now();
  const at = useSandbox(() => ({
    seed: seedWith(['app', 'app2'].map((name) => ({ account: APPS, name, trust: policy(podTrust()) }))),
    clock: () => new Date(now),
  }));
  const { eks, iam } = {
    eks: () => clients(at.sandbox, APPS, now - Date.now()).eks,
    iam: () => clients(at.sandbox, APPS, now - Date.now()).iam,
  };
  const create = (serviceAccount: string, clientRequestToken: string, role = 'app', client = eks()) =>
    client.send(
      new CreatePodIdentityAssociationCommand({
        clusterName: 'main',
        namespace: 'production',
        serviceAccount,
        roleArn: roleArn(role),
        clientRequestToken,
      }),
    );
  const idsOf = async (serviceAccount: string) => {
    const of = new ListPodIdentityAssociationsCommand({ clusterName: 'main', serviceAccount });
    return (await eks().send(of)).associations?.map(({ associationId }) => associationId);
  };

  it('that creates an association again gets the first answer, and creates nothing', async () => {
    const { association } = await create('twice', 'one');
    expect((await create('twice', 'one')).association).toEqual(association);
    expect(await idsOf('twice')).toEqual([association?.associationId]);
    expect(await errorOf(create('twice', 'two'))).toMatchObject({ name: 'ResourceInUseException', status: 409 });
  });

  it('that has another input with a used token is refused, and changes nothing', async () => {
    await create('first', 'used');
    expect(await errorOf(create('second', 'used'))).toMatchObject(MISMATCH);
    expect(await errorOf(create('first', 'used', 'app2'))).toMatchObject(MISMATCH);
    expect(await idsOf('second')).toEqual([]);
  });

  it('that failed is handled when it comes again', async () => {
    expect((await errorOf(create('late', 'patient', 'unborn'))).message).toContain('does not exist');
    const document = JSON.stringify(policy(podTrust()));
    await iam().send(new CreateRoleCommand({ RoleName: 'unborn', AssumeRolePolicyDocument: document }));
    expect((await create('late', 'patient', 'unborn')).association?.roleArn).toBe(roleArn('unborn'));
  });

  it('that is too old to be known is a new request', async () => {
    const { association } = await create('old', 'aged');
    now += 24 * 60 * 60 * 1000 + 1;
    expect((await errorOf(create('old', 'aged'))).message).toContain(association?.associationId);
  });

  it('that updates an association again changes nothing that came after it', async () => {
    const { association } = await create('changed', 'changed');
    const update = (role: string, clientRequestToken: string) =>
      eks().send(
        new UpdatePodIdentityAssociationCommand({
          clusterName: 'main',
          associationId: association?.associationId,
          roleArn: roleArn(role),
          clientRequestToken,
        }),
      );
    const first = await update('app2', 'update-1');
    now += 1000;
    const second = await update('app', 'update-2');
    expect(second.association?.modifiedAt).not.toEqual(first.association?.modifiedAt);
    expect((await update('app2', 'update-1')).association).toEqual(first.association);
    expect(await errorOf(update('app', 'update-1'))).toMatchObject(MISMATCH);
    const { associationId } = association ?? {};
    const { association: last } = await eks().send(
      new DeletePodIdentityAssociationCommand({ clusterName: 'main', associationId }),
    );
    expect(last?.roleArn).toBe(roleArn('app'));
  });

  it('that creates or updates an add-on again gets the same add-on and the same update', async () => {
    const make = (more: object) =>
      eks().send(new CreateAddonCommand({ ...AGENT, clientRequestToken: 'agent', ...more }));
    const { addon } = await make({});
    expect((await make({})).addon).toEqual(addon);
    expect(await errorOf(make({ tags: { a: '1' } }))).toMatchObject(MISMATCH);
    const change = (token: string) => eks().send(new UpdateAddonCommand({ ...AGENT, clientRequestToken: token }));
    const { update } = await change('one');
    expect((await change('one')).update).toEqual(update);
    expect((await change('two')).update?.id).not.toBe(update?.id);
  });

  it('is sent by the SDK, which tries again with the token when no answer comes', async () => {
    at.sandbox.faults.set([{ kind: 'hang', service: 'eks', action: 'CreatePodIdentityAssociation', times: 1 }]);
    const patient = new EKSClient({
      endpoint: at.sandbox.endpoint,
      region: REGION,
      maxAttempts: 2,
      systemClockOffset: now - Date.now(),
      requestHandler: { requestTimeout: 300, throwOnRequestTimeout: true },
      credentials: { accessKeyId: APPS, secretAccessKey: at.sandbox.secretAccessKey },
    });
    const command = new CreatePodIdentityAssociationCommand({
      clusterName: 'main',
      namespace: 'production',
      serviceAccount: 'hung',
      roleArn: roleArn('app'),
    });
    const { association } = await patient.send(command);
    expect(await idsOf('hung')).toEqual([association?.associationId]);
  });
});
