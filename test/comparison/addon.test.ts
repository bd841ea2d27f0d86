import {
  compactConfiguration,
  compareAddon,
  isUnderWay,
  ownsNoOther,
  statusText,
  unnamedAssociations,
  type WantedAddon,
} from '../../src/comparison/addon';
import type { AddonFacts } from '../../src/estate/aws/AwsPort';
import { addonOf } from '../operations/facts';
import { associationFactsOf } from './facts';

const VERSION = 'v1.3.4-eksbuild.1';
const ROLE = 'arn:aws:iam::333333333333:role/ebs';
const AGENT: WantedAddon = {
  cluster: 'main',
  clusterName: 'prod-main',
  region: 'us-west-2',
  version: VERSION,
  tags: {},
  adopt: false,
};
const compared = (wanted: Partial<WantedAddon>, found: Partial<AddonFacts>) =>
  compareAddon({ ...AGENT, ...wanted }, addonOf(found));

describe('an add-on', () => {
  it('is missing where EKS has none, with the version that it must have', () => {
    expect(compareAddon(AGENT, undefined)).toStrictEqual([{ what: 'missing', wanted: VERSION }]);
  });

  it('that is active in the wanted version differs in nothing', () => {
    expect(compared({}, {})).toEqual([]);
  });

  it('keeps the configuration and the role of EKS where the inventory names none', () => {
    expect(compared({}, { configuration: '{"a":1}', serviceAccountRoleArn: ROLE })).toEqual([]);
  });

  it.each<[string, Partial<WantedAddon>, Partial<AddonFacts>, object]>([
    ['status', {}, { status: 'CREATING' }, { what: 'status', wanted: 'ACTIVE', found: 'CREATING' }],
    [
      'status, with what EKS says is wrong',
      {},
      { status: 'DEGRADED', issues: ['InsufficientNumberOfReplicas', 'Unreachable'] },
      { what: 'status', wanted: 'ACTIVE', found: 'DEGRADED: InsufficientNumberOfReplicas; Unreachable' },
    ],
    ['version', { version: 'v2' }, {}, { what: 'version', wanted: 'v2', found: VERSION }],
    [
      'configuration',
      { configuration: '{"a":1}' },
      { configuration: '{"a":2}' },
      { what: 'configuration', wanted: '{"a":1}', found: '{"a":2}' },
    ],
    [
      'configuration where EKS has none',
      { configuration: '{"a":1}' },
      {},
      { what: 'configuration', wanted: '{"a":1}' },
    ],
    [
      'role of its service account',
      { serviceAccountRoleArn: ROLE },
      { serviceAccountRoleArn: `${ROLE}2` },
      { what: 'service-account-role', wanted: ROLE, found: `${ROLE}2` },
    ],
    [
      'role of its service account where EKS has none',
      { serviceAccountRoleArn: ROLE },
      {},
      { what: 'service-account-role', wanted: ROLE },
    ],
  ])('differs in its %s', (_what, wanted, found, mismatch) => {
    expect(compared(wanted, found)).toStrictEqual([mismatch]);
  });

  it('with issues that is active differs in nothing: its issues are for its own users', () => {
    expect(compared({}, { issues: ['Slow'] })).toEqual([]);
  });

  it.each([
    ['the order of keys', '{"a":1,"b":[2]}', '{"b":[2],"a":1}'],
    ['white space', '{"a":1}', ' { "a": 1 }\n'],
    ['YAML instead of JSON', '{"a":{"b":1}}', 'a:\n  b: 1\n'],
    ['an empty text instead of an empty map', '{}', ''],
    ['white space around a text that is no YAML', '{"a":', ' {"a": '],
  ])('has the same configuration, whatever %s', (_what, one, other) => {
    expect(compared({ configuration: one }, { configuration: other })).toEqual([]);
    expect(compared({ configuration: other }, { configuration: one })).toEqual([]);
  });

  it('has the same configuration with an empty map and with none', () => {
    expect(compared({ configuration: '{}' }, {})).toEqual([]);
  });

  it.each([
    ['order of a list', '{"a":[1,2]}', '{"a":[2,1]}'],
    ['text that is no YAML', '{"a":', '{"b":'],
    ['text that is no YAML, against an empty one', '{"a":', ''],
  ])('has another configuration with another %s', (_what, one, other) => {
    expect(compared({ configuration: one }, { configuration: other })).toHaveLength(1);
  });

  it.each([
    ['CREATING', true],
    ['UPDATING', true],
    ['ACTIVE', false],
    ['DEGRADED', false],
  ])('of status %s is under way: %s', (status, underWay) => {
    expect(isUnderWay({ status })).toBe(underWay);
  });

  it('without issues is told by its status alone', () => {
    expect(statusText({ status: 'ACTIVE', issues: [] })).toBe('ACTIVE');
  });
});

describe('the associations of an add-on', () => {
  const { arn } = addonOf();
  const own = associationFactsOf({ id: 'a-1', serviceAccount: 'ebs', ownerArn: arn });

  it('are unnamed where it owns them and its entry does not name the service account', () => {
    const other = associationFactsOf({ id: 'a-2', serviceAccount: 'ebs', ownerArn: `${arn}2` });
    const free = associationFactsOf({ id: 'a-3', serviceAccount: 'ebs' });
    expect(unnamedAssociations({ arn }, ['efs'], [own, other, free])).toEqual([own]);
    expect(unnamedAssociations({ arn }, ['efs', 'ebs'], [own, other, free])).toEqual([]);
  });

  it.each([
    [['a-1'], true],
    [['a-1', 'a-2'], false],
    [['ba-1'], false],
    [[], true],
  ])('%j are all of a-1 and a-3: %s', (ids, all) => {
    const associationArns = ids.map(
      (id) => `arn:aws:eks:us-west-2:333333333333:podidentityassociation/prod-main/${id}`,
    );
    expect(ownsNoOther({ associationArns }, [{ id: 'a-1' }, { id: 'a-3' }])).toBe(all);
  });
});

describe('a configuration that the inventory can have', () => {
  it('is a map in compact JSON', () => {
    expect(compactConfiguration({ configuration: '{"a":{"b":[1,"x",true]}}' })).toEqual({ a: { b: [1, 'x', true] } });
  });

  it.each([
    ['none', {}],
    ['an empty map', { configuration: '{}' }],
    ['a list', { configuration: '[1]' }],
    ['a text', { configuration: '"a"' }],
    ['a number', { configuration: '1' }],
    ['null', { configuration: 'null' }],
    ['an empty text', { configuration: '' }],
    ['JSON with white space', { configuration: '{"a": 1}' }],
    ['YAML', { configuration: 'a: 1' }],
    ['a text that is no YAML', { configuration: '{"a":' }],
    ['a map with null, which the inventory cannot have', { configuration: '{"a":null}' }],
    ['a map with a number that is rounded', { configuration: '{"a":9007199254740992}' }],
  ])('is not %s', (_what, facts) => {
    expect(compactConfiguration(facts)).toBeUndefined();
  });
});
