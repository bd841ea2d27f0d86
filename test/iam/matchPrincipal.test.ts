import { callerNames, matchPrincipal, type CallerNames } from '../../src/iam/matchPrincipal';
import type { Caller } from '../../src/iam/Request';

const roleArn = 'arn:aws-cn:iam::111122223333:role/path/orders';
const user = 'arn:aws-cn:iam::111122223333:user/ana';
const account = { as: 'account', names: ['111122223333', 'arn:aws-cn:iam::111122223333:root'] } as const;

describe('the names of a caller in a policy', () => {
  it.each<[Caller, CallerNames]>([
    [
      { kind: 'service', service: 'ec2.amazonaws.com' },
      { member: 'Service', levels: [{ as: 'direct', names: ['ec2.amazonaws.com'] }] },
    ],
    [
      { kind: 'federated', provider: 'arn:aws:iam::1:oidc-provider/x' },
      { member: 'Federated', levels: [{ as: 'direct', names: ['arn:aws:iam::1:oidc-provider/x'] }] },
    ],
    [{ kind: 'anonymous' }, { member: 'AWS', levels: [{ as: 'direct', names: [] }] }],
    [
      { kind: 'account', arn: 'arn:aws-cn:iam::111122223333:root' },
      { member: 'AWS', levels: [account] },
    ],
    [
      { kind: 'user', arn: user },
      { member: 'AWS', levels: [{ as: 'direct', names: [user] }, account] },
    ],
    [
      { kind: 'role', roleArn },
      { member: 'AWS', levels: [{ as: 'role', names: [roleArn] }, account] },
    ],
    [
      { kind: 'session', roleArn, sessionName: 'pod' },
      {
        member: 'AWS',
        levels: [
          { as: 'direct', names: ['arn:aws-cn:sts::111122223333:assumed-role/orders/pod'] },
          { as: 'role', names: [roleArn] },
          account,
        ],
      },
    ],
    [
      { kind: 'user', arn: 'ana' },
      {
        member: 'AWS',
        levels: [
          { as: 'direct', names: ['ana'] },
          { as: 'account', names: [] },
        ],
      },
    ],
  ])('%j', (caller, expected) => {
    expect(callerNames(caller)).toEqual(expected);
  });
});

describe('a caller that a statement does not except', () => {
  it('is as one whom it names directly', () => {
    const statement = { Effect: 'Deny', NotPrincipal: { AWS: '444455556666' } } as const;
    expect(matchPrincipal(statement, callerNames({ kind: 'user', arn: user }))).toBe('direct');
  });

  it('cannot be, where the statement excepts everyone', () => {
    for (const NotPrincipal of ['*', { AWS: '*' }] as const)
      expect(matchPrincipal({ Effect: 'Allow', NotPrincipal }, callerNames({ kind: 'anonymous' }))).toBeUndefined();
  });
});
