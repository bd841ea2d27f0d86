import type { Statement } from '../../../src/iam/PolicyDocument';
import { onTrust, provedWith } from '../proofFixtures';

const CI = 'arn:aws:iam::333333333333:role/ci';
const BOTH = { Effect: 'Allow', Principal: { AWS: CI }, Action: ['sts:AssumeRole', 'sts:TagSession'] } as const;
const WEB = ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession'] as const;

/** What the proof says of those that choose session tags, if the source role's trust policy has further statements. */
function forging(statements: readonly Statement[], at?: readonly string[], key = 'hops') {
  let added = false;
  return provedWith(key, (parts) => {
    added = false;
    return onTrust((statement) => {
      if (added) return statement;
      added = true;
      return [statement, ...statements] as unknown as Statement;
    }, at)(parts);
  }).failures.filter(({ who, target }) => target === 'ledger' && who.includes('who choose the session tags'));
}

const choosing = (who: string) => `${who}, who choose the session tags themselves on role prod-hops`;

describe('whoever can choose the session tags of the source role gets a target that reads them', () => {
  it.each<[string, Statement, readonly string[]]>([
    ['a role', BOTH, [CI]],
    [
      'members of an organisation',
      { ...BOTH, Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1234567890' } } },
      [
        'principals of account 333333333333 whose own permissions allow it',
        'principals of organisation o-1234567890 whose own permissions allow it',
      ],
    ],
    ['tokens of any provider', { ...BOTH, Principal: '*', Action: WEB }, ['tokens of any identity provider']],
    [
      'tokens of a provider',
      { ...BOTH, Principal: { Federated: 'arn:aws:iam::333333333333:oidc-provider/ci.example.com' }, Action: WEB },
      ['tokens of ci.example.com with other subjects'],
    ],
  ])('%s', (_, statement, who) => {
    const failures = forging([statement], ['pod-identity']);
    expect(failures.flatMap((one) => [one.who, ...(one.also ?? [])])).toEqual(
      expect.arrayContaining(who.map(choosing)),
    );
  });

  it.each<[string, Statement]>([
    ['services', { ...BOTH, Principal: { Service: ['ec2.amazonaws.com', 'pods.eks.amazonaws.com'] } }],
    [
      'tokens of the workload’s own cluster, which have no tags',
      {
        ...BOTH,
        Principal: {
          Federated:
            'arn:aws:iam::333333333333:oidc-provider/oidc.eks.us-west-2.amazonaws.com/id/MAIN0000000000000000000000000000',
        },
        Action: WEB,
      },
    ],
  ])('but not %s', (_, statement) => {
    expect(forging([statement], ['pod-identity'])).toEqual([]);
  });
});

describe('a failure by forged tags', () => {
  it('names the stages at which both roles are open, and the statement that allows the tags', () => {
    const assume = { ...BOTH, Action: 'sts:AssumeRole' };
    const tag = { ...BOTH, Action: 'sts:TagSession' };
    expect(forging([assume, tag], ['pod-identity']).map(({ message }) => message)).toEqual([
      `in prod at pod-identity: ${choosing(CI)} can get role prod-hops-ledger: sts:TagSession is allowed by trust policy of prod-hops, statement 2.`,
    ]);
  });

  it.each<[string, readonly Statement[], string]>([
    [
      'the request, where only it is conditional',
      [
        { ...BOTH, Action: 'sts:AssumeRole', Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } },
        { ...BOTH, Action: 'sts:TagSession' },
      ],
      'sts:AssumeRole depends on the request: allowed if IpAddress aws:SourceIp: "10.0.0.0/8" (trust policy of prod-hops, statement 1)',
    ],
    [
      'the tags, where both are conditional',
      [{ ...BOTH, Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } }],
      'sts:TagSession depends on the request: allowed if IpAddress aws:SourceIp: "10.0.0.0/8" (trust policy of prod-hops, statement 1)',
    ],
  ])('says on which condition it depends: %s', (_, statements, reason) => {
    expect(forging(statements, ['pod-identity']).map(({ message }) => message)).toEqual([
      `in prod at pod-identity: ${choosing(CI)} can get role prod-hops-ledger under conditions: ${reason}`,
    ]);
  });

  it('is none at the stages where the target serves no tagged hop', () => {
    expect(forging([BOTH]).flatMap(({ stages }) => stages)).toEqual(['prepared', 'dual', 'cutover', 'pod-identity']);
  });

  it('comes also from those who must send further tags', () => {
    const statement = { ...BOTH, Condition: { StringEquals: { 'aws:RequestTag/team': 'shop' } } };
    expect(forging([statement], ['pod-identity']).map(({ what }) => what)).toEqual([
      'can get role prod-hops-ledger under conditions',
    ]);
  });
});

it('a target that tells pods apart by the external id reads no tags', () => {
  expect(forging([BOTH], ['pod-identity'], 'untagged-chained')).toEqual([]);
});
