import type { Caller, Request } from '../../src/iam/Request';
import { requestContext } from '../../src/iam/requestContext';

const caller: Caller = { kind: 'session', roleArn: 'arn:aws:iam::111122223333:role/orders', sessionName: 'pod' };
const request: Request = { caller, action: 'sts:AssumeRole', resource: '*', context: { 'aws:SourceVpc': 'vpc-1' } };
const ANY = { like: '*', except: [] };

describe('a request that is completely known', () => {
  it('has no other key', () => {
    const { get, presence, setOf } = requestContext(request);
    expect(get('aws:sourcevpc')).toEqual(['vpc-1']);
    expect([presence, setOf]).toEqual([undefined, undefined]);
  });

  it('may have more values of an open list', () => {
    const { canHaveMore, presence } = requestContext({ ...request, openLists: ['aws:TagKeys'] });
    expect(canHaveMore?.('aws:tagkeys')).toBe(true);
    expect(canHaveMore?.('aws:sourcevpc')).toBe(false);
    expect(presence).toBeUndefined();
  });
});

describe('a request of which a part is not known', () => {
  const partly = requestContext({
    ...request,
    completeKeys: ['aws:TagKeys', 'aws:PrincipalTag/', 'oidc.example.com:'],
  });

  it.each([
    ['a key that it has', 'aws:sourcevpc', 'never'],
    ['a key that its caller implies', 'aws:principalarn', 'never'],
    ['a key that is known to be absent', 'aws:tagkeys', 'never'],
    ['a key that begins like one that is absent', 'aws:tagkeysx', 'sometimes'],
    ['a key of a group that is known to be absent', 'aws:principaltag/team', 'never'],
    ['a claim of a provider that is known to be absent', 'oidc.example.com:sub', 'never'],
    ['a key of which nothing is known', 'aws:sourceip', 'sometimes'],
    ['a key that every request has', 'aws:currenttime', 'always'],
  ])('has no other value of %s: %s, %s', (_, key, expected) => {
    expect(partly.presence?.(key)).toBe(expected);
  });

  it('may lack a part of what depends on its action', () => {
    const other = requestContext({ ...request, action: 's3:GetObject', completeKeys: [] });
    expect(other.presence?.('sts:externalid')).toBe('never');
  });
});

describe('a request with a key of which only a set of values is known', () => {
  const { get, presence, setOf } = requestContext({
    ...request,
    sets: { 'aws:PrincipalArn': ANY, 'aws:SourceVpc': ANY },
  });

  it('has the key, with one of these values instead of that of its caller', () => {
    expect(get('aws:principalarn')).toBeUndefined();
    expect(presence?.('aws:principalarn')).toBe('always');
    expect(setOf?.('aws:principalarn')).toBe(ANY);
  });

  it('has a value that the request gives, whatever the set', () => {
    expect(get('aws:sourcevpc')).toEqual(['vpc-1']);
    expect(presence?.('aws:sourcevpc')).toBe('never');
  });

  it('has no other key, if nothing says that its context is not complete', () => {
    expect(presence?.('aws:currenttime')).toBe('never');
    expect(setOf?.('aws:currenttime')).toBeUndefined();
  });
});
