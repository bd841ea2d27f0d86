import type { Role } from '../../src/blueprint/Blueprint';
import {
  comparePermissions,
  compareRole,
  compareTags,
  inlinePolicies,
  isApplied,
  isTagOfAws,
} from '../../src/comparison/role';
import type { RoleFacts, RolePolicyFacts } from '../../src/estate/aws/AwsPort';
import { roleFactsOf } from '../operations/facts';
import { allow, documentOf, ROLE_ARN, roleOf, TRUST } from './roleOf';

const BOUNDARY = 'arn:aws:iam::333333333333:policy/boundary';
const foundOf = (parts: Partial<RoleFacts> = {}) => roleFactsOf({ arn: ROLE_ARN, trust: TRUST, ...parts });

describe('a role', () => {
  it('is missing by its ARN', () => {
    expect(compareRole(roleOf(), undefined)).toStrictEqual([{ what: 'missing', wanted: ROLE_ARN }]);
  });

  it('under another path differs in its ARN, whatever else differs', () => {
    const arn = 'arn:aws:iam::333333333333:role/team/prod-orders-api';
    expect(compareRole(roleOf(), foundOf({ arn, description: 'other' }))).toStrictEqual([
      { what: 'arn', wanted: ROLE_ARN, found: arn },
    ]);
  });

  it.each<[string, Partial<Role>, Partial<RoleFacts>]>([
    ['nothing set', {}, {}],
    ['the default session duration, written or not', { maxSessionDuration: 3600 }, {}],
    ['an empty description, or none', {}, { description: '' }],
    ['a description, or an empty one', { description: '' }, {}],
    ['an equal boundary', { permissionsBoundary: BOUNDARY }, { permissionsBoundary: BOUNDARY }],
    ['tags and a trust policy, which have comparisons of their own', {}, { tags: { a: 'b' }, trust: documentOf() }],
  ])('differs in nothing with %s', (_what, wanted, found) => {
    expect(compareRole(roleOf(wanted), foundOf(found))).toEqual([]);
  });

  it.each<[string, Partial<Role>, Partial<RoleFacts>, object]>([
    ['boundary', { permissionsBoundary: BOUNDARY }, {}, { what: 'boundary', wanted: BOUNDARY }],
    ['boundary that it must not have', {}, { permissionsBoundary: BOUNDARY }, { what: 'boundary', found: BOUNDARY }],
    ['session duration', { maxSessionDuration: 7200 }, {}, { what: 'session-duration', wanted: '7200', found: '3600' }],
    [
      'session duration, where the inventory has none',
      {},
      { maxSessionDuration: 7200 },
      { what: 'session-duration', wanted: '3600', found: '7200' },
    ],
    ['description', { description: 'a' }, { description: 'b' }, { what: 'description', wanted: 'a', found: 'b' }],
    ['description, where it has none', { description: 'a' }, {}, { what: 'description', wanted: 'a', found: '' }],
    ['description that it must not have', {}, { description: 'b' }, { what: 'description', wanted: '', found: 'b' }],
  ])('differs in its %s', (_what, wanted, found, mismatch) => {
    expect(compareRole(roleOf(wanted), foundOf(found))).toStrictEqual([mismatch]);
  });
});

describe('the tags of a role', () => {
  it.each([
    ['with podlift’s own', { 'podlift:workload': 'orders-api' }, true],
    ['not without podlift’s own', { Team: 'shop' }, false],
    ['not with the tag of an earlier version alone', { 'podlift:stage': 'dual' }, false],
  ])('say whether podlift has applied the role: %s', (_what, tags, applied) => {
    expect(isApplied(tags)).toBe(applied);
  });

  it('differ in nothing where only the tag of an earlier version is left: the next apply removes it', () => {
    const tags = { 'podlift:workload': 'orders-api' };
    expect(compareTags(tags, { ...tags, 'podlift:stage': 'dual' })).toEqual({ different: [], extra: [] });
  });

  it.each([
    ['aws:cloudformation:stack-name', true],
    ['AWS:x', true],
    ['my-aws:x', false],
    ['awsx', false],
  ])('can be written by AWS alone: %s, %s', (key, of) => {
    expect(isTagOfAws(key)).toBe(of);
  });

  it('differ by key, those of AWS aside', () => {
    const wanted = { same: '1', changed: '1', missing: '1' };
    const found = { same: '1', changed: '2', extra: '1', 'aws:x': '1' };
    expect(compareTags(wanted, found)).toEqual({ different: ['changed', 'missing'], extra: ['extra'] });
    expect(compareTags(wanted, wanted)).toEqual({ different: [], extra: [] });
  });

  it('have no names of JavaScript unless AWS has them', () => {
    expect(compareTags({}, { constructor: 'x' }).extra).toEqual(['constructor']);
  });
});

describe('the permissions of a role', () => {
  const [READ, WRITE, BOTH] = [
    documentOf(allow('s3:GetObject')),
    documentOf(allow('s3:PutObject')),
    documentOf({ ...allow('s3:GetObject'), Action: ['s3:GetObject', 's3:PutObject'] }),
  ];
  const EMPTY = documentOf();
  const compared = (wanted: Partial<Role>, found: Partial<RolePolicyFacts>) =>
    comparePermissions(roleOf(wanted), { attached: [], inline: {}, ...found });
  const statement = (action: string) => [expect.objectContaining({ Action: action })];

  it('have podlift’s own inline policy first, then those that people wrote, by name', () => {
    const inlinePolicy = { name: 'old', document: WRITE };
    expect([...inlinePolicies(roleOf({ inline: READ, inlinePolicies: [inlinePolicy] }))]).toEqual([
      ['podlift', READ],
      ['old', WRITE],
    ]);
    expect([...inlinePolicies(roleOf({ inlinePolicies: [inlinePolicy] }))]).toEqual([['old', WRITE]]);
  });

  it.each<[string, Partial<Role>, Partial<RolePolicyFacts>]>([
    ['none', {}, {}],
    ['the same policies', { inline: READ, managedPolicies: ['a'] }, { inline: { podlift: READ }, attached: ['a'] }],
    [
      'a policy that says the same in other words',
      { inline: BOTH },
      { inline: { podlift: documentOf(allow('s3:putobject'), allow('s3:GetObject')) } },
    ],
  ])('differ in nothing: %s', (_what, wanted, found) => {
    expect(compared(wanted, found)).toEqual([]);
  });

  it.each<[string, Partial<Role>, Partial<RolePolicyFacts>, object]>([
    [
      'a missing inline policy, with all that it says',
      { inline: READ },
      {},
      { name: 'podlift', what: 'missing', wanted: READ, found: EMPTY, missing: statement('s3:GetObject'), extra: [] },
    ],
    [
      'a missing inline policy that says nothing',
      { inline: EMPTY },
      {},
      { name: 'podlift', what: 'missing', wanted: EMPTY, found: EMPTY, missing: [], extra: [] },
    ],
    [
      'an unwanted inline policy, with all that it says',
      {},
      { inline: { old: WRITE } },
      { name: 'old', what: 'unwanted', wanted: EMPTY, found: WRITE, missing: [], extra: statement('s3:PutObject') },
    ],
    [
      'an unwanted inline policy that says nothing',
      {},
      { inline: { old: EMPTY } },
      { name: 'old', what: 'unwanted', wanted: EMPTY, found: EMPTY, missing: [], extra: [] },
    ],
    [
      'an inline policy that says less',
      { inline: BOTH },
      { inline: { podlift: READ } },
      { name: 'podlift', what: 'document', wanted: BOTH, found: READ, missing: statement('s3:PutObject'), extra: [] },
    ],
    [
      'an inline policy that says more',
      { inline: READ },
      { inline: { podlift: BOTH } },
      { name: 'podlift', what: 'document', wanted: READ, found: BOTH, missing: [], extra: statement('s3:PutObject') },
    ],
  ])('differ in %s', (_what, wanted, found, mismatch) => {
    expect(compared(wanted, found)).toEqual([{ of: 'inline-policy', ...mismatch }]);
  });

  it('differ in attached policies that are missing or unwanted', () => {
    expect(compared({ managedPolicies: ['a', 'b'] }, { attached: ['b', 'c'] })).toEqual([
      { of: 'managed-policy', arn: 'a', what: 'missing' },
      { of: 'managed-policy', arn: 'c', what: 'unwanted' },
    ]);
  });
});
