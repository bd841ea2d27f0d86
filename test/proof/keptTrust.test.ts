import { sourceTrust } from '../../src/blueprint/sourceTrust';
import type { KeptStatement, Workload } from '../../src/inventory/Inventory';
import { proveInventory } from '../../src/proof/proveInventory';
import {
  clusterOf,
  environmentOf,
  inventoryOf,
  NO_IMPORTS,
  targetOf,
  workloadOf,
  type WorkloadParts,
} from '../blueprint/inventoryOf';

const CLUSTER = clusterOf();
const ISSUER = CLUSTER.oidc!.issuer.replace('https://', '');
const OWN = `arn:aws:iam::333333333333:oidc-provider/${ISSUER}`;
const GITHUB = 'arn:aws:iam::333333333333:oidc-provider/token.actions.githubusercontent.com';
const GITHUB_SUB = 'token.actions.githubusercontent.com:sub';

function adopting(keepTrust: readonly KeptStatement[]): Workload['role'] {
  return { name: 'legacy', path: '/', adopt: true, tags: {}, imports: NO_IMPORTS, keepTrust };
}

/** What the proof says of a role that keeps statements. */
function proofOfAll(keepTrust: readonly KeptStatement[], parts: WorkloadParts = {}) {
  const workloads = [workloadOf({ role: adopting(keepTrust), ...parts })];
  return proveInventory(inventoryOf(environmentOf({ clusters: [CLUSTER], workloads })), { oncePerGroup: true });
}
const proofOf = (statement: Omit<KeptStatement, 'Effect'>) => proofOfAll([{ Effect: 'Allow', ...statement }]);
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

const HOME = 'arn:aws:iam::333333333333';

describe('a kept statement lets in whom it names exactly, and it is no failure', () => {
  it.each<[string, Omit<KeptStatement, 'Effect'>]>([
    ['a role of the own account', { Principal: { AWS: `${HOME}:role/admin` }, ...assume }],
    ['a user of another account', { Principal: { AWS: 'arn:aws:iam::666666666666:user/ana' }, ...assume }],
    ['a session', { Principal: { AWS: 'arn:aws:sts::333333333333:assumed-role/admin/ana' }, ...assume }],
    [
      'everybody that is one role',
      { ...everybody, ...assume, Condition: { ArnEquals: { 'aws:PrincipalArn': `${HOME}:role/admin` } } },
    ],
    [
      'a branch of a repository',
      {
        Principal: { Federated: GITHUB },
        ...token,
        Condition: { StringEquals: { [GITHUB_SUB]: 'repo:acme/shop:ref:refs/heads/main' } },
      },
    ],
    [
      'a service for the own account',
      {
        Principal: { Service: 'lambda.amazonaws.com' },
        ...assume,
        Condition: { StringEquals: { 'aws:SourceAccount': '333333333333' } },
      },
    ],
    [
      'a service for one resource',
      {
        Principal: { Service: 'events.amazonaws.com' },
        ...assume,
        Condition: { ArnEquals: { 'aws:SourceArn': 'arn:aws:events:eu-west-1:333333333333:rule/nightly' } },
      },
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

describe('a kept statement that admits more than whom it names exactly needs a reason', () => {
  const ROOT = 'principals of account 333333333333 whose own permissions allow it';
  const OTHER = 'principals of account 666666666666 whose own permissions allow it';
  it.each<[string, Omit<KeptStatement, 'Effect'>, readonly string[]]>([
    ['the own account as a whole', { Principal: { AWS: `${HOME}:root` }, ...assume }, [ROOT]],
    ['the own account by its id', { Principal: { AWS: ['333333333333'] }, ...assume }, [ROOT]],
    ['an account', { Principal: { AWS: 'arn:aws:iam::666666666666:root' }, ...assume }, [OTHER]],
    [
      'one account of all',
      { ...everybody, ...assume, Condition: { StringEquals: { 'aws:PrincipalAccount': '666666666666' } } },
      [OTHER],
    ],
    [
      'the organisation',
      { ...everybody, ...assume, Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1234567890' } } },
      [ROOT, 'principals of organisation o-1234567890 whose own permissions allow it'],
    ],
    [
      'a repository',
      { Principal: { Federated: GITHUB }, ...token, Condition: { StringLike: { [GITHUB_SUB]: 'repo:acme/shop:*' } } },
      [`tokens of token.actions.githubusercontent.com with other subjects, by sub "repo:acme/shop:*"`],
    ],
    ['a service', { Principal: { Service: 'ec2.amazonaws.com' }, ...assume }, ['ec2.amazonaws.com for any account']],
  ])('%s', (_, statement, who) => {
    const path = 'workloads.orders-api.role.keepTrust[0]';
    expect(letIn(statement)).toEqual(who);
    const [failure] = failuresOf(statement);
    expect(failure).toMatchObject({
      severity: 'error',
      hint: expect.stringContaining(`${path}: because: "…"`) as string,
    });
    const { failures, accepted } = proofOf({ ...statement, because: 'our deployments use it' });
    expect(failures).toEqual([]);
    expect(accepted.map((one) => [one.severity, one.path, one.who])).toEqual(who.map((one) => ['warning', path, one]));
  });
});

it('a reason in one statement does not cover what another one admits', () => {
  const root = { Effect: 'Allow', Principal: { AWS: `${HOME}:root` }, ...assume } as const;
  const github = { Effect: 'Allow', Principal: { Federated: GITHUB }, ...token } as const;
  const { failures, accepted } = proofOfAll([{ ...root, because: 'break glass' }, github]);
  expect(failures.map(({ path }) => path)).toEqual(['workloads.orders-api.role.keepTrust[1]']);
  expect(accepted.map(({ path }) => path)).toEqual(['workloads.orders-api.role.keepTrust[0]']);
});

it('AWS does not get the reason', () => {
  const role = adopting([{ Effect: 'Allow', Principal: { AWS: `${HOME}:root` }, ...assume, because: 'break glass' }]);
  const workload = workloadOf({ role });
  const environment = environmentOf({ clusters: [CLUSTER], workloads: [workload] });
  expect(JSON.stringify(sourceTrust(environment, workload, [CLUSTER]))).not.toContain('because');
});

describe('a promised path that depends on a condition', () => {
  const deny = {
    Effect: 'Deny',
    Principal: '*',
    Action: 'sts:*',
    Condition: { NotIpAddressIfExists: { 'aws:SourceIp': '10.0.0.0/8' } },
  } as const;

  it('is a failure that names the statement and the line to add', () => {
    const { failures } = proofOfAll([deny]);
    const path = 'workloads.orders-api.role.keepTrust[0]';
    expect(new Set(failures.map(({ rule }) => rule))).toEqual(new Set(['proof-path']));
    for (const failure of failures) {
      expect(failure.what).toMatch(/under conditions/);
      expect(failure.dependsOn?.map(({ key }) => key)).toContain('aws:SourceIp');
      expect(failure.path).toBe(path);
      expect(failure.hint).toContain(`${path}: because: "…"`);
    }
  });

  it('is accepted with a reason in that statement', () => {
    const { failures, accepted } = proofOfAll([{ ...deny, because: 'our pods have these addresses' }]);
    expect(failures).toEqual([]);
    expect(new Set(accepted.map(({ rule, severity }) => `${rule} ${severity}`))).toEqual(
      new Set(['proof-path warning']),
    );
  });

  it('is never accepted where the pods are denied whatever their requests have', () => {
    const { Condition, ...always } = deny;
    const { failures } = proofOfAll([{ ...always, because: 'we closed it' }]);
    expect(failures.map(({ rule }) => rule)).toContain('proof-path');
  });

  it('protects nobody: a Deny whose variable cannot be resolved leaves the account admitted', () => {
    const root = { Effect: 'Allow', Principal: { AWS: `${HOME}:root` }, ...assume } as const;
    const { failures } = proofOfAll([
      root,
      {
        Effect: 'Deny',
        Principal: { AWS: '*' },
        Action: 'sts:AssumeRole',
        Condition: { StringNotEquals: { 'aws:PrincipalTag/team': '${aws:ResourceTag/team}' } },
      },
    ]);
    const attack = failures.find(({ rule }) => rule === 'proof-attack');
    expect(attack?.path).toBe('workloads.orders-api.role.keepTrust[0]');
    expect(attack?.what).toMatch(/under conditions/);
  });
});

describe('whoever may tag sessions of the source role', () => {
  const targets = [targetOf({ via: 'workload' })];
  const ci = `${HOME}:role/ci`;
  const forged = (statements: readonly KeptStatement[]) =>
    proofOfAll(statements, { targets })
      .failures.filter(({ rule }) => rule === 'proof-attack')
      .map(({ path, target, who }) => [path, target, who]);
  const who = `${ci}, who choose the session tags themselves on role legacy`;
  const first = 'workloads.orders-api.role.keepTrust[0]';

  it('gets the targets that read these tags, also where a statement names it exactly', () => {
    const both = { Effect: 'Allow', Principal: { AWS: ci }, Action: ['sts:AssumeRole', 'sts:TagSession'] } as const;
    expect(forged([both])).toEqual([[first, 'ledger', who]]);
    expect(forged([{ ...both, because: 'it acts for the pods' }])).toEqual([]);
  });

  it('is told to lose this action, and not to be named: it is named already', () => {
    const both = { Effect: 'Allow', Principal: { AWS: ci }, Action: ['sts:AssumeRole', 'sts:TagSession'] } as const;
    const [failure] = proofOfAll([both], { targets }).failures;
    expect(failure?.hint).toMatch(/remove sts:TagSession .* If this is intended, add to workloads.orders-api/);
  });

  it('gets them by two statements together as well', () => {
    const statement = (Action: string): KeptStatement => ({ Effect: 'Allow', Principal: { AWS: ci }, Action });
    expect(forged([statement('sts:AssumeRole'), statement('sts:TagSession')])).toEqual([
      ['workloads.orders-api.role.keepTrust[1]', 'ledger', who],
    ]);
  });

  it('gets them where a condition names it exactly', () => {
    const everyone = { Effect: 'Allow', Principal: '*', Action: ['sts:AssumeRole', 'sts:TagSession'] } as const;
    expect(forged([{ ...everyone, Condition: { ArnEquals: { 'aws:PrincipalArn': ci } } }])).toEqual([
      [first, 'ledger', expect.stringMatching(/^principals of account 333333333333/)],
    ]);
  });

  it('gets them with the token of an identity provider that has tags', () => {
    const github: KeptStatement = {
      Effect: 'Allow',
      Principal: { Federated: GITHUB },
      Action: ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession'],
      Condition: { StringEquals: { [GITHUB_SUB]: 'repo:acme/shop:ref:refs/heads/main' } },
    };
    expect(forged([github])).toEqual([[first, 'ledger', expect.stringMatching(/^tokens of token.actions/)]]);
  });

  it('does not get them without sts:TagSession, or where a statement denies the tags', () => {
    const both = { Effect: 'Allow', Principal: { AWS: ci }, Action: ['sts:AssumeRole', 'sts:TagSession'] } as const;
    expect(forged([{ ...both, Action: 'sts:AssumeRole' }])).toEqual([]);
    const denied: KeptStatement = {
      Effect: 'Deny',
      Principal: { AWS: ci },
      Action: '*',
      Condition: { Null: { 'aws:RequestTag/kubernetes-namespace': 'false' } },
    };
    expect(forged([both, denied])).toEqual([]);
  });
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
  expect(failures.map(({ rule, path }) => [rule, path])).toEqual([
    ['proof-expected-loss', 'workloads.orders-api.role.keepTrust[0]'],
  ]);
});
