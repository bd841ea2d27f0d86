import type { KeptStatement } from '../../src/inventory/Inventory';
import { proveInventory } from '../../src/proof/proveInventory';
import { NO_IMPORTS, clusterOf, environmentOf, inventoryOf, workloadOf } from '../blueprint/inventoryOf';

const CLUSTER = clusterOf();
const ISSUER = CLUSTER.oidc!.issuer.replace('https://', '');
const OWN = `arn:aws:iam::333333333333:oidc-provider/${ISSUER}`;
const GITHUB = 'arn:aws:iam::333333333333:oidc-provider/token.actions.githubusercontent.com';
const GITHUB_SUB = 'token.actions.githubusercontent.com:sub';

/** What the proof says of a role that keeps a statement. */
function proofOf(statement: Omit<KeptStatement, 'Effect'>) {
  const role = {
    name: 'legacy',
    path: '/',
    adopt: true,
    tags: {},
    imports: NO_IMPORTS,
    keepTrust: [{ Effect: 'Allow' as const, ...statement }],
  };
  const inventory = inventoryOf(environmentOf({ clusters: [CLUSTER], workloads: [workloadOf({ role })] }));
  return proveInventory(inventory, { oncePerGroup: true });
}
const failuresOf = (statement: Omit<KeptStatement, 'Effect'>) => proofOf(statement).failures;

/** Who gets in that must not, each at the statement's own line. */
function letIn(statement: Omit<KeptStatement, 'Effect'>): readonly string[] {
  const attacks = failuresOf(statement).filter(({ rule }) => rule === 'proof-attack');
  expect(attacks.map(({ path }) => path)).toEqual(attacks.map(() => 'workloads.orders-api.role.keepTrust[0]'));
  return attacks.flatMap(({ who, also = [] }) => [who, ...also]);
}

const assume = { Action: 'sts:AssumeRole' };
const token = { Action: 'sts:AssumeRoleWithWebIdentity' };
const everybody = { Principal: { AWS: '*' } };

describe('a kept statement that lets others in is a failure at its line', () => {
  it.each<[string, Omit<KeptStatement, 'Effect'>, RegExp]>([
    ['everybody', { Principal: '*', ...assume }, /any account/],
    [
      'everybody with any session name',
      { ...everybody, ...assume, Condition: { StringLike: { 'sts:RoleSessionName': '*' } } },
      /any account/,
    ],
    [
      'everybody who knows a word',
      { ...everybody, ...assume, Condition: { StringEquals: { 'sts:ExternalId': 'hunter2' } } },
      /any account/,
    ],
    [
      'everybody who tags the own role',
      { ...everybody, ...assume, Condition: { StringEquals: { 'aws:PrincipalTag/team': 'evil' } } },
      /any account/,
    ],
    [
      'everybody from some addresses',
      { ...everybody, ...assume, Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } },
      /any account/,
    ],
    [
      'roles of a name in any account',
      { ...everybody, ...assume, Condition: { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/evil*' } } },
      /any account.*evil\*/,
    ],
    [
      'all of GitHub',
      { Principal: { Federated: GITHUB }, ...token, Condition: { StringLike: { [GITHUB_SUB]: 'repo:*' } } },
      /tokens of token.actions.githubusercontent.com .*repo:\*/,
    ],
    [
      'everybody with an account at a provider',
      { Principal: { Federated: 'accounts.google.com' }, ...token },
      /tokens of accounts.google.com/,
    ],
    [
      'all pods of the own cluster',
      {
        Principal: { Federated: OWN },
        ...token,
        Condition: { StringLike: { [`${ISSUER}:sub`]: 'system:serviceaccount:*' } },
      },
      /serviceaccount:/,
    ],
    [
      'another service account of the own cluster',
      {
        Principal: { Federated: OWN },
        ...token,
        Condition: { StringEquals: { [`${ISSUER}:sub`]: 'system:serviceaccount:evil:backdoor' } },
      },
      /evil:backdoor/,
    ],
    [
      'other pods by Pod Identity',
      {
        Principal: { Service: 'pods.eks.amazonaws.com' },
        Action: ['sts:AssumeRole', 'sts:TagSession'],
        Condition: { StringEquals: { 'aws:RequestTag/kubernetes-namespace': 'evil' } },
      },
      /pods of other namespaces .*"evil"/,
    ],
  ])('%s', (_, statement, who) => {
    expect(letIn(statement).join('\n')).toMatch(who);
  });
});

describe('a kept statement lets in whom it names, and it is no failure', () => {
  it.each<[string, Omit<KeptStatement, 'Effect'>]>([
    ['the own account as a whole', { Principal: { AWS: 'arn:aws:iam::333333333333:root' }, ...assume }],
    ['the own account by its id', { Principal: { AWS: ['333333333333'] }, ...assume }],
    ['an account', { Principal: { AWS: 'arn:aws:iam::666666666666:root' }, ...assume }],
    ['a role of the own account', { Principal: { AWS: 'arn:aws:iam::333333333333:role/admin' }, ...assume }],
    [
      'the organisation',
      { ...everybody, ...assume, Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1234567890' } } },
    ],
    [
      'one account of all',
      { ...everybody, ...assume, Condition: { StringEquals: { 'aws:PrincipalAccount': '666666666666' } } },
    ],
    [
      'a repository',
      { Principal: { Federated: GITHUB }, ...token, Condition: { StringLike: { [GITHUB_SUB]: 'repo:acme/shop:*' } } },
    ],
    [
      'a service account of another cluster',
      {
        Principal: { Federated: OWN.replace(/.$/, 'Z') },
        ...token,
        Condition: {
          StringEquals: { [`${ISSUER.replace(/.$/, 'Z')}:sub`]: 'system:serviceaccount:production:orders-api' },
        },
      },
    ],
  ])('%s', (_, statement) => {
    expect(letIn(statement)).toEqual([]);
  });
});

it('a kept statement that names the whole account is said, though accepted', () => {
  const { accepted } = proofOf({ Principal: { AWS: 'arn:aws:iam::333333333333:root' }, ...assume });
  expect(accepted.map(({ severity, path, who }) => [severity, path, who])).toEqual([
    ['warning', 'workloads.orders-api.role.keepTrust[0]', 'role arn:aws:iam::333333333333:role/other'],
  ]);
  expect(proofOf({ Principal: { AWS: 'arn:aws:iam::333333333333:role/admin' }, ...assume }).accepted).toEqual([]);
});

it.each<[string, Omit<KeptStatement, 'Effect'>]>([
  [
    'other pods of the own cluster',
    {
      Principal: { AWS: '333333333333', Federated: OWN },
      ...token,
      Condition: { StringLike: { [`${ISSUER}:sub`]: 'system:serviceaccount:other:*' } },
    },
  ],
  ['all of GitHub', { Principal: { AWS: '333333333333', Federated: GITHUB }, ...token }],
  [
    'other pods by Pod Identity',
    {
      Principal: { AWS: '333333333333', Service: 'pods.eks.amazonaws.com' },
      Action: ['sts:AssumeRole', 'sts:TagSession'],
    },
  ],
])('a kept statement that names the whole account is not accepted where it lets in %s as well', (_, statement) => {
  expect(failuresOf(statement).filter(({ rule }) => rule === 'proof-attack')).not.toEqual([]);
});

it('a kept statement that leaves the workload on IRSA for ever is a failure: the last step would close nothing', () => {
  const failures = failuresOf({
    Principal: { Federated: OWN },
    ...token,
    Condition: {
      StringEquals: {
        [`${ISSUER}:sub`]: 'system:serviceaccount:production:orders-api',
        [`${ISSUER}:aud`]: 'sts.amazonaws.com',
      },
    },
  });
  expect(failures.map(({ rule }) => rule)).toEqual(['proof-expected-loss']);
});
