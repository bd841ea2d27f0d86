import { EVERYTHING, principal } from '../../../src/iam/strangers/principals';
import { admittedWhere, assume, everyone, HOME, requestsOf, ROLE, type Written } from './trust';

const OTHER = '444455556666';
const ANY = { like: '*', except: [] };
const asPrincipal = { operation: 'sts:AssumeRole', callerPolicies: { identity: [EVERYTHING] }, completeKeys: [] };
const arnOf = (resource: string, service = 'iam') => `arn:aws:${service}::${HOME}:${resource}`;
const session = (roleArn: string, sessionName: string) => ({ kind: 'session', roleArn, sessionName });
const requests = (arn: string, others: readonly string[] = []) => principal(arn, others).map(({ attempt }) => attempt);

describe('the ARN of a principal names', () => {
  it('a user', () => {
    const arn = arnOf('user/team/ana');
    expect(principal(arn, [])).toEqual([
      { stranger: { kind: 'principal', arn }, attempt: { ...asPrincipal, caller: { kind: 'user', arn } } },
    ]);
  });

  it('any session of a role', () => {
    const arn = arnOf('role/ci/admin');
    expect(principal(arn, [arn])).toEqual([
      {
        stranger: { kind: 'principal', arn },
        attempt: { ...asPrincipal, caller: session(arn, 'podlift-no-such-name') },
      },
    ]);
  });

  it('one session, of a role whose path the ARN does not have', () => {
    const arn = arnOf('assumed-role/admin/ana', 'sts');
    expect(principal(arn, [])).toEqual([
      {
        stranger: { kind: 'principal', arn },
        attempt: {
          ...asPrincipal,
          caller: session(arnOf('role/admin'), 'ana'),
          sets: { 'aws:PrincipalArn': { like: arnOf('role/*admin'), except: [] } },
        },
      },
    ]);
  });

  it('a session of each role with its name that is named too', () => {
    const [arn, withPath] = [arnOf('assumed-role/admin/ana/x', 'sts'), arnOf('role/ci/admin')];
    const others = [arn, arnOf('role/admin'), withPath, arnOf('role/other'), arnOf('user/admin')];
    const [open, ...roles] = requests(arn, others);
    expect(open?.caller).toEqual(session(arnOf('role/admin'), 'ana/x'));
    expect(roles).toEqual([{ ...asPrincipal, caller: session(withPath, 'ana/x') }]);
  });

  it.each([
    ['an account', arnOf('root')],
    ['an account by its id', HOME],
    ['everyone', '*'],
    ['a role of another service', arnOf('role/x', 's3')],
    ['a user of another service', arnOf('user/x', 's3')],
    ['a session of another service', arnOf('assumed-role/x/y')],
    ['a federated user', arnOf('federated-user/ana', 'sts')],
    ['a group', arnOf('group/admins')],
  ])('no principal for %s', (_, arn) => {
    expect(principal(arn, [])).toEqual([]);
  });
});

describe('a principal that people did not write is a stranger', () => {
  const given = { authored: [] };
  const by = (...AWS: string[]): Written => ({ Principal: { AWS }, ...assume });

  it('if the trust policy admits the principal', () => {
    const all = [ROLE, arnOf('user/ana'), arnOf('assumed-role/x/ana', 'sts')];
    expect(admittedWhere(given, by(...all))).toEqual(all.map((arn) => `principal ${arn}`));
    expect(admittedWhere(given, by(...all), { Effect: 'Deny', ...by(ROLE) })).toEqual(
      all.slice(1).map((arn) => `principal ${arn}`),
    );
  });

  it('and all principals of an account, whoever wrote it', () => {
    expect(admittedWhere(given, by(OTHER))).toEqual([`account ${OTHER}`]);
    expect(admittedWhere({ authored: [by(OTHER)] }, by(OTHER))).toEqual([`account ${OTHER}`]);
  });

  it('and one that a condition names', () => {
    const condition = { ...everyone, Condition: { ArnEquals: { 'aws:PrincipalArn': ROLE } } };
    expect(admittedWhere(given, condition)).toEqual([`account ${HOME}`]);
    expect(admittedWhere({ authored: [condition] }, condition)).toEqual([]);
  });
});

describe('the principals of an account', () => {
  const condition: Written = {
    Principal: { AWS: OTHER },
    ...assume,
    Condition: { StringEquals: { 'aws:PrincipalArn': ROLE, 'aws:SourceAccount': 'x' } },
  };

  it('are its roles and its users, but those that conditions name', () => {
    const arns = (kind: string) => ({ like: `arn:*:iam::${OTHER}:${kind}/*`, except: [], exceptTexts: [ROLE] });
    const [name, path] = ['podlift-no-such-name', `arn:aws-cn:iam::${OTHER}`];
    expect(requestsOf(`account ${OTHER}`, [condition], { own: { partition: 'aws-cn' } })).toEqual([
      { ...asPrincipal, caller: session(`${path}:role/${name}`, name), sets: { 'aws:PrincipalArn': arns('role') } },
      {
        ...asPrincipal,
        caller: { kind: 'user', arn: `${path}:user/${name}` },
        sets: { 'aws:username': ANY, 'aws:PrincipalArn': arns('user') },
      },
    ]);
  });

  it('have every permission in their own account', () => {
    expect(EVERYTHING.document.Statement).toEqual({ Effect: 'Allow', Action: '*', Resource: '*' });
  });

  it.each<[string, Written['Condition'], readonly string[]]>([
    ['roles', { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/*' } }, [`account ${OTHER}`]],
    ['users', { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:user/*' } }, [`account ${OTHER}`]],
    ['users by name', { StringLike: { 'aws:username': 'ana*' } }, [`account ${OTHER}`]],
    ['one role that the condition names', { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${OTHER}:role/x` } }, []],
  ])('are admitted as %s', (_, Condition, expected) => {
    expect(admittedWhere({}, { Principal: { AWS: OTHER }, ...assume, Condition: Condition! })).toEqual(expected);
  });
});

describe('the principals of accounts that no statement mentions', () => {
  const accounts = { 'aws:PrincipalAccount': { like: '*', except: [OTHER] } };
  const arns = (kind: string) => ({
    'aws:PrincipalArn': { like: `arn:*:iam::*:${kind}/*`, except: [`arn:*:iam::${OTHER}:*`] },
  });
  const mention = (id: string, ...organisations: string[]): Written => ({
    Principal: { AWS: id },
    ...assume,
    ...(organisations.length === 0
      ? {}
      : {
          Condition: {
            StringEquals: { 'aws:PrincipalOrgID': organisations[0]!, 'aws:PrincipalTag/a': 'o-ef56/r-x' },
            'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': organisations.slice(1) },
          },
        }),
  });

  it('are roles and users of any other account', () => {
    const found = requestsOf('any account', [mention(OTHER)]);
    expect(found.map(({ sets }) => sets)).toEqual([
      { ...accounts, ...arns('role') },
      { ...accounts, ...arns('user'), 'aws:username': ANY },
    ]);
    expect(found.map(({ callerPolicies }) => callerPolicies)).toEqual(found.map(() => asPrincipal.callerPolicies));
  });

  it('have an account of their own', () => {
    const accountOf = (...ids: string[]) => {
      const [role] = requestsOf(
        'any account',
        ids.map((id) => mention(id)),
      );
      return role?.caller.kind === 'session' && role.caller.roleArn.split(':')[4];
    };
    expect(accountOf(OTHER)).toBe('999999999999');
    expect(accountOf('999999999999', '999999999998')).toBe('999999999997');
  });

  it('are of an organisation that statements name, of another one, or of none', () => {
    const statements = [mention(OTHER, 'o-ab12', 'o-cd34/r-x/*', 'o-ab12/*', 'xo-ef56/r-x/*', '*')];
    const sets = { ...accounts, ...arns('role') };
    const [first] = requestsOf('organisation o-ab12', statements);
    expect(first).toMatchObject({
      context: { 'aws:PrincipalOrgID': 'o-ab12' },
      sets: { ...sets, 'aws:PrincipalOrgPaths': { like: 'o-ab12/*', except: [] } },
    });
    expect(requestsOf('organisation o-cd34', statements)).toHaveLength(2);
    const [others, none] = requestsOf('any account', statements);
    expect(others?.context).toBeUndefined();
    expect(others?.sets).toEqual({
      ...sets,
      'aws:PrincipalOrgID': { like: '*', except: ['o-ab12', 'o-cd34'] },
      'aws:PrincipalOrgPaths': { like: '*', except: ['o-ab12/*', 'o-cd34/*'] },
    });
    expect(none).toMatchObject({ context: { 'aws:PrincipalOrgID': [], 'aws:PrincipalOrgPaths': [] }, sets });
    expect(requestsOf('any account', statements)).toHaveLength(4);
  });

  it.each<[string, Written['Condition'], readonly string[]]>([
    ['of a named one', { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } }, ['organisation o-1']],
    [
      'of a named one or of none',
      { StringEqualsIfExists: { 'aws:PrincipalOrgID': 'o-1' } },
      ['untagged pods', 'pods of other accounts', 'any service', 'organisation o-1', 'any account'],
    ],
    [
      'of no organisation',
      { Null: { 'aws:PrincipalOrgID': 'true', 'aws:PrincipalOrgPaths': 'true', 'aws:PrincipalArn': 'false' } },
      ['any account'],
    ],
  ])('are admitted where the organisation has to be one %s', (_, Condition, expected) => {
    expect(admittedWhere({}, { ...everyone, Condition: Condition! })).toEqual(expected);
  });
});
