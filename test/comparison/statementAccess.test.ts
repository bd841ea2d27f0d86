import {
  isMeantByName,
  otherTokens,
  ownCallersOf,
  type PodsWithRole,
  splitTrust,
} from '../../src/comparison/statementAccess';
import type { PolicyDocument, Statement } from '../../src/iam/PolicyDocument';
import { clusterOf, clusterWithout, environmentOf, podsOf, workloadOf } from '../blueprint/inventoryOf';
import {
  AUD,
  eksctlOidc,
  GITHUB,
  ISSUER,
  oidcOf,
  openPodIdentity,
  ownPodIdentity,
  PROVIDER,
  sub,
  trustOf,
} from '../operations/discover/shapes';
import { ROLE_ARN } from './roleOf';

const CLUSTER = clusterOf({ oidc: { issuer: ISSUER, provider: 'existing', adopt: false } });
const of = (trust: PolicyDocument, parts: Partial<PodsWithRole> = {}): PodsWithRole => ({
  role: { arn: ROLE_ARN, trust },
  environment: environmentOf(),
  cluster: CLUSTER,
  pods: podsOf(workloadOf()),
  ...parts,
});
/** The trust for the pods of production/orders-api. */
const OWN = eksctlOidc('production', 'orders-api');
const OTHER = eksctlOidc('production', 'billing');
const ADMINS: Statement = {
  Effect: 'Allow',
  Action: 'sts:AssumeRole',
  Principal: { AWS: 'arn:aws:iam::333333333333:role/admins' },
};
const HALF_ASSUME: Statement = { ...openPodIdentity, Action: 'sts:AssumeRole' };
const HALF_TAG: Statement = { ...openPodIdentity, Action: 'sts:TagSession' };
/** A pattern for the subjects of another cluster of the account. */
const OTHER_CLUSTER: Statement = {
  Effect: 'Allow',
  Action: 'sts:AssumeRoleWithWebIdentity',
  Principal: { Federated: 'arn:aws:iam::333333333333:oidc-provider/oidc.eks.us-west-2.amazonaws.com/id/BATCH' },
  Condition: { StringLike: { 'oidc.eks.us-west-2.amazonaws.com/id/BATCH:sub': 'system:serviceaccount:*' } },
};
const anySubject = oidcOf({ StringEquals: AUD });
const pattern = (...subjects: string[]) => oidcOf({ StringLike: sub(...subjects), StringEquals: AUD });

describe('a statement of a trust policy', () => {
  const split = (statements: readonly Statement[], parts?: Partial<PodsWithRole>) =>
    splitTrust(of(trustOf(...statements), parts));

  it.each<[string, readonly Statement[], Partial<ReturnType<typeof splitTrust>>]>([
    ['allows the pods by their tokens', [OWN], { oidc: [OWN] }],
    [
      'allows them among others that it names',
      [pattern('production:orders-api', 'production:billing')],
      { oidc: [pattern('production:orders-api', 'production:billing')] },
    ],
    ['allows them by EKS', [openPodIdentity], { podIdentity: [openPodIdentity] }],
    [
      'allows them by EKS with their tags',
      [ownPodIdentity('production', 'orders-api')],
      { podIdentity: [ownPodIdentity('production', 'orders-api')] },
    ],
    ['allows others: kept', [OTHER, GITHUB, ADMINS], { keep: [OTHER, GITHUB, ADMINS] }],
    [
      'allows other pods by EKS: kept',
      [ownPodIdentity('production', 'billing')],
      { keep: [ownPodIdentity('production', 'billing')] },
    ],
    ['denies: kept', [{ ...openPodIdentity, Effect: 'Deny' }], { keep: [{ ...openPodIdentity, Effect: 'Deny' }] }],
    ['allows one action of EKS, and no statement the other', [HALF_ASSUME], { half: [HALF_ASSUME] }],
    [
      'allows one action of EKS, and another statement the other',
      [HALF_TAG, HALF_ASSUME],
      { podIdentity: [HALF_TAG, HALF_ASSUME] },
    ],
  ])('%s', (_what, statements, kinds) => {
    expect(split(statements)).toEqual({ oidc: [], podIdentity: [], half: [], mixed: [], keep: [], ...kinds });
  });

  it.each<[string, Statement]>([
    ['another OIDC provider', { ...OWN, Principal: { Federated: [PROVIDER, `${PROVIDER}2`] } }],
    ['a service', { ...OWN, Principal: { Federated: PROVIDER, Service: 'ec2.amazonaws.com' } }],
    ['everyone', { ...OWN, Principal: '*' }],
    [
      'another service of AWS',
      { ...openPodIdentity, Principal: { Service: ['pods.eks.amazonaws.com', 'ec2.amazonaws.com'] } },
    ],
    ['a role', { ...openPodIdentity, Principal: { Service: 'pods.eks.amazonaws.com', AWS: ROLE_ARN } }],
    ['everyone, by EKS', { ...openPodIdentity, Principal: '*' }],
    ['everyone, by EKS, in the other spelling', { ...openPodIdentity, Principal: { AWS: '*' } }],
    ['everyone by their tokens, in the other spelling', { ...OWN, Principal: { AWS: '*' } }],
    ['all but one', { Effect: 'Allow', NotPrincipal: { AWS: ROLE_ARN }, Action: openPodIdentity.Action! }],
    [
      'EKS, in a statement for tokens',
      {
        ...openPodIdentity,
        Principal: { Federated: PROVIDER, Service: 'pods.eks.amazonaws.com' },
        Action: ['sts:AssumeRole', 'sts:TagSession', 'sts:AssumeRoleWithWebIdentity'],
      },
    ],
  ])('is mixed where it allows the pods together with %s', (_what, statement) => {
    expect(split([statement])).toEqual({ oidc: [], podIdentity: [], half: [], mixed: [statement], keep: [] });
  });

  it('for the pods is theirs, also where it depends on conditions', () => {
    const until = { DateLessThan: { 'aws:CurrentTime': '2026-06-01T00:00:00Z' } };
    const token = { ...OWN, Condition: { ...OWN.Condition, ...until } };
    const eks = { ...openPodIdentity, Condition: until };
    expect(split([token, eks])).toMatchObject({ oidc: [token], podIdentity: [eks] });
  });

  it('allows no pods by their tokens on a cluster without an issuer', () => {
    expect(split([OWN, openPodIdentity], { cluster: clusterWithout('oidc') })).toMatchObject({
      oidc: [],
      podIdentity: [openPodIdentity],
      keep: [OWN],
    });
  });

  it('can stand alone in its document, without a list', () => {
    expect(splitTrust(of({ Version: '2012-10-17', Statement: OWN })).oidc).toEqual([OWN]);
  });
});

describe('other tokens that statements accept', () => {
  const named = (subjects: readonly string[]) => subjects.map((subject) => `system:serviceaccount:${subject}`);
  const tokens = (statements: readonly Statement[], denies: readonly Statement[] = []) =>
    otherTokens(of(trustOf(...statements, ...denies)), statements);

  it.each<[string, readonly Statement[], readonly string[], boolean]>([
    ['none of no statement', [], [], false],
    ['none of the pods’ own statement', [OWN], [], false],
    ['none of a statement for another provider', [GITHUB], [], false],
    ['none of Pod Identity', [openPodIdentity], [], false],
    ['none of a pattern for another cluster', [OTHER_CLUSTER], [], false],
    ['another subject', [OTHER], ['production:billing'], false],
    [
      'other subjects of one statement',
      [oidcOf({ StringEquals: { ...sub('production:orders-api', 'a:b', 'c:d'), ...AUD } })],
      ['a:b', 'c:d'],
      false,
    ],
    ['a subject of two statements, once', [OTHER, { ...OTHER, Sid: 'again' }], ['production:billing'], false],
    ['a subject for an audience that tokens can name', [oidcOf({ StringEquals: { ...sub('a:b') } })], ['a:b'], false],
    ['all of a namespace', [pattern('production:*')], [], true],
    ['those of a pattern with one character', [pattern('production:orders-ap?')], [], true],
    ['all, without a condition on the subject', [anySubject], [], true],
    ['a subject and a pattern', [pattern('a:b', 'production:*')], ['a:b'], true],
    [
      'none of a subject that is wanted and is not',
      [oidcOf({ StringEquals: sub('a:b'), StringNotEquals: sub('a:b') })],
      [],
      false,
    ],
  ])('%s', (_what, statements, subjects, any) => {
    expect(tokens(statements)).toEqual({ subjects: named(subjects), anySubject: any });
  });

  it('are not those that another statement denies', () => {
    const deny: Statement = { ...oidcOf({ StringEquals: sub('production:billing') }), Effect: 'Deny' };
    expect(tokens([OTHER], [deny])).toEqual({ subjects: [], anySubject: false });
    expect(tokens([pattern('production:*')], [{ ...oidcOf({}), Effect: 'Deny' }])).toEqual({
      subjects: [],
      anySubject: false,
    });
  });

  it('are not those of statements that are not asked about', () => {
    expect(otherTokens(of(trustOf(OWN, OTHER)), [OWN])).toEqual({ subjects: [], anySubject: false });
  });

  it('are none on a cluster without an issuer', () => {
    expect(otherTokens(of(trustOf(OTHER), { cluster: clusterWithout('oidc') }), [OTHER])).toEqual({
      subjects: [],
      anySubject: false,
    });
  });
});

describe('a trust policy', () => {
  it.each<[string, PolicyDocument, boolean]>([
    ['that names the service account', trustOf(OWN), true],
    [
      'that names it with others',
      trustOf(oidcOf({ StringEquals: { ...sub('production:orders-api', 'production:billing'), ...AUD } })),
      true,
    ],
    ['that names it, beside a pattern for another namespace', trustOf(OWN, pattern('staging:*')), true],
    ['that names another', trustOf(OTHER), false],
    ['for nobody', trustOf(), false],
    ['with a pattern for its namespace', trustOf(pattern('production:*')), false],
    ['with a pattern for a part of its name', trustOf(pattern('production:orders-*')), false],
    ['that names it, beside a pattern for its namespace', trustOf(OWN, pattern('production:*')), false],
    ['for any subject', trustOf(anySubject), false],
    ['for Pod Identity alone', trustOf(openPodIdentity), false],
    ['with one statement that is no list', { Version: '2012-10-17', Statement: OWN }, true],
  ])('%s means it by its name: %#', (_what, trust, meant) => {
    expect(isMeantByName(of(trust))).toBe(meant);
  });

  it('means no service account of a cluster without an issuer', () => {
    expect(isMeantByName(of(trustOf(OWN), { cluster: clusterWithout('oidc') }))).toBe(false);
  });
});

describe('the own callers of a role', () => {
  it('are the pods of the service account on the cluster', () => {
    const own = {
      partition: 'aws',
      accountId: '333333333333',
      providers: [PROVIDER],
      clusterArns: [CLUSTER.arn],
      subjects: [
        { clusterArn: CLUSTER.arn, provider: PROVIDER, namespace: 'production', serviceAccount: 'orders-api' },
      ],
      tagged: true,
    };
    expect(ownCallersOf(environmentOf(), CLUSTER, podsOf(workloadOf()))).toEqual(own);
    expect(ownCallersOf(environmentOf(), clusterWithout('oidc'), podsOf(workloadOf({ sessionTags: false })))).toEqual({
      ...own,
      providers: [],
      subjects: [{ clusterArn: CLUSTER.arn, namespace: 'production', serviceAccount: 'orders-api' }],
      tagged: false,
    });
  });
});
