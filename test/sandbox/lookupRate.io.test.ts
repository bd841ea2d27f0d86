import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { awsPorts } from '../../src/estate/aws/awsPorts';
import { APPS, DATA, errorOf, REGION, seedWith, useSandbox } from './testSandbox';

describe('Lookups of events', () => {
  let now = Date.now();
  const at = useSandbox(() => ({ seed: seedWith(), clock: () => new Date(now) }));
  const look = (account = APPS, region = REGION) =>
    new CloudTrailClient({
      endpoint: at.sandbox.endpoint,
      region,
      maxAttempts: 1,
      systemClockOffset: now - Date.now(),
      credentials: { accessKeyId: account, secretAccessKey: at.sandbox.secretAccessKey },
    }).send(new LookupEventsCommand({}));

  it('are two in any second, for each account and region', async () => {
    const throttled = { name: 'ThrottlingException', status: 429, message: 'Rate exceeded' };
    await look();
    now += 600;
    await look();
    expect(await errorOf(look())).toEqual(throttled);
    await look(DATA);
    await look(APPS, 'us-east-1');
    now += 400;
    await look();
    expect(await errorOf(look())).toEqual(throttled);
    now += 1000;
    await look();
  });
});

describe('podlift', () => {
  const at = useSandbox(() => ({ seed: seedWith() }));
  const before = { ...process.env };
  afterEach(() => {
    process.env = { ...before };
  });

  it('waits until CloudTrail answers again', async () => {
    Object.assign(process.env, at.sandbox.environment());
    const names = ['AssumeRole', 'AssumeRoleWithWebIdentity', 'AssumeRoleForPodIdentity'];
    const port = awsPorts()({ key: 'apps', id: APPS }, REGION);
    const answer = await port.events(names, '2026-01-01T00:00:00Z');
    expect(answer).toMatchObject({ ok: true, value: [] });
    const calls = at.sandbox.calls().filter(({ action }) => action === 'LookupEvents');
    // How often podlift tries again depends on how fast the machine is.
    const errors = calls.flatMap(({ error = [] }) => error);
    expect(calls.length - errors.length).toBe(names.length);
    expect([...new Set([...errors, 'ThrottlingException'])]).toEqual(['ThrottlingException']);
  });
});
