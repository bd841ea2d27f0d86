import { strangersOf } from '../../../src/iam/strangers/strangersOf';
import { assume, classesOf, everyone, github, HOME, OWN, pods, ROLE, strangers, type Written } from './trust';

const account: Written = { Principal: { AWS: HOME }, ...assume };
const tagged = (value: string): Written => ({
  ...account,
  Condition: { StringEquals: { 'aws:PrincipalTag/a': value } },
});
/** For each stranger the positions of the statements that admit it. */
const positions = (...written: readonly Written[]) =>
  strangers(written).map(({ through }) => through.map(({ decidedBy }) => decidedBy?.index));
const only = (found: readonly (readonly (number | undefined)[])[]) => [...new Set(found.map((one) => one.join()))];

describe('a stranger is admitted through', () => {
  it('each statement that admits it, at its position', () => {
    const other = github({ StringEquals: { x: 'y' } });
    expect(only(positions(other, account, tagged('1'), tagged('2')))).toContain('1,2,3');
    const deny: Written = { Effect: 'Deny', Principal: '*', Action: 'sts:TagSession' };
    expect(only(positions(tagged('1'), deny, tagged('2')))).toEqual(['0,2']);
  });

  it('no statement for others', () => {
    const ec2: Written = { Principal: { Service: 'ec2.amazonaws.com' }, ...assume };
    expect(only(positions(ec2, account))).toEqual(['0', '1']);
  });

  it('a statement without sts:TagSession, if another one allows it', () => {
    const both = pods();
    const halves = (['sts:AssumeRole', 'sts:TagSession'] as const).map((Action): Written => ({ ...both, Action }));
    expect(only(positions(...halves))).toEqual(['0']);
    const untagged = strangers(halves.slice(0, 1)).map(({ stranger }) => stranger.kind);
    expect(new Set(untagged)).toEqual(new Set(['untagged pods', 'pods']));
  });

  it('a statement under the conditions of those that deny', () => {
    const deny: Written = {
      Effect: 'Deny',
      ...everyone,
      Condition: { NotIpAddress: { 'aws:SourceIp': '10.0.0.0/8' } },
    };
    const [free] = strangers([account]);
    expect(free?.through.map(({ allowed, dependsOn }) => [allowed, dependsOn])).toEqual([[true, undefined]]);
    const [found] = strangers([account, tagged('1'), deny]);
    expect(found?.through.map(({ dependsOn }) => dependsOn?.map(({ key }) => key))).toEqual([
      ['aws:SourceIp'],
      expect.arrayContaining(['aws:PrincipalTag/a', 'aws:SourceIp']) as string[],
    ]);
  });
});

it('all strangers are counted that are evaluated', () => {
  const policy = { name: 'trust', document: { Version: '2012-10-17', Statement: [] } } as const;
  expect(strangersOf(ROLE, policy, OWN)).toEqual({ admitted: [], evaluated: classesOf([]).length });
});
