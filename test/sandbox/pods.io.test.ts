import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { podCredentials } from '../../src/sandbox/podCredentials';
import { NAMESPACE, podsOf, ROLES } from './podFixtures';
import { APPS, DATA, ISSUER, MAIN, REGION, roleArn, seedWith, useSandbox } from './testSandbox';

describe('A pod', () => {
  const at = useSandbox(() => ({ seed: seedWith(ROLES) }));
  const { admit, ask, associate, annotate } = podsOf(at);

  it('with neither annotation nor association gets nothing from anywhere', async () => {
    const pod = admit('nobody');
    expect(pod).toMatchObject({ uses: 'nothing', env: {} });
    expect(await ask(pod, 'ledger')).toMatchObject({
      source: { ok: false, error: { code: 'CredentialsProviderError' } },
      targets: [{ ok: false, roleArn: roleArn('ledger', DATA) }],
    });
  });

  it('with an annotation goes through web identity, and reaches targets that ask for no tags', async () => {
    annotate('orders', 'dual');
    const pod = admit('orders');
    expect(pod.uses).toBe('irsa');
    expect(pod.env).toMatchObject({
      AWS_ROLE_ARN: roleArn('dual'),
      AWS_STS_REGIONAL_ENDPOINTS: 'regional',
      AWS_REGION: REGION,
      AWS_DEFAULT_REGION: REGION,
    });
    expect(await ask(pod, 'no-tags', 'ledger')).toMatchObject({
      source: { ok: true, account: APPS, arn: expect.stringContaining(':assumed-role/dual/') },
      targets: [
        { ok: true, account: DATA, arn: `arn:aws:sts::${DATA}:assumed-role/no-tags/podlift` },
        { ok: false, error: { code: 'AccessDenied' } },
      ],
    });
  });

  it('that another service account runs does not get the role of this one', async () => {
    annotate('intruder', 'dual');
    const outcome = await ask(admit('intruder'));
    expect(outcome.source).toMatchObject({
      ok: false,
      error: { code: 'AccessDenied', message: 'Not authorized to perform sts:AssumeRoleWithWebIdentity' },
    });
  });

  it('with an association goes through the agent, annotation or not, with all six tags in its luggage', async () => {
    annotate('orders', 'dual');
    await associate('orders', 'strict');
    const pod = admit('orders');
    expect(pod.uses).toBe('pod-identity');
    expect(Object.keys(pod.env).sort()).toEqual([
      'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE',
      'AWS_CONTAINER_CREDENTIALS_FULL_URI',
      'AWS_DEFAULT_REGION',
      'AWS_REGION',
      'AWS_STS_REGIONAL_ENDPOINTS',
    ]);
    const outcome = await ask(pod, 'ledger', 'principal-tag', 'staging', 'no-tags');
    expect(outcome.source).toMatchObject({
      ok: true,
      account: APPS,
      arn: expect.stringMatching(/:assumed-role\/strict\/eks-main-orders-\w+-/),
    });
    expect(outcome.targets.map((target) => target.ok)).toEqual([true, true, false, false]);
    expect(at.sandbox.denials().at(-1)).toMatchObject({ action: 'sts:TagSession', resource: roleArn('no-tags', DATA) });
  });

  it('keeps what it was admitted with', async () => {
    annotate('keeper', 'dual');
    const before = admit('keeper');
    await associate('keeper', 'dual');
    expect([before.uses, admit('keeper').uses]).toEqual(['irsa', 'pod-identity']);
  });

  it('has its token in a private file that goes with it', () => {
    annotate('filed', 'dual');
    const pod = admit('filed');
    const file = pod.env.AWS_WEB_IDENTITY_TOKEN_FILE ?? '';
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const [, body = ''] = readFileSync(file, 'utf8').split('.');
    const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as Record<string, unknown>;
    expect(claims).toMatchObject({
      iss: ISSUER,
      sub: `system:serviceaccount:${NAMESPACE}:filed`,
      aud: ['sts.amazonaws.com'],
      'kubernetes.io': {
        namespace: NAMESPACE,
        pod: { name: pod.name, uid: pod.uid },
        serviceaccount: { name: 'filed' },
      },
    });
    at.sandbox.kubernetes.deletePod(pod);
    expect(existsSync(file)).toBe(false);
    at.sandbox.kubernetes.deletePod(pod);
  });

  it('whose own spec names a role stays on web identity, association or not', async () => {
    const token = at.sandbox.kubernetes.createToken(MAIN, {
      namespace: NAMESPACE,
      serviceAccount: 'orders',
      audience: 'sts.amazonaws.com',
      expiration: 600,
    });
    const file = join(mkdtempSync(join(tmpdir(), 'podlift-test-')), 'token');
    writeFileSync(file, token);
    const pod = admit('orders');
    const env = { AWS_ROLE_ARN: roleArn('dual'), AWS_WEB_IDENTITY_TOKEN_FILE: file };
    const { source } = await podCredentials(pod, { endpoint: at.sandbox.endpoint, env });
    rmSync(dirname(file), { recursive: true });
    expect(pod.uses).toBe('pod-identity');
    expect(source).toMatchObject({ ok: true, arn: expect.stringContaining(':assumed-role/dual/aws-sdk-js-session') });
  });

  it('knows nothing of the process that asks for it', async () => {
    process.env.AWS_ACCESS_KEY_ID = APPS;
    process.env.AWS_SECRET_ACCESS_KEY = at.sandbox.secretAccessKey;
    const { source } = await ask(admit('nobody'));
    delete process.env.AWS_ACCESS_KEY_ID;
    delete process.env.AWS_SECRET_ACCESS_KEY;
    expect(source.ok).toBe(false);
  });

  it('needs a cluster that exists', () => {
    expect(() => admit('orders', { ...MAIN, name: 'nowhere' })).toThrow('the sandbox has no cluster nowhere');
  });
});
