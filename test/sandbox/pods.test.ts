import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  CreateAddonCommand,
  CreatePodIdentityAssociationCommand,
  ListPodIdentityAssociationsCommand,
  UpdatePodIdentityAssociationCommand,
} from '@aws-sdk/client-eks';
import { UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam';
import { podCredentials } from '../../sandbox/podCredentials';
import type { SeedRole } from '../../sandbox/Seed';
import type { Pod } from '../../sandbox/startSandbox';
import {
  accountTrust,
  allow,
  APPS,
  clients,
  DATA,
  irsaTrust,
  ISSUER,
  MAIN,
  MAIN_ARN,
  OTHER,
  podTrust,
  policy,
  REGION,
  roleArn,
  seedWith,
  useSandbox,
} from './testSandbox';

const BOTH = ['sts:AssumeRole', 'sts:TagSession'];
const NAMESPACE = 'production';
const hop = { hop: allow(BOTH) };
const tagTrust = (conditions: Record<string, string>) => policy(accountTrust(APPS, BOTH, { StringEquals: conditions }));

const ROLES: readonly SeedRole[] = [
  { account: APPS, name: 'dual', trust: policy(irsaTrust(NAMESPACE, 'orders'), podTrust()), inline: hop },
  {
    account: APPS,
    name: 'strict',
    inline: hop,
    trust: policy(
      podTrust({
        'aws:SourceAccount': APPS,
        'aws:SourceArn': MAIN_ARN,
        'aws:RequestTag/eks-cluster-arn': MAIN_ARN,
        'aws:RequestTag/kubernetes-namespace': NAMESPACE,
        'aws:RequestTag/kubernetes-service-account': 'orders',
      }),
    ),
  },
  { account: APPS, name: 'elsewhere', trust: policy(podTrust({ 'aws:RequestTag/kubernetes-namespace': 'staging' })) },
  { account: APPS, name: 'untagged', trust: policy(podTrust({ 'aws:SourceAccount': APPS })), inline: hop },
  {
    account: APPS,
    name: 'transitive',
    trust: policy({
      ...podTrust(),
      Condition: { 'ForAnyValue:StringEquals': { 'sts:TransitiveTagKeys': 'kubernetes-pod-uid' } },
    }),
  },
  { account: APPS, name: 'powerless', trust: policy(podTrust()) },
  { account: APPS, name: 'tagless', trust: policy(podTrust()), inline: { hop: allow('sts:AssumeRole') } },
  { account: DATA, name: 'ledger', trust: tagTrust({ 'aws:RequestTag/kubernetes-namespace': NAMESPACE }) },
  {
    account: DATA,
    name: 'principal-tag',
    trust: tagTrust({ 'aws:PrincipalTag/kubernetes-service-account': 'orders' }),
  },
  { account: DATA, name: 'staging', trust: tagTrust({ 'aws:RequestTag/kubernetes-namespace': 'staging' }) },
  { account: DATA, name: 'no-tags', trust: policy(accountTrust(APPS, 'sts:AssumeRole')) },
  {
    account: DATA,
    name: 'external',
    trust: policy(
      accountTrust(APPS, 'sts:AssumeRole', {
        StringEquals: { 'sts:ExternalId': `${REGION}/${APPS}/main/${NAMESPACE}/orders` },
      }),
    ),
  },
];

describe('A pod', () => {
  const at = useSandbox(() => ({ seed: seedWith(ROLES) }));
  const admit = (serviceAccount: string, cluster = MAIN) =>
    at.sandbox.kubernetes.admitPod({ cluster, namespace: NAMESPACE, serviceAccount });
  const ask = (pod: Pod, ...targets: string[]) =>
    podCredentials(pod, {
      endpoint: at.sandbox.endpoint,
      targets: targets.map((name) => ({ roleArn: roleArn(name, DATA) })),
    });
  const associate = async (serviceAccount: string, role: string, rest: object = {}, clusterName = 'main') => {
    const input = { clusterName, namespace: NAMESPACE, serviceAccount, roleArn: roleArn(role), ...rest };
    return (await clients(at.sandbox).eks.send(new CreatePodIdentityAssociationCommand(input))).association
      ?.associationId;
  };
  const annotate = (name: string, role: string) => {
    at.sandbox.kubernetes.setServiceAccount({
      cluster: MAIN,
      namespace: NAMESPACE,
      name,
      annotations: { 'eks.amazonaws.com/role-arn': roleArn(role) },
    });
  };

  const associationOf = async (serviceAccount: string) => {
    const list = new ListPodIdentityAssociationsCommand({ clusterName: 'main', serviceAccount });
    return (await clients(at.sandbox).eks.send(list)).associations?.[0]?.associationId;
  };

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

  it('is denied by EKS when the trust policy asks for other tags', async () => {
    await associate('wanderer', 'elsewhere');
    expect((await ask(admit('wanderer'))).source.ok).toBe(false);
    expect(at.sandbox.denials().at(-1)).toMatchObject({
      code: 'AccessDeniedException',
      action: 'sts:AssumeRole',
      resource: roleArn('elsewhere'),
    });
    expect(at.sandbox.denials().at(-1)?.explanation).toContain('aws:RequestTag/kubernetes-namespace');
  });

  it('carries tags that are all transitive', async () => {
    await associate('traveller', 'transitive');
    expect((await ask(admit('traveller'))).source).toMatchObject({ ok: true });
  });

  it('is denied as soon as the trust no longer names the service', async () => {
    await associate('late', 'untagged');
    const pod = admit('late');
    expect((await ask(pod)).source.ok).toBe(true);
    const trust = JSON.stringify(policy(irsaTrust(NAMESPACE, 'late')));
    await clients(at.sandbox).iam.send(
      new UpdateAssumeRolePolicyCommand({ RoleName: 'untagged', PolicyDocument: trust }),
    );
    expect((await ask(pod)).source.ok).toBe(false);
    const back = JSON.stringify(policy(podTrust({ 'aws:SourceAccount': APPS })));
    await clients(at.sandbox).iam.send(
      new UpdateAssumeRolePolicyCommand({ RoleName: 'untagged', PolicyDocument: back }),
    );
  });

  it.each<[string, string, object, string, boolean]>([
    ['the tags', 'strict', {}, 'ledger', true],
    ["another namespace's tags", 'strict', {}, 'staging', false],
    ['tags at a target that takes none', 'strict', {}, 'no-tags', false],
    ['a source that may not hop', 'powerless', {}, 'ledger', false],
    ['a source that may not pass tags on', 'tagless', {}, 'ledger', false],
    ['the external id, tags disabled', 'untagged', { disableSessionTags: true }, 'external', true],
    ['no tags, tags disabled, where they are asked for', 'untagged', { disableSessionTags: true }, 'ledger', false],
    ['a source that asks for tags, tags disabled', 'strict', { disableSessionTags: true }, 'external', false],
    ['tags instead of the external id', 'strict', {}, 'external', false],
  ])('chained to a target role by EKS with %s', async (_how, role, rest, target, works) => {
    const { eks } = clients(at.sandbox);
    const id = { clusterName: 'main', associationId: await associationOf('orders') };
    const change = { disableSessionTags: false, ...rest, roleArn: roleArn(role), targetRoleArn: roleArn(target, DATA) };
    await eks.send(new UpdatePodIdentityAssociationCommand({ ...id, ...change }));
    const { source } = await ask(admit('orders'));
    expect(source).toMatchObject(
      works
        ? { ok: true, account: DATA, arn: expect.stringContaining(`:assumed-role/${target}/eks-main-`) }
        : { ok: false },
    );
    if (source.ok) expect(Date.parse(source.expiration ?? '') - Date.now()).toBeLessThan(59 * 60_000);
  });

  it('finds no agent on a cluster without the add-on, and finds it once it is there', async () => {
    await associate('agentless', 'dual', {}, 'other');
    const pod = admit('agentless', OTHER);
    expect((await ask(pod)).source.ok).toBe(false);
    expect(at.sandbox.denials().at(-1)?.explanation).toContain('eks-pod-identity-agent');
    await clients(at.sandbox).eks.send(
      new CreateAddonCommand({ clusterName: 'other', addonName: 'eks-pod-identity-agent' }),
    );
    expect((await ask(pod)).source.ok).toBe(true);
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

describe('The agent', () => {
  const at = useSandbox(() => ({ seed: seedWith(ROLES) }));
  const ask = async (authorization: string) => {
    const response = await fetch(`${at.sandbox.endpoint}/v1/credentials`, { headers: { authorization } });
    return { status: response.status, text: await response.text() };
  };
  const token = (wish: object = {}) =>
    at.sandbox.kubernetes.createToken(MAIN, {
      namespace: NAMESPACE,
      serviceAccount: 'orders',
      audience: 'pods.eks.amazonaws.com',
      expiration: 600,
      pod: { name: 'pod-1', uid: 'b1b1' },
      ...wish,
    });

  it('answers as the SDKs want it', async () => {
    const input = { clusterName: 'main', namespace: NAMESPACE, serviceAccount: 'orders', roleArn: roleArn('dual') };
    await clients(at.sandbox).eks.send(new CreatePodIdentityAssociationCommand(input));
    const { status, text } = await ask(token());
    expect(status).toBe(200);
    expect(JSON.parse(text)).toEqual({
      AccessKeyId: expect.stringMatching(/^ASIA/),
      SecretAccessKey: expect.any(String),
      Token: expect.any(String),
      AccountId: APPS,
      Expiration: expect.stringMatching(/Z$/),
    });
  });

  it.each<[string, () => string, number, string]>([
    ['nothing', () => '', 400, 'Service account token cannot be empty'],
    ['a bearer prefix', () => `Bearer ${token()}`, 400, 'cannot be parsed'],
    ['a token for another audience', () => token({ audience: 'sts.amazonaws.com' }), 400, 'InvalidTokenException'],
    ['a token that is bound to no pod', () => token({ pod: undefined }), 400, 'InvalidTokenException'],
    [
      'a token with a foreign signature',
      () => `${token().split('.').slice(0, 2).join('.')}.${token({ serviceAccount: 'x' }).split('.')[2] ?? ''}`,
      400,
      'InvalidTokenException',
    ],
    ['an expired token', () => token({ expiration: -1 }), 400, 'expired'],
    [
      'a service account without an association',
      () => token({ serviceAccount: 'other' }),
      404,
      'ResourceNotFoundException',
    ],
    [
      'the same service account of another namespace',
      () => token({ namespace: 'staging' }),
      404,
      'ResourceNotFoundException',
    ],
  ])('refuses %s', async (_what, make, status, words) => {
    const answer = await ask(make());
    expect(answer.status).toBe(status);
    expect(answer.text).toContain(words);
  });
});
