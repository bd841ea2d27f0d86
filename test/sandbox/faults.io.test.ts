import { DescribeClusterCommand, EKSClient } from '@aws-sdk/client-eks';
import { CreateRoleCommand, GetRoleCommand, IAMClient, UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam';
import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { SandboxFault } from '../../src/sandbox/startSandbox';
import { kubectlOf } from './testCluster';
import {
  accountTrust,
  APPS,
  clients,
  DATA,
  errorOf,
  OTHER,
  podTrust,
  policy,
  REGION,
  roleArn,
  seedWith,
  useSandbox,
} from './testSandbox';

const TRUST = policy(accountTrust(APPS, 'sts:AssumeRole'));
const APP = { account: APPS, name: 'app', trust: TRUST };

describe('Faults that are set', () => {
  let now = Date.now();
  const at = useSandbox(() => ({ seed: seedWith([APP]), clock: () => new Date(now) }));
  const { kubectl } = kubectlOf(at);
  const config = (accessKeyId = APPS, maxAttempts = 1) => ({
    endpoint: at.sandbox.endpoint,
    region: REGION,
    maxAttempts,
    systemClockOffset: now - Date.now(),
    credentials: { accessKeyId, secretAccessKey: at.sandbox.secretAccessKey },
  });
  const calls: Record<string, (account?: string, attempts?: number) => Promise<unknown>> = {
    iam: (...to) => new IAMClient(config(...to)).send(new GetRoleCommand({ RoleName: 'app' })),
    sts: (...to) => new STSClient(config(...to)).send(new GetCallerIdentityCommand({})),
    eks: (...to) => new EKSClient(config(...to)).send(new DescribeClusterCommand({ name: 'main' })),
    cloudtrail: (...to) => new CloudTrailClient(config(...to)).send(new LookupEventsCommand({})),
  };
  const call = (service: string, ...to: [account?: string, attempts?: number]) =>
    calls[service]?.(...to) ?? Promise.reject(new Error(service));
  afterEach(() => {
    at.sandbox.faults.clear();
  });
  const set = (...faults: SandboxFault[]) => {
    at.sandbox.faults.set(faults);
  };

  it.each([
    ['iam', 'Throttling', 400],
    ['sts', 'Throttling', 400],
    ['eks', 'ThrottlingException', 429],
    ['cloudtrail', 'ThrottlingException', 429],
  ])('throttle %s as it throttles, and the SDK tries again', async (service, name, status) => {
    set({ kind: 'throttle', service: service as 'iam' });
    const error = await call(service).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name, $metadata: { httpStatusCode: status } });
    set({ kind: 'throttle', service: service as 'iam', times: 1 });
    await call(service, APPS, 2);
  });

  it.each([
    ['iam', 'ServiceFailureException', 500],
    ['sts', 'InternalFailure', 500],
    ['eks', 'ServerException', 500],
    ['eks', 'ServiceUnavailableException', 503],
  ] as const)('break %s as %s', async (service, name, status) => {
    set({ kind: 'server error', status });
    const error = await call(service).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name, $metadata: { httpStatusCode: status } });
    set({ kind: 'server error', status, times: 1 });
    await call(service, APPS, 2);
  });

  it('go away after so many times, and the SDK gets through by trying again', async () => {
    set({ kind: 'throttle', service: 'eks', times: 2 });
    const before = at.sandbox.calls().length;
    await call('eks', APPS, 4);
    expect(
      at.sandbox
        .calls()
        .slice(before)
        .map(({ error }) => error),
    ).toEqual(['ThrottlingException', 'ThrottlingException', undefined]);
  });

  it('strike each third request, only of their account and only of their action', async () => {
    set({ kind: 'denied', service: 'iam', action: 'GetRole', account: APPS, every: 3 });
    const results: boolean[] = [];
    for (let index = 0; index < 6; index += 1) {
      results.push(
        await call('iam').then(
          () => true,
          () => false,
        ),
      );
      await call('sts');
    }
    expect(results).toEqual([true, true, false, true, true, false]);
    expect((await errorOf(call('iam', DATA))).name).toBe('NoSuchEntityException');
  });

  it('deny an action to an administrator, in the denials too', async () => {
    set({ kind: 'denied', service: 'eks', action: 'DescribeCluster', cluster: 'main' });
    expect(await errorOf(call('eks'))).toMatchObject({ name: 'AccessDeniedException', status: 403 });
    expect(at.sandbox.denials().at(-1)).toMatchObject({ action: 'eks:DescribeCluster' });
    set({ kind: 'denied', service: 'eks', cluster: 'other' });
    await call('eks');
  });

  it('let two calls a second through', async () => {
    set({ kind: 'throttle', service: 'eks', perSecond: 2 });
    const names = async () => {
      const results = [];
      for (let index = 0; index < 3; index += 1)
        results.push(
          await call('eks').then(
            () => 'ok',
            (error: unknown) => (error as Error).name,
          ),
        );
      return results;
    };
    expect(await names()).toEqual(['ok', 'ok', 'ThrottlingException']);
    now += 1000;
    expect(await names()).toEqual(['ok', 'ok', 'ThrottlingException']);
  });

  it('hold an answer back, and one for ever until the sandbox ends', async () => {
    set({ kind: 'hang', service: 'sts', ms: 300 });
    const before = Date.now();
    await call('sts');
    expect(Date.now() - before).toBeGreaterThanOrEqual(295);
    set({ kind: 'hang', service: 'sts' });
    const waiting = call('sts').then(
      () => 'answered',
      () => 'cut off',
    );
    const patience = new Promise((resolve) => setTimeout(resolve, 500, 'waiting'));
    expect(await Promise.race([waiting, patience])).toBe('waiting');
  });

  it('let STS see a trust policy late, and a role that was just made', async () => {
    const { iam } = clients(at.sandbox, APPS, now - Date.now());
    const assume = (name: string) =>
      new STSClient(config()).send(new AssumeRoleCommand({ RoleArn: roleArn(name), RoleSessionName: 'me' })).then(
        () => true,
        () => false,
      );
    set({ kind: 'late', service: 'iam', ms: 10_000 });
    await iam.send(new CreateRoleCommand({ RoleName: 'fresh', AssumeRolePolicyDocument: JSON.stringify(TRUST) }));
    await iam.send(
      new UpdateAssumeRolePolicyCommand({ RoleName: 'app', PolicyDocument: JSON.stringify(policy(podTrust())) }),
    );
    expect([await assume('fresh'), await assume('app')]).toEqual([false, true]);
    expect(JSON.stringify(await iam.send(new GetRoleCommand({ RoleName: 'app' })))).toContain('pods.eks.amazonaws.com');
    now += 10_000;
    expect([await assume('fresh'), await assume('app')]).toEqual([true, false]);
  });

  it.each<[string, SandboxFault, RegExp]>([
    ['forbid', { kind: 'denied', service: 'kubernetes', action: 'list pods' }, /\(Forbidden\)/],
    ['break', { kind: 'server error', service: 'kubernetes', cluster: 'main' }, /\(ServiceUnavailable\)/],
    ['hang', { kind: 'hang', service: 'kubernetes' }, /deadline exceeded|Client.Timeout exceeded/],
  ])('%s a cluster’s API', async (_how, fault, words) => {
    set(fault);
    const { code, err } = await kubectl(['get', 'pods', '-A', '--request-timeout=1s']);
    expect(err).toMatch(words);
    expect(code).toBe(1);
  });

  it('throttle a cluster’s API, which kubectl waits for', async () => {
    set({ kind: 'throttle', service: 'kubernetes', action: 'list pods', times: 1 });
    expect(await kubectl(['get', 'pods', '-A'])).toMatchObject({ code: 0 });
    set({ kind: 'denied', service: 'kubernetes', cluster: OTHER.name });
    expect(await kubectl(['get', 'pods', '-A'])).toMatchObject({ code: 0 });
  });
});
