import { issuerOf } from '../../../src/iam/strangers/callerClasses';
import {
  admitted,
  assume,
  AUD,
  evaluated,
  everyone,
  github,
  GITHUB,
  HOME,
  ISSUER,
  ROLE,
  SUB,
  token,
  type Written,
} from './trust';

const OTHER = '444455556666';
const PODS = ['service accounts', 'namespaces', 'clusters', 'accounts'].map((other) => `pods of other ${other}`);
/** The strangers that are evaluated whatever a trust policy says. */
const ALWAYS = [`tokens ${ISSUER}`, ...PODS, 'untagged pods', 'any account'];
/** Those that a statement for everyone can admit beyond them. */
const OF_EVERYONE = ['any provider', 'any service'];
const principal = (AWS: string): Written => ({ Principal: { AWS }, ...assume });
const under = (key: string, value: string): Written => ({ ...everyone, Condition: { StringEquals: { [key]: value } } });

describe('the strangers that are evaluated', () => {
  it.each<[string, readonly Written[], readonly string[]]>([
    ['are those of the workload’s clusters', [], []],
    [
      'are tokens of a provider that is a principal',
      [github({})],
      ['tokens token.actions.githubusercontent.com', `account ${HOME}`],
    ],
    [
      'are a service that is a principal',
      [{ Principal: { Service: ['ec2.amazonaws.com', 'pods.eks.amazonaws.com'] }, ...assume }],
      ['service ec2.amazonaws.com'],
    ],
    ['are an account that is a principal', [principal(OTHER)], [`account ${OTHER}`]],
    ['are the account of a role that is a principal', [principal(ROLE)], [`account ${HOME}`]],
    ['are all kinds for everyone', [everyone], OF_EVERYONE],
    ['are all kinds for everyone by {"AWS": "*"}', [principal('*')], OF_EVERYONE],
    ['are all kinds for everyone beside others', [principal(OTHER), everyone], [...OF_EVERYONE, `account ${OTHER}`]],
    [
      'are all kinds for everyone but some',
      [{ NotPrincipal: { AWS: OTHER }, ...assume }],
      [...OF_EVERYONE, `account ${OTHER}`],
    ],
    ['are no further kinds for a statement without principals', [{ ...assume }], []],
    ['are no further kinds for a Deny', [{ Effect: 'Deny', ...everyone }], []],
    [
      'are not those that a Deny names',
      [{ Effect: 'Deny', Principal: { Service: 'ec2.amazonaws.com' }, ...assume }],
      [],
    ],
    [
      'are a service that a condition of everyone names',
      [under('aws:PrincipalServiceName', 'sns.amazonaws.com')],
      [...OF_EVERYONE, 'service sns.amazonaws.com'],
    ],
    [
      'are a service of a list of names',
      [under('aws:PrincipalServiceNamesList', 'sns.amazonaws.com')],
      [...OF_EVERYONE, 'service sns.amazonaws.com'],
    ],
    [
      'are a provider that a condition of everyone names',
      [under('aws:FederatedProvider', GITHUB)],
      [...OF_EVERYONE, 'tokens token.actions.githubusercontent.com', `account ${HOME}`],
    ],
    [
      'are a provider whose claim a condition of everyone names, once',
      [under(AUD, 'x'), under(SUB, 'y')],
      [...OF_EVERYONE, 'tokens token.actions.githubusercontent.com'],
    ],
    [
      'are a provider once that is a principal and whose claim has other case',
      [github({}), under(AUD.toUpperCase(), 'x'), under(`${ISSUER}:AUD`, 'x')],
      [...OF_EVERYONE, 'tokens token.actions.githubusercontent.com', `account ${HOME}`],
    ],
    ['are no provider for another key', [under('aws:SourceIp', 'x'), under('sts:ExternalId', 'y')], OF_EVERYONE],
    [
      'are no provider whose claim only a statement for others names',
      [{ ...principal(OTHER), Condition: { StringEquals: { [AUD]: 'x' } } }],
      [`account ${OTHER}`],
    ],
    [
      'are the principals of an organisation',
      [under('aws:PrincipalOrgID', 'o-ab12')],
      [...OF_EVERYONE, 'organisation o-ab12'],
    ],
  ])('%s', (_, statements, further) => {
    const found = evaluated(statements);
    expect(new Set(found)).toEqual(new Set([...ALWAYS, ...further]));
    expect(found.length).toBe(ALWAYS.length + further.length);
  });

  it('are each principal that a statement names which people did not write', () => {
    const [role, user, session] = [ROLE, `arn:aws:iam::${HOME}:user/ana`, `arn:aws:sts::${HOME}:assumed-role/x/ana`];
    const statements = [principal(role), principal(user), principal(session)];
    const found = evaluated([...statements, principal(OTHER), everyone, principal('*')], {
      authored: [statements[0]!],
    });
    expect(found.filter((one) => one.startsWith('principal'))).toEqual([`principal ${user}`, `principal ${session}`]);
    expect(evaluated(statements).filter((one) => one.startsWith('principal'))).toEqual([]);
  });
});

it.each([
  [GITHUB, 'token.actions.githubusercontent.com'],
  [`arn:aws:iam::${HOME}:oidc-provider/login.example/tenant`, 'login.example/tenant'],
  ['accounts.google.com', 'accounts.google.com'],
  ['login.example/tenant', 'login.example/tenant'],
])('the condition keys of %s begin with %s', (provider, issuer) => {
  expect(issuerOf(provider)).toBe(issuer);
});

describe('everyone but some', () => {
  it('are admitted, and those that are excepted are not', () => {
    const rest = { NotPrincipal: { AWS: [`arn:aws:iam::${OTHER}:root`, OTHER] }, ...assume };
    expect(admitted(rest)).toEqual(expect.arrayContaining(['any account', 'any service']));
  });

  it('with tokens of any provider', () => {
    expect(admitted({ NotPrincipal: { AWS: OTHER }, ...token })).toEqual(
      expect.arrayContaining(['any provider', `tokens ${ISSUER}`]),
    );
  });
});
