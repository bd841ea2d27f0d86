import { type Presence, presenceOf } from '../../src/iam/contextKeys';
import type { Caller } from '../../src/iam/Request';

const ISSUER = 'oidc.eks.eu-west-1.amazonaws.com/id/a1';
const CALLERS = {
  service: { kind: 'service', service: 'pods.eks.amazonaws.com' },
  federated: { kind: 'federated', provider: `arn:aws:iam::111122223333:oidc-provider/${ISSUER.toUpperCase()}` },
  account: { kind: 'account', arn: 'arn:aws:iam::111122223333:root' },
  user: { kind: 'user', arn: 'arn:aws:iam::111122223333:user/ana' },
  role: { kind: 'role', roleArn: 'arn:aws:iam::111122223333:role/orders' },
  session: { kind: 'session', roleArn: 'arn:aws:iam::111122223333:role/orders', sessionName: 'pod' },
  anonymous: { kind: 'anonymous' },
} as const satisfies Record<Caller['kind'], Caller>;

type Kind = Caller['kind'];
const EVERYONE = Object.keys(CALLERS) as Kind[];

/** The presence of a key for each caller that is named; `others` stands for the rest. */
type Row = readonly [key: string, by: Partial<Record<Kind | 'others', Presence>>];

const KEYS: readonly Row[] = [
  ['aws:currenttime', { others: 'always' }],
  ['aws:requestedregion', { others: 'always' }],
  ['aws:viaawsservice', { others: 'always' }],
  ['sts:rolesessionname', { others: 'always' }],
  ['aws:sourceip', { others: 'sometimes' }],
  ['aws:userid', { service: 'sometimes', federated: 'sometimes', anonymous: 'sometimes', others: 'always' }],
  ['aws:username', { user: 'always', account: 'sometimes', others: 'never' }],
  [
    'aws:tokenissuetime',
    { session: 'always', role: 'always', federated: 'never', anonymous: 'never', others: 'sometimes' },
  ],
  ['aws:principaltag/team', { service: 'never', federated: 'never', anonymous: 'never', others: 'sometimes' }],
  ['aws:principalarn', { service: 'never', federated: 'never', anonymous: 'never', others: 'sometimes' }],
  ['aws:principalarnx', { others: 'sometimes' }],
  ['aws:principalorgid', { service: 'never', anonymous: 'never', others: 'sometimes' }],
  ['aws:sourceaccount', { service: 'sometimes', others: 'never' }],
  ['aws:principalservicename', { service: 'sometimes', others: 'never' }],
  ['sts:externalid', { federated: 'never', others: 'sometimes' }],
  // The claims of a token: no service sends them, and a token has those of its own provider.
  [`${ISSUER}:sub`, { federated: 'always', service: 'never', others: 'sometimes' }],
  [`${ISSUER}:aud`, { federated: 'always', service: 'never', others: 'sometimes' }],
  [`${ISSUER}:amr`, { service: 'never', others: 'sometimes' }],
  ['oidc.eks.eu-west-1.amazonaws.com/id/b2:sub', { federated: 'never', service: 'never', others: 'sometimes' }],
  // Keys of a service are no claims, with or without a dot.
  ['ecs:cluster', { others: 'sometimes' }],
  ['iam:some.key', { others: 'sometimes' }],
  ['cognito-identity.amazonaws.com:aud', { others: 'sometimes' }],
];

describe('a condition key of a request to STS', () => {
  it.each(KEYS)('%s is there: %j', (key, by) => {
    const found = EVERYONE.map((kind) => [kind, presenceOf(key, CALLERS[kind])]);
    expect(found).toEqual(EVERYONE.map((kind) => [kind, by[kind] ?? by.others]));
  });

  it('that names the session is a parameter of AssumeRole, and not surely one of TagSession', () => {
    expect(presenceOf('sts:rolesessionname', CALLERS.session, 'sts:AssumeRole')).toBe('always');
    expect(presenceOf('sts:rolesessionname', CALLERS.session, 'STS:TagSession')).toBe('sometimes');
    expect(presenceOf('aws:currenttime', CALLERS.session, 'sts:TagSession')).toBe('always');
  });
});

describe('a condition key of a request to another service', () => {
  it.each<[string, string, Presence]>([
    ['sts:externalid', 's3:GetObject', 'never'],
    ['sts:rolesessionname', 'eks:DescribeCluster', 'never'],
    ['sts:externalid', 'STS:AssumeRole', 'sometimes'],
    ['s3:prefix', 's3:ListBucket', 'sometimes'],
    ['aws:currenttime', 's3:ListBucket', 'always'],
  ])('%s of %s: %s', (key, action, presence) => {
    expect(presenceOf(key, CALLERS.session, action)).toBe(presence);
  });
});
