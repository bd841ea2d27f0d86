import { listOf, type Statement } from '../../../src/iam/PolicyDocument';
import { providerTrust, withoutIssuers } from '../../../src/operations/finish/providerTrust';
import {
  arnOf,
  AUD,
  eksctlOidc,
  GITHUB,
  ISSUER,
  oidcOf,
  OTHER_PROVIDER,
  ownPodIdentity,
  PROVIDER,
  sub,
  trustOf,
} from '../discover/shapes';

const ISSUER_NAME = ISSUER.replace('https://', '');
const ARN = arnOf('role');
const OWN = eksctlOidc('shop', 'api');
const GITHUB_PROVIDER = 'arn:aws:iam::333333333333:oidc-provider/token.actions.githubusercontent.com';
const ACTION = 'sts:AssumeRoleWithWebIdentity';
const allow = (parts: Partial<Statement>): Statement => ({ Effect: 'Allow', Action: ACTION, ...parts });
const deny = (parts: Partial<Statement>): Statement => ({ Effect: 'Deny', Action: ACTION, ...parts });
const federated = (...Federated: string[]) => ({ Federated: Federated.length === 1 ? Federated[0]! : Federated });
const trusts = (...statements: Statement[]) => providerTrust({ arn: ARN, trust: trustOf(...statements) }, ISSUER);

describe('providerTrust', () => {
  it.each<[string, readonly Statement[]]>([
    ['a statement of eksctl', [OWN]],
    ['subjects by a pattern', [oidcOf({ StringLike: sub('pr-*:app'), StringEquals: AUD })]],
    ['no condition at all', [allow({ Principal: federated(PROVIDER) })]],
    ['a subject, and no audience', [oidcOf({ StringEquals: sub('shop:api') })]],
    ['the provider among others', [allow({ Principal: federated(GITHUB_PROVIDER, PROVIDER) })]],
    ['every action of STS', [allow({ Principal: federated(PROVIDER), Action: 'sts:*' })]],
    ['every action but one', [{ Effect: 'Allow', Principal: federated(PROVIDER), NotAction: 'sts:TagSession' }]],
    ['everyone', [allow({ Principal: '*' })]],
    ['everyone under AWS', [allow({ Principal: { AWS: '*' } })]],
    ['everyone, by a claim of the issuer', [allow({ Principal: '*', Condition: { StringLike: sub('shop:*') } })]],
    ['each provider', [allow({ Principal: federated('*') })]],
    ['everyone but GitHub', [allow({ NotPrincipal: federated(GITHUB_PROVIDER) })]],
    ['the provider of another account', [allow({ Principal: federated(OTHER_PROVIDER) })]],
    ['a claim in other letters', [oidcOf({ StringEquals: { [`${ISSUER_NAME}:SUB`]: 'system:serviceaccount:a:b' } })]],
    [
      'a condition that podlift cannot know',
      [oidcOf({ StringEquals: sub('shop:api'), IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } })],
    ],
    [
      'a denial of another subject',
      [OWN, deny({ Principal: federated(PROVIDER), Condition: { StringEquals: sub('a:b') } })],
    ],
    ['a denial of another provider', [OWN, deny({ Principal: federated(GITHUB_PROVIDER) })]],
    ['a denial of another action', [OWN, deny({ Principal: '*', Action: 'sts:AssumeRole' })]],
  ])('finds %s', (_, statements) => {
    expect(trusts(...statements)?.statements).toEqual(statements.filter(({ Effect }) => Effect === 'Allow'));
  });

  it.each<[string, readonly Statement[]]>([
    ['Pod Identity alone', [ownPodIdentity('shop', 'api')]],
    ['GitHub alone', [GITHUB]],
    ['the provider of another cluster', [allow({ Principal: federated(PROVIDER.replace(/.$/, '9')) })]],
    ['a longer issuer', [allow({ Principal: federated(`${PROVIDER}9`) })]],
    ['another action', [allow({ Principal: federated(PROVIDER), Action: 'sts:AssumeRole' })]],
    ['everyone, for another action', [allow({ Principal: '*', Action: 'sts:AssumeRole' })]],
    ['everyone but the provider', [allow({ NotPrincipal: federated(PROVIDER) })]],
    ['everyone with a claim of GitHub', [allow({ Principal: '*', Condition: GITHUB.Condition! })]],
    [
      'everyone with another provider in the request',
      [allow({ Principal: '*', Condition: { ArnEquals: { 'aws:FederatedProvider': GITHUB_PROVIDER } } })],
    ],
    ['session tags, which no token of a cluster has', [oidcOf({ StringEquals: { 'aws:RequestTag/team': 'shop' } })]],
    ['a statement that another denies', [OWN, deny({ Principal: '*' })]],
    ['a statement that a denial for the provider takes back', [OWN, deny({ Principal: federated(PROVIDER) })]],
    [
      'a statement that a denial for all but GitHub takes back',
      [OWN, deny({ NotPrincipal: federated(GITHUB_PROVIDER) })],
    ],
    ['no statement', []],
  ])('does not find %s', (_, statements) => {
    expect(trusts(...statements)).toBeUndefined();
  });

  it('names the subjects of the statements as they are written, and says where a statement names none', () => {
    const two = oidcOf({ StringLike: sub('pr-*:app', 'shop:api'), StringEquals: AUD });
    expect(trusts(two, GITHUB)).toMatchObject({
      subjects: ['system:serviceaccount:pr-*:app', 'system:serviceaccount:shop:api'],
      anySubject: false,
    });
    expect(trusts(two, allow({ Principal: federated(PROVIDER) }))).toMatchObject({ anySubject: true });
  });

  it('evaluates with the provider of the account of the role', () => {
    const trust = trustOf(
      allow({ Principal: '*', Condition: { ArnEquals: { 'aws:FederatedProvider': OTHER_PROVIDER } } }),
    );
    expect(providerTrust({ arn: arnOf('role', '/', '444444444444'), trust }, ISSUER)).toBeDefined();
    expect(providerTrust({ arn: ARN, trust }, ISSUER)).toBeUndefined();
  });

  it('counts a policy that cannot be evaluated as one that trusts the provider', () => {
    const broken = allow({ Principal: '*', Condition: { StringEquals: null as never } });
    expect(trusts(broken)).toMatchObject({ problem: expect.any(String) });
  });
});

describe('withoutIssuers', () => {
  const edit = (...statements: Statement[]) => withoutIssuers({ arn: ARN, trust: trustOf(...statements) }, [ISSUER]);
  const PODS = ownPodIdentity('shop', 'api');

  it.each<[string, readonly Statement[], readonly Statement[]]>([
    ['removes the statement of the provider', [OWN, PODS, GITHUB], [PODS, GITHUB]],
    [
      'removes the provider from the statement of several, and keeps the rest of it',
      [
        allow({
          Sid: 'both',
          Principal: federated(GITHUB_PROVIDER, PROVIDER),
          Condition: { Bool: { 'aws:SecureTransport': 'true' } },
        }),
      ],
      [
        allow({
          Sid: 'both',
          Principal: federated(GITHUB_PROVIDER),
          Condition: { Bool: { 'aws:SecureTransport': 'true' } },
        }),
      ],
    ],
    [
      'keeps the other kinds of principals of a statement',
      [allow({ Principal: { Federated: PROVIDER, AWS: '111111111111' }, Action: 'sts:*' })],
      [allow({ Principal: { AWS: '111111111111' }, Action: 'sts:*' })],
    ],
    ['removes the provider of another account', [allow({ Principal: federated(OTHER_PROVIDER) }), PODS], [PODS]],
    [
      'keeps what denies',
      [OWN, PODS, deny({ Principal: '*', Condition: { StringEquals: sub('a:b') } })],
      [PODS, deny({ Principal: '*', Condition: { StringEquals: sub('a:b') } })],
    ],
    [
      'keeps the statement of another cluster',
      [OWN, allow({ Principal: federated(PROVIDER.replace(/.$/, '9')) })],
      [allow({ Principal: federated(PROVIDER.replace(/.$/, '9')) })],
    ],
  ])('%s', (_, before, after) => {
    const found = edit(...before);
    expect(found).toMatchObject({ kind: 'write', isClosed: false });
    expect(found.kind === 'write' && listOf(found.trust.Statement)).toEqual(after);
  });

  it('closes a role that nobody else can assume, since IAM refuses a policy without statements', () => {
    expect(edit(OWN)).toEqual({
      kind: 'write',
      trust: trustOf({ Effect: 'Deny', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }),
      isClosed: true,
    });
  });

  it.each<[string, Statement]>([
    ['everyone', allow({ Principal: '*' })],
    ['everyone under AWS', allow({ Principal: { AWS: ['*'], Federated: PROVIDER } })],
    ['each provider', allow({ Principal: federated('*') })],
    ['everyone but GitHub', allow({ NotPrincipal: federated(GITHUB_PROVIDER) })],
  ])('leaves a statement for %s to a person', (_, statement) => {
    expect(edit(statement, PODS)).toEqual({ kind: 'by-hand', statements: [statement] });
  });
});
