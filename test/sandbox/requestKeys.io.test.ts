import { createHash } from 'node:crypto';
import { GetRoleCommand } from '@aws-sdk/client-iam';
import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  AssumeRoleWithWebIdentityCommand,
  type Credentials,
  GetCallerIdentityCommand,
} from '@aws-sdk/client-sts';
import type { PolicyDocument, Statement } from '../../src/iam/PolicyDocument';
import type { SandboxSeed, SeedRole } from '../../src/sandbox/Seed';
import { podsOf } from './podFixtures';
import {
  accountTrust,
  APPS,
  clients,
  DATA,
  errorOf,
  irsaTrust,
  MAIN,
  OTHER,
  podTrust,
  policy,
  PROVIDER,
  roleArn,
  seedWith,
  useSandbox,
} from './testSandbox';

type Condition = NonNullable<Statement['Condition']>;
const BOTH = ['sts:AssumeRole', 'sts:TagSession'];
const TRUST = policy(accountTrust(APPS, BOTH), irsaTrust('production', 'orders'), podTrust());
const ALLOW: Statement = { Effect: 'Allow', Action: '*', Resource: '*' };

const only = (condition: Condition): PolicyDocument => policy({ ...ALLOW, Condition: condition });
const except = (condition: Condition): PolicyDocument =>
  policy(ALLOW, { ...ALLOW, Effect: 'Deny', Condition: condition });

/** Roles with one permission each. */
function rolesWith(permissions: Readonly<Record<string, PolicyDocument>>): readonly SeedRole[] {
  return Object.entries(permissions).map(([name, document]) => ({
    account: APPS,
    name,
    trust: TRUST,
    inline: { own: document },
  }));
}

/** A sandbox, and the ways to get sessions of its roles. */
function use(seed: () => { readonly roles: readonly SeedRole[] } & Partial<Omit<SandboxSeed, 'roles'>>) {
  const at = useSandbox(() => {
    const { roles, ...rest } = seed();
    return { seed: seedWith(roles, rest) };
  });
  const as = ({ AccessKeyId = '', SecretAccessKey = '', SessionToken = '' }: Partial<Credentials> = {}) =>
    clients(
      at.sandbox,
      AccessKeyId === ''
        ? APPS
        : { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken },
    );
  const assume = (
    role: string,
    from?: Credentials,
    more: Partial<AssumeRoleCommandInput> & { account?: string } = {},
  ) => {
    const { account = APPS, ...rest } = more;
    const request = { RoleArn: roleArn(role, account), RoleSessionName: 'me', ...rest };
    return as(from).sts.send(new AssumeRoleCommand(request));
  };
  const token = () =>
    at.sandbox.kubernetes.createToken(MAIN, {
      namespace: 'production',
      serviceAccount: 'orders',
      audience: 'sts.amazonaws.com',
      expiration: 600,
    });
  const byToken = (role: string) =>
    as().sts.send(
      new AssumeRoleWithWebIdentityCommand({
        RoleArn: roleArn(role),
        RoleSessionName: 'pod',
        WebIdentityToken: token(),
      }),
    );
  return {
    at,
    as,
    assume,
    byToken,
    /** Whether a session of a role, by AssumeRole or by a token, may call iam:GetRole. */
    mayGetRole: async (role: string, how: 'AssumeRole' | 'token' = 'AssumeRole', asked = role) => {
      const { Credentials: own } = await (how === 'token' ? byToken(role) : assume(role));
      try {
        await as(own).iam.send(new GetRoleCommand({ RoleName: asked }));
        return true;
      } catch (error) {
        expect(error).toMatchObject({ name: 'AccessDenied' });
        return false;
      }
    },
  };
}

describe('aws:MultiFactorAuthPresent', () => {
  const MFA = 'aws:MultiFactorAuthPresent';
  const { mayGetRole } = use(() => ({
    roles: rolesWith({
      'deny-false': except({ Bool: { [MFA]: 'false' } }),
      'if-exists': only({ BoolIfExists: { [MFA]: 'true' } }),
      'deny-if-exists': except({ BoolIfExists: { [MFA]: 'false' } }),
    }),
  }));

  it.each([
    ['deny-false', false, true],
    ['if-exists', false, true],
    ['deny-if-exists', false, false],
  ])(
    'with %s: present and false in a session by AssumeRole (%s), absent in one by a token (%s)',
    async (role, a, b) => {
      expect([await mayGetRole(role), await mayGetRole(role, 'token')]).toEqual([a, b]);
    },
  );
});

describe('the keys of every request', () => {
  const { mayGetRole } = use(() => ({
    roles: rolesWith({
      'no-http': except({ Bool: { 'aws:SecureTransport': 'false' } }),
      'only-https': only({ Bool: { 'aws:SecureTransport': 'true' } }),
      'not-direct': except({ Bool: { 'aws:ViaAWSService': 'false' } }),
      direct: only({ Bool: { 'aws:ViaAWSService': 'false' } }),
      agent: only({ StringLike: { 'aws:UserAgent': '*aws-sdk-js*' } }),
      provider: only({ StringEquals: { 'aws:FederatedProvider': PROVIDER } }),
      audience: only({ StringEquals: { [`${PROVIDER.slice(PROVIDER.indexOf('/') + 1)}:aud`]: 'sts.amazonaws.com' } }),
      subject: only({ Null: { [`${PROVIDER.slice(PROVIDER.indexOf('/') + 1)}:sub`]: 'false' } }),
    }),
  }));

  it.each([
    ['no-http', true, true],
    ['only-https', true, true],
    ['not-direct', false, false],
    ['direct', true, true],
    ['agent', true, true],
    ['provider', false, true],
    ['audience', false, true],
    ['subject', false, true],
  ])('decide %s: by AssumeRole %s, by a token %s', async (role, assumed, byToken) => {
    expect([await mayGetRole(role), await mayGetRole(role, 'token')]).toEqual([assumed, byToken]);
  });
});

describe('the tags of a resource', () => {
  const locked = { StringEquals: { 'iam:ResourceTag/owner': 'payments' } };
  const { mayGetRole, assume } = use(() => ({
    roles: [
      ...rolesWith({
        'iam-key': except(locked),
        'aws-key': except({ StringEquals: { 'aws:ResourceTag/Owner': 'payments' } }),
        owner: policy(ALLOW),
      }),
      { account: APPS, name: 'locked', trust: TRUST, tags: { owner: 'payments' } },
      { account: APPS, name: 'open', trust: TRUST, tags: { owner: 'shop' } },
      {
        account: DATA,
        name: 'by-trust',
        trust: policy(accountTrust(APPS, BOTH, { StringEquals: { 'aws:ResourceTag/owner': 'payments' } })),
        tags: { owner: 'payments' },
      },
    ],
  }));

  it.each(['iam-key', 'aws-key'])('lock a role for AssumeRole and for iam:GetRole by %s', async (role) => {
    const { Credentials: own } = await assume(role);
    expect(await errorOf(assume('locked', own))).toMatchObject({ name: 'AccessDenied' });
    await expect(assume('open', own)).resolves.toBeDefined();
    expect(await mayGetRole(role, 'AssumeRole', 'locked')).toBe(false);
    expect(await mayGetRole(role, 'AssumeRole', 'open')).toBe(true);
  });

  it('are in the request that the trust policy of the role decides on', async () => {
    const { Credentials: own } = await assume('owner');
    await expect(assume('by-trust', own, { account: DATA })).resolves.toBeDefined();
  });
});

describe('the packed size of session tags and policies', () => {
  const { assume } = use(() => ({ roles: rolesWith({ first: policy(ALLOW), second: policy(ALLOW) }) }));
  // The SDK marks the member as deprecated since June 2026; AWS still answers with it.
  const percentOf = (answer: { readonly PackedPolicySize?: number | undefined }) => answer.PackedPolicySize;
  const tags = (count: number, length: number) =>
    Array.from({ length: count }, (_, index) => ({ Key: `T${index + 1}`, Value: 'a'.repeat(length) }));

  it('is refused above the space, with the percentage that was measured on AWS', async () => {
    expect(await errorOf(assume('first', undefined, { Tags: tags(9, 250) }))).toEqual({
      name: 'PackedPolicyTooLargeException',
      status: 400,
      message: 'Packed size of session tags consumes 498% of allotted space.',
    });
  });

  it('counts the tags that a session inherits, with those of the request and its policy', async () => {
    const Tags = tags(5, 60);
    const answer = await assume('first', undefined, {
      Tags,
      TransitiveTagKeys: Tags.map(({ Key }) => Key),
    });
    const { Credentials: own } = answer;
    expect(percentOf(answer)).toBe(70);
    expect(percentOf(await assume('second', own))).toBe(70);
    const more = [{ Key: 'own', Value: 'b'.repeat(150) }];
    expect(await errorOf(assume('second', own, { Tags: more }))).toMatchObject({
      name: 'PackedPolicyTooLargeException',
    });
    const bucket = (seed: number) => createHash('sha256').update(String(seed)).digest('hex');
    const Resource = Array.from({ length: 24 }, (_, index) => `arn:aws:s3:::${bucket(index)}`);
    const Policy = JSON.stringify(policy({ Effect: 'Allow', Action: 's3:GetObject', Resource }));
    expect(Policy.length).toBeLessThan(2048);
    await expect(assume('first', undefined, { Policy })).resolves.toBeDefined();
    expect((await errorOf(assume('second', own, { Policy }))).message).toMatch(
      /^Packed size of session policy and session tags consumes \d+% of allotted space\.$/,
    );
  });

  it('is not in the answer of a request with neither', async () => {
    expect(percentOf(await assume('first'))).toBeUndefined();
  });
});

describe('the organisation and the address of requests', () => {
  const ORG = 'o-a1b2c3d4e5';
  const ENDPOINT = { vpc: 'vpc-1', vpcEndpoint: 'vpce-1', privateIp: '10.0.0.7' };
  const ofOrg = (of: string): Condition => ({ StringEquals: { [`aws:${of}OrgID`]: ORG } });
  const { mayGetRole, at, as, assume } = use(() => {
    const base = seedWith();
    return {
      organisations: [{ id: ORG, root: 'r-ab12', accounts: [APPS] }],
      clusters: [
        { ...base.clusters[0]!, egress: { sourceIp: '198.51.100.7' } },
        { ...base.clusters[1]!, autoMode: true, egress: ENDPOINT },
      ],
      roles: [
        ...rolesWith({
          principal: only(ofOrg('Principal')),
          path: only({ 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': `${ORG}/r-ab12/*` } }),
          resource: only(ofOrg('Resource')),
          'from-nat': only({ IpAddress: { 'aws:SourceIp': '198.51.100.0/24' } }),
          'from-default': only({ IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }),
        }),
        {
          account: APPS,
          name: 'associated',
          trust: policy({ ...podTrust(), Condition: ofOrg('Source') }),
          inline: { own: only({ StringEquals: { 'aws:SourceVpce': 'vpce-1' }, Null: { 'aws:SourceIp': 'true' } }) },
        },
        {
          account: DATA,
          name: 'outside',
          trust: policy(accountTrust(APPS, BOTH)),
          inline: { own: only(ofOrg('Principal')) },
        },
      ],
    };
  });

  it.each([
    ['principal', true, true],
    ['path', true, true],
    ['resource', true, true],
    ['from-nat', false, true],
    ['from-default', true, false],
  ])('decide %s: for a session of the administrator %s, for a pod by its token %s', async (role, assumed, byToken) => {
    expect([await mayGetRole(role), await mayGetRole(role, 'token')]).toEqual([assumed, byToken]);
  });

  it('are absent for an account that is in no organisation', async () => {
    const { Credentials: own } = await assume('principal');
    // The hop itself needs the organisation of the caller, and has it.
    const { Credentials: outside } = await assume('outside', own, { account: DATA });
    expect(await as(outside).sts.send(new GetCallerIdentityCommand({}))).toMatchObject({ Account: DATA });
    expect(await errorOf(as(outside).iam.send(new GetRoleCommand({ RoleName: 'outside' })))).toMatchObject({
      name: 'AccessDenied',
    });
  });

  it('are those of the cluster for a pod on Pod Identity, and EKS names the organisation of the cluster', async () => {
    const { admit, ask, associate } = podsOf(at);
    await associate('orders', 'associated', 'other');
    const { source, targets } = await ask(admit('orders', OTHER), 'outside');
    expect(source).toMatchObject({ ok: true, arn: expect.stringContaining(':assumed-role/associated/eks-other-') });
    expect(targets).toMatchObject([{ ok: true, arn: expect.stringContaining(':assumed-role/outside/') }]);
  });
});
