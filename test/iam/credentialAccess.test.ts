import { type Access, accessOf, eachOnce, hopAccessOf, isSameAccess, withChoice } from '../../src/iam/credentialAccess';
import type { HopRequest } from '../../src/iam/credentialRequests';
import type { DecidingCondition, Decision } from '../../src/iam/Decision';
import type { Statement } from '../../src/iam/PolicyDocument';
import {
  fromSource,
  hop,
  hopStatement,
  permissions,
  SOURCE,
  TARGET,
  trust,
  untagged,
  viaIrsa,
} from './assumeRoleFixtures';

const IP = { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } };
const actionsOf = (decisions: readonly Decision[]) => decisions.map(({ action }) => action);

function condition(
  part: Partial<DecidingCondition> = {},
  of: Partial<DecidingCondition['of']> = {},
): DecidingCondition {
  const statement: Statement = { Effect: 'Allow', Action: '*', Resource: '*' };
  const open = { operator: 'StringEquals', key: 'aws:SourceVpc', wanted: ['vpc-1'], ...part };
  return { ...open, of: { policy: 'trust policy', index: 0, statement, ...of } };
}
const depends = (...dependsOn: DecidingCondition[]): Access => ({ result: 'depends', dependsOn });
const ALLOWED: Access = { result: 'allowed' };
const DENIED: Access = { result: 'denied', denied: [] };

describe('the access to a role', () => {
  const open = (Action: string | string[]) => trust(hopStatement(Action, { ...fromSource, ...IP }));

  it('is allowed where all actions are', () => {
    expect(accessOf(hop)).toEqual(ALLOWED);
    expect(accessOf(viaIrsa)).toEqual(ALLOWED);
  });

  it('depends on a condition of two actions once', () => {
    const access = accessOf({ ...hop, trust: open(['sts:AssumeRole', 'sts:TagSession']), completeKeys: [] });
    expect(access).toMatchObject({
      result: 'depends',
      dependsOn: [{ operator: 'IpAddress', key: 'aws:SourceIp', wanted: ['203.0.113.0/24'] }],
    });
    expect(access).toHaveProperty('dependsOn.length', 1);
  });

  it('depends on the condition of one action where the other is allowed', () => {
    const statements = trust(untagged, hopStatement('sts:TagSession', IP));
    expect(accessOf({ ...hop, trust: statements, completeKeys: [] })).toMatchObject({
      result: 'depends',
      dependsOn: [{ key: 'aws:SourceIp', of: { index: 1 } }],
    });
  });

  it('is denied with the denied action alone, where the other is allowed', () => {
    expect(accessOf({ ...hop, trust: trust(untagged) })).toMatchObject({
      result: 'denied',
      denied: [{ action: 'sts:TagSession', reason: 'no resource policy allows it' }],
    });
  });

  it('is denied with the denied action alone, where the other depends', () => {
    const access = accessOf({ ...hop, trust: open('sts:AssumeRole'), completeKeys: [] });
    expect(access.result === 'denied' && actionsOf(access.denied)).toEqual(['sts:TagSession']);
  });
});

describe('conditions, each once', () => {
  it.each<[string, DecidingCondition]>([
    ['operator', condition({ operator: 'StringLike' })],
    ['key', condition({ key: 'aws:SourceIp' })],
    ['value', condition({ wanted: ['vpc-2'] })],
    ['policy', condition({}, { policy: 'permissions' })],
    ['statement', condition({}, { index: 1 })],
  ])('are two with another %s', (_, other) => {
    expect(eachOnce([condition(), other, condition()])).toEqual([condition(), other]);
  });
});

describe('two results', () => {
  const deny = { statement: { Effect: 'Deny', Action: '*' } as const };

  it.each<[string, Access, Access, boolean]>([
    ['both allowed', ALLOWED, ALLOWED, true],
    ['both denied, for whatever reason', DENIED, { result: 'denied', denied: [] }, true],
    ['allowed and denied', ALLOWED, DENIED, false],
    ['allowed and dependent', ALLOWED, depends(), false],
    ['denied and dependent', DENIED, depends(), false],
    ['dependent on the same', depends(condition()), depends(condition()), true],
    ['dependent on the same in another statement', depends(condition()), depends(condition({}, { index: 1 })), true],
    ['dependent on the same in another policy', depends(condition()), depends(condition({}, { policy: 'p' })), true],
    ['dependent on a key in capitals', depends(condition()), depends(condition({ key: 'AWS:SOURCEVPC' })), true],
    [
      'dependent on values in another order',
      depends(condition({ wanted: ['a', 'b'] })),
      depends(condition({ wanted: ['b', 'a'] })),
      true,
    ],
    [
      'dependent on conditions in another order, one of them twice',
      depends(condition(), condition({ key: 'aws:SourceIp' }), condition({}, { index: 1 })),
      depends(condition({ key: 'aws:SourceIp' }), condition()),
      true,
    ],
    ['dependent on another operator', depends(condition()), depends(condition({ operator: 'StringLike' })), false],
    ['dependent on another key', depends(condition()), depends(condition({ key: 'aws:SourceIp' })), false],
    ['dependent on another value', depends(condition()), depends(condition({ wanted: ['vpc-2'] })), false],
    ['dependent on a further condition', depends(condition()), depends(condition(), condition({ key: 'a:b' })), false],
    ['dependent on the condition of a Deny', depends(condition()), depends(condition({}, deny)), false],
  ])('%s', (_, one, other, expected) => {
    expect(isSameAccess(one, other)).toBe(expected);
    expect(isSameAccess(other, one)).toBe(expected);
  });
});

describe('the access of a caller that can choose a part of its request', () => {
  const OPEN = depends(condition());

  it.each<[string, Access, Access, Access]>([
    ['allowed as usual', ALLOWED, OPEN, ALLOWED],
    ['open as usual', OPEN, ALLOWED, OPEN],
    ['denied as usual, open by choice', DENIED, OPEN, OPEN],
    ['denied as usual and by choice', DENIED, { result: 'denied', denied: [] }, DENIED],
  ])('%s', (_, usual, chosen, expected) => {
    expect(withChoice(usual, () => chosen)).toBe(expected);
  });

  it('is not asked for its choice where it is not denied', () => {
    const chosen = jest.fn(() => DENIED);
    withChoice(ALLOWED, chosen);
    expect(chosen).not.toHaveBeenCalled();
  });
});

describe('a hop', () => {
  const request: HopRequest = {
    ...hop,
    caller: { kind: 'session', roleArn: SOURCE, sessionName: 'pod' },
    completeKeys: [],
  };
  const silent = { name: 'permissions', document: { Statement: [] } };
  const denying = {
    name: 'permissions',
    document: { Statement: { Effect: 'Deny', Action: 'sts:TagSession', Resource: '*' } },
  } as const;

  function ends(part: Partial<HopRequest>) {
    const access = hopAccessOf({ ...request, ...part });
    if (access.result !== 'denied') return access.result;
    return { source: actionsOf(access.denied.source), target: actionsOf(access.denied.target) };
  }

  it('is allowed where both ends allow', () => {
    expect(ends({})).toBe('allowed');
  });

  it('depends where an end depends', () => {
    const open = trust(hopStatement(['sts:AssumeRole', 'sts:TagSession'], IP));
    expect(ends({ trust: open })).toBe('depends');
  });

  const both = ['sts:AssumeRole', 'sts:TagSession'];
  it.each<[string, Partial<HopRequest>, { source: string[]; target: string[] }]>([
    ['its source, without permission', { callerPolicies: { identity: [silent] } }, { source: both, target: [] }],
    ['its target, without a statement', { trust: trust() }, { source: [], target: both }],
    [
      'both ends',
      { callerPolicies: { identity: [silent] }, trust: trust(untagged) },
      { source: both, target: ['sts:TagSession'] },
    ],
    [
      'its source for one action',
      { callerPolicies: { identity: [permissions, denying] } },
      { source: ['sts:TagSession'], target: [] },
    ],
  ])('is denied by %s', (_, part, expected) => {
    expect(ends(part)).toStrictEqual(expected);
  });

  it('is denied at its source only by what the whole denies', () => {
    // In the account of the role, a trust policy that names the caller's role allows without permission; only the tags are denied.
    const home = { ...request, roleArn: TARGET.replace('444444444444', '333333333333') };
    const byName: Statement = { Effect: 'Allow', Principal: { AWS: request.caller.roleArn }, Action: 'sts:AssumeRole' };
    const access = hopAccessOf({ ...home, callerPolicies: { identity: [silent] }, trust: trust(byName) });
    expect(access.result === 'denied' && actionsOf(access.denied.source)).toEqual(['sts:TagSession']);
    expect(access.result === 'denied' && actionsOf(access.denied.target)).toEqual(['sts:TagSession']);
  });

  it('is explained by one end even where the other end alone depends', () => {
    const open = trust(hopStatement(both, IP));
    expect(ends({ callerPolicies: { identity: [silent] }, trust: open })).toStrictEqual({
      source: both,
      target: [],
    });
  });
});
