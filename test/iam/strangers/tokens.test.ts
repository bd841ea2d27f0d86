import {
  admitted,
  assume,
  AUD,
  cluster,
  everyone,
  github,
  GITHUB,
  HOME,
  ISSUER,
  PROVIDER,
  requestsOf,
  SUB,
  token,
  type Written,
} from './trust';

const ANY = { like: '*', except: [] };
const own = { [`${ISSUER}:sub`]: 'system:serviceaccount:shop:w' };

describe('the requests with tokens', () => {
  it('of the own cluster have the subject of any other service account, and no session tags', () => {
    expect(requestsOf(`tokens ${ISSUER}`, [cluster({})])).toEqual([
      {
        caller: { kind: 'federated', provider: PROVIDER },
        operation: 'sts:AssumeRoleWithWebIdentity',
        sets: {
          [`${ISSUER}:sub`]: {
            like: 'system:serviceaccount:*:*',
            except: ['system:serviceaccount:shop:w'],
            lowerCase: true,
          },
          [`${ISSUER}:aud`]: ANY,
        },
        completeKeys: ['aws:requesttag/', 'aws:tagkeys', 'sts:transitivetagkeys'],
      },
    ]);
  });

  it('of another provider have any subject but those that conditions name', () => {
    const statements = [github({ StringEquals: { [SUB.toUpperCase()]: 'repo:a', [AUD]: 'x' } }), github({})];
    expect(requestsOf('tokens token.actions.githubusercontent.com', statements)).toEqual([
      {
        caller: { kind: 'federated', provider: GITHUB },
        operation: 'sts:AssumeRoleWithWebIdentity',
        sets: { [SUB]: { ...ANY, exceptTexts: ['repo:a'] }, [AUD]: ANY },
        completeKeys: [],
      },
    ]);
  });

  it('of any provider have its name as a value that is not known', () => {
    const found = requestsOf('any provider', [everyone]);
    expect(found.map(({ operation }) => operation)).toEqual([
      'sts:AssumeRoleWithWebIdentity',
      'sts:AssumeRoleWithSAML',
    ]);
    expect(found.map(({ sets }) => sets?.['aws:FederatedProvider'])).toEqual([ANY, ANY]);
  });
});

describe('a statement admits tokens', () => {
  const GITHUB_TOKENS = ['tokens token.actions.githubusercontent.com'];
  it.each<[string, readonly Written[], readonly string[]]>([
    [
      'with any audience of the own cluster',
      [cluster({ StringEquals: { [`${ISSUER}:aud`]: 'x' } })],
      [`tokens ${ISSUER}`],
    ],
    ['of another provider with session tags', [github({ StringLike: { 'aws:RequestTag/team': '*' } })], GITHUB_TOKENS],
    ['of another provider with tag keys', [github({ Null: { 'aws:TagKeys': 'false' } })], GITHUB_TOKENS],
    [
      'of a provider by its name',
      [
        {
          Principal: '*',
          ...token,
          Condition: { StringLike: { 'aws:FederatedProvider': '*:oidc-provider/x.example' } },
        },
      ],
      ['any provider'],
    ],
    [
      'of a provider by its exact name',
      [{ Principal: '*', ...token, Condition: { ArnEquals: { 'aws:FederatedProvider': GITHUB } } }],
      GITHUB_TOKENS,
    ],
    [
      'of a directory by its name',
      [
        {
          Principal: '*',
          Action: 'sts:AssumeRoleWithSAML',
          Condition: { StringLike: { 'aws:FederatedProvider': `arn:aws:iam::${HOME}:saml-provider/*` } },
        },
      ],
      ['any provider'],
    ],
  ])('%s', (_, statements, expected) => {
    expect(admitted(...statements)).toEqual(expect.arrayContaining([...expected]));
  });

  it.each<[string, Written]>([
    ['with session tags, which those of a cluster do not have', cluster({ StringLike: { 'aws:RequestTag/a': '*' } })],
    ['with tag keys, which those of a cluster do not have', cluster({ Null: { 'aws:TagKeys': 'false' } })],
    [
      'with transitive tags, which those of a cluster do not have',
      cluster({ Null: { 'sts:TransitiveTagKeys': 'false' } }),
    ],
    [
      'with capital letters, which no service account has',
      cluster({ StringEquals: { [`${ISSUER}:sub`]: 'system:serviceaccount:shop:Admin' } }),
    ],
    ['with a subject of no service account', cluster({ StringEquals: { [`${ISSUER}:sub`]: 'admin' } })],
    ['of the workload', cluster({ StringEquals: own })],
    ['by an action that takes none', { Principal: { Federated: [PROVIDER, GITHUB] }, ...assume }],
  ])('but none %s', (_, statement) => {
    expect(admitted(statement)).toEqual([]);
  });
});
