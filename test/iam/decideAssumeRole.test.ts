import fc from 'fast-check';
import { decideAssumeRole } from '../../src/iam/decideAssumeRole';
import type { AssumeRoleAttempt } from '../../src/iam/decideAssumeRole';
import type { NamedPolicy } from '../../src/iam/Decision';
import type { Statement } from '../../src/iam/PolicyDocument';
import {
  TARGET,
  CLUSTER,
  ISSUER,
  PROVIDER,
  tags,
  trust,
  podIdentity,
  viaPodIdentity,
  viaIrsa,
  permissions,
  hopStatement,
  fromSource,
  tagged,
  untagged,
  hop,
} from './assumeRoleFixtures';

describe('a pod on Pod Identity', () => {
  it('gets the role, and may tag its session', () => {
    const decision = decideAssumeRole(viaPodIdentity);
    expect(decision.allowed).toBe(true);
    expect(decision.assume).toMatchObject({ action: 'sts:AssumeRole', decidedBy: { index: 1 } });
    expect(decision.tagSession).toMatchObject({ allowed: true, action: 'sts:TagSession', decidedBy: { index: 1 } });
  });

  it.each<[string, Partial<AssumeRoleAttempt>]>([
    ['another namespace', { tags: { ...tags, 'kubernetes-namespace': 'media' } }],
    ['another service account', { tags: { ...tags, 'kubernetes-service-account': 'thumbnails' } }],
    ['another cluster', { tags: { ...tags, 'eks-cluster-arn': `${CLUSTER}-batch` } }],
    ['another account', { context: { 'aws:SourceAccount': '999999999999' } }],
    ['another service', { caller: { kind: 'service', service: 'ec2.amazonaws.com' } }],
    ['no tags', { tags: {} }],
    ['the other operation', { operation: 'sts:AssumeRoleWithWebIdentity' }],
  ])('of %s is denied', (_, change) => {
    expect(decideAssumeRole({ ...viaPodIdentity, ...change }).allowed).toBe(false);
  });

  it('is denied by a trust policy that leaves out sts:TagSession', () => {
    const decision = decideAssumeRole({
      ...viaPodIdentity,
      trust: trust({ ...podIdentity, Action: 'sts:AssumeRole' }),
    });
    expect(decision).toMatchObject({ allowed: false, assume: { allowed: true }, tagSession: { allowed: false } });
  });
});

describe('a pod on IRSA', () => {
  it('gets the role without a word on tags', () => {
    const decision = decideAssumeRole(viaIrsa);
    expect(decision).toMatchObject({ allowed: true, assume: { decidedBy: { index: 0 } } });
    expect(decision).not.toHaveProperty('tagSession');
  });

  it.each<[string, Partial<AssumeRoleAttempt>]>([
    [
      'another subject',
      { context: { ...viaIrsa.context, [`${ISSUER}:sub`]: 'system:serviceaccount:production:other' } },
    ],
    ['another audience', { context: { ...viaIrsa.context, [`${ISSUER}:aud`]: 'vault' } }],
    ['another cluster', { caller: { kind: 'federated', provider: `${PROVIDER}2` } }],
  ])('with %s is denied', (_, change) => {
    expect(decideAssumeRole({ ...viaIrsa, ...change }).allowed).toBe(false);
  });
});

describe('the hop to a target role', () => {
  it('is allowed with the tags that the session inherited', () => {
    expect(decideAssumeRole(hop)).toMatchObject({
      allowed: true,
      assume: { allowed: true },
      tagSession: { allowed: true },
    });
  });

  it('without tags passes only a statement that asks for none', () => {
    const bare = { ...hop, inheritedTags: {} };
    expect(decideAssumeRole(bare).allowed).toBe(false);
    expect(decideAssumeRole({ ...bare, trust: trust(untagged, tagged) })).toMatchObject({
      allowed: true,
      assume: { decidedBy: { index: 0 } },
    });
  });

  it('with tags is refused where only sts:AssumeRole is trusted', () => {
    expect(decideAssumeRole({ ...hop, trust: trust(untagged) })).toMatchObject({
      allowed: false,
      assume: { allowed: true },
      tagSession: { allowed: false },
    });
  });

  it('with tags is refused where the caller may not tag', () => {
    const Statement: Statement = { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: TARGET };
    const identity = [{ name: 'permissions', document: { Version: '2012-10-17', Statement } as const }];
    const decision = decideAssumeRole({ ...hop, callerPolicies: { identity } });
    expect(decision.tagSession?.reason).toBe('no identity policy allows it');
    expect(decision.allowed).toBe(false);
  });

  it('is limited by boundary and session policies of the caller', () => {
    const silent: NamedPolicy = {
      name: 'silent',
      document: { Statement: { Effect: 'Allow', Action: 's3:*', Resource: '*' } },
    };
    const identity = [permissions];
    expect(decideAssumeRole({ ...hop, callerPolicies: { identity, boundary: silent } }).assume.reason).toBe(
      'permissions boundary does not allow it',
    );
    expect(decideAssumeRole({ ...hop, callerPolicies: { identity, session: [silent] } }).assume.reason).toBe(
      'session policy does not allow it',
    );
  });

  it('carries the external id to sts:AssumeRole, not to sts:TagSession', () => {
    const external = { ...fromSource, StringEquals: { 'sts:ExternalId': 'region/account/cluster/ns/sa' } };
    const attempt = { ...hop, context: { 'STS:ExternalID': 'region/account/cluster/ns/sa' } };
    const together = trust(hopStatement(['sts:AssumeRole', 'sts:TagSession'], external));
    expect(decideAssumeRole({ ...attempt, trust: together })).toMatchObject({
      allowed: false,
      assume: { allowed: true },
    });
    const apart = trust(hopStatement('sts:AssumeRole', external), hopStatement('sts:TagSession', fromSource));
    expect(decideAssumeRole({ ...attempt, trust: apart }).allowed).toBe(true);
  });
});

describe('the keys of sts:TagSession', () => {
  it.each(['sts:ExternalId', 'sts:RoleSessionName', 'sts:SourceIdentity'])(
    'have no %s, unlike sts:AssumeRole',
    (key) => {
      const attempt = { ...hop, context: { [key]: 'x' } };
      const withKey = hopStatement('sts:AssumeRole', { StringEquals: { [key]: 'x' } });
      const without = hopStatement('sts:TagSession', { Null: { [key]: 'true' } });
      expect(decideAssumeRole({ ...attempt, trust: trust(withKey, without) }).allowed).toBe(true);
    },
  );
});

describe('the tags of an attempt', () => {
  it('go along to the next hop only if the attempt says so', () => {
    const Condition = { Null: { 'sts:TransitiveTagKeys': 'true' } };
    const attempt: AssumeRoleAttempt = { ...hop, trust: trust(hopStatement('sts:*', Condition)), tags: { own: 'a' } };
    expect(decideAssumeRole({ ...attempt, inheritedTags: {} }).allowed).toBe(true);
    expect(decideAssumeRole({ ...attempt, inheritedTags: {}, transitiveTagKeys: ['own'] }).allowed).toBe(false);
    expect(decideAssumeRole(attempt).allowed).toBe(false);
  });

  it('do not count where only a set of their values is known', () => {
    const Condition = { StringEquals: { 'aws:RequestTag/own': 'a' } };
    const sets = { 'aws:RequestTag/own': { like: '*', except: [] } };
    const attempt: AssumeRoleAttempt = {
      ...hop,
      inheritedTags: {},
      trust: trust(hopStatement('sts:*', Condition)),
      tags: { own: 'a' },
    };
    expect(decideAssumeRole(attempt).result).toBe('allowed');
    expect(decideAssumeRole({ ...attempt, sets }).result).toBe('depends');
  });

  it('are seen one by one, as keys, and as the keys that go along', () => {
    const Condition = {
      StringEquals: { 'aws:RequestTag/own': 'a', 'aws:RequestTag/both': 'inherited' },
      'ForAllValues:StringEquals': {
        'aws:TagKeys': ['own', 'both', 'theirs'],
        'sts:TransitiveTagKeys': ['own', 'both', 'theirs'],
      },
      'ForAnyValue:StringEquals': { 'sts:TransitiveTagKeys': ['theirs'] },
    };
    const attempt: AssumeRoleAttempt = {
      ...hop,
      trust: trust(hopStatement('sts:*', Condition)),
      tags: { own: 'a', both: 'passed' },
      transitiveTagKeys: ['own'],
      inheritedTags: { both: 'inherited', theirs: 'b' },
    };
    expect(decideAssumeRole(attempt).allowed).toBe(true);
    expect(decideAssumeRole({ ...attempt, tags: { own: 'b' } }).allowed).toBe(false);
    expect(decideAssumeRole({ ...attempt, tags: { own: 'a', more: 'x' } }).allowed).toBe(false);
  });

  it('are allowed only together with the role itself, whatever the trust policy says', () => {
    const statements = fc.array(
      fc.constantFrom(
        tagged,
        untagged,
        podIdentity,
        { ...tagged, Action: 'sts:TagSession' },
        { ...untagged, Effect: 'Deny' as const },
      ),
      { maxLength: 4 },
    );
    fc.assert(
      fc.property(statements, (some) => {
        const { allowed, assume, tagSession } = decideAssumeRole({ ...hop, trust: trust(...some) });
        expect(allowed).toBe(assume.allowed && tagSession?.allowed === true);
      }),
    );
  });
});

describe('a caller that can pass further tags', () => {
  const caller = { kind: 'user', arn: 'arn:aws:iam::444444444444:user/ana' } as const;
  const open: AssumeRoleAttempt = {
    caller,
    operation: 'sts:AssumeRole',
    roleArn: TARGET,
    trust: trust(),
    completeKeys: [],
    tags: { namespace: 'shop' },
    furtherTags: true,
  };
  const both: Statement = {
    Effect: 'Allow',
    Principal: { AWS: caller.arn },
    Action: ['sts:AssumeRole', 'sts:TagSession'],
  };
  const deny = (Condition: Statement['Condition'] & object): Statement => ({
    Effect: 'Deny',
    Principal: '*',
    Action: 'sts:TagSession',
    Condition,
  });

  it.each<[string, readonly Statement[], string]>([
    ['under no condition', [both], 'allowed'],
    ['under another tag', [{ ...both, Condition: { StringEquals: { 'aws:RequestTag/team': 'x' } } }], 'depends'],
    ['under another value', [{ ...both, Condition: { StringEquals: { 'aws:RequestTag/namespace': 'x' } } }], 'denied'],
    [
      'under the name of a further tag',
      [{ ...both, Condition: { 'ForAnyValue:StringEquals': { 'aws:TagKeys': 'team' } } }],
      'depends',
    ],
    [
      'under the name of its tag',
      [{ ...both, Condition: { 'ForAnyValue:StringEquals': { 'aws:TagKeys': 'namespace' } } }],
      'allowed',
    ],
    [
      'under a list with the name of its tag',
      [{ ...both, Condition: { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['namespace', 'team'] } } }],
      'depends',
    ],
    [
      'under a list without it',
      [{ ...both, Condition: { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['team'] } } }],
      'denied',
    ],
    [
      'under a name that no tag may have',
      [{ ...both, Condition: { StringNotEquals: { 'aws:TagKeys': 'team' } } }],
      'depends',
    ],
    ['under no tags', [{ ...both, Condition: { Null: { 'aws:TagKeys': 'true' } } }], 'denied'],
    ['under tags that exist', [{ ...both, Condition: { Null: { 'aws:TagKeys': 'false' } } }], 'allowed'],
    [
      'unless the name of its tag is denied',
      [both, deny({ 'ForAnyValue:StringLike': { 'aws:TagKeys': 'name*' } })],
      'denied',
    ],
    [
      'unless the name of another tag is denied',
      [both, deny({ 'ForAnyValue:StringEquals': { 'aws:TagKeys': 'team' } })],
      'depends',
    ],
    ['unless transitive tags are denied', [both, deny({ Null: { 'sts:TransitiveTagKeys': 'false' } })], 'depends'],
    [
      'with an external id for both actions',
      [{ ...both, Condition: { StringEquals: { 'sts:ExternalId': 'x' } } }],
      'depends',
    ],
    [
      'unless a session name is denied for the tags',
      [both, deny({ Null: { 'sts:RoleSessionName': 'false' } })],
      'depends',
    ],
    [
      'under a variable of the names of its tags',
      [{ ...both, Condition: { StringEquals: { 'aws:RequestTag/namespace': '${aws:TagKeys}' } } }],
      'depends',
    ],
  ])('%s', (_, statements, expected) => {
    expect(decideAssumeRole({ ...open, trust: trust(...statements) }).result).toBe(expected);
  });

  it.each(['true', 'false'])('and passes none that is known may have tags or not: Null is %s', (asked) => {
    const statement = { ...both, Condition: { Null: { 'aws:TagKeys': asked } } };
    expect(decideAssumeRole({ ...open, tags: {}, trust: trust(statement) }).result).toBe('depends');
  });
});

describe('a session with a source identity', () => {
  const identified = { ...hop, hasSourceIdentity: true };
  const set = hopStatement('sts:SetSourceIdentity', fromSource);
  const ownSet: NamedPolicy = {
    name: 'source identity',
    document: {
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Action: 'sts:SetSourceIdentity', Resource: TARGET },
    },
  };
  const both = { callerPolicies: { identity: [permissions, ownSet] } };

  it('may set it where both sides allow it', () => {
    const decision = decideAssumeRole({ ...identified, ...both, trust: trust(tagged, set) });
    expect(decision).toMatchObject({ result: 'allowed', setSourceIdentity: { allowed: true } });
  });

  it.each<[string, Partial<AssumeRoleAttempt>]>([
    ['the trust policy does not', { ...both }],
    ["the caller's policies do not", { trust: trust(tagged, set) }],
    [
      'the statement asks for the name of the session',
      {
        ...both,
        context: { 'sts:RoleSessionName': 'x' },
        trust: trust(tagged, { ...set, Condition: { StringEquals: { 'sts:RoleSessionName': 'x' } } }),
      },
    ],
  ])('may not where %s', (_reason, change) => {
    const decision = decideAssumeRole({ ...identified, ...change });
    expect(decision).toMatchObject({
      result: 'denied',
      assume: { allowed: true },
      setSourceIdentity: { allowed: false, action: 'sts:SetSourceIdentity' },
    });
  });
});
