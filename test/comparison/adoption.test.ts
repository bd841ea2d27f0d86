import type { Association, SourceRole } from '../../src/blueprint/Blueprint';
import { adoptionChanges, adoptionLosses } from '../../src/comparison/adoption';
import type { AssociationFacts, RoleFacts, RolePolicyFacts } from '../../src/estate/aws/AwsPort';
import type { Statement } from '../../src/iam/PolicyDocument';
import { roleFactsOf } from '../operations/facts';
import { associationFactsOf } from './facts';
import { allow, documentOf, ROLE_ARN, sourceRoleOf, TRUST } from './roleOf';

const BOUNDARY = 'arn:aws:iam::333333333333:policy/boundary';
const [POD] = TRUST.Statement as readonly Statement[];
const ADMINS: Statement = {
  Effect: 'Allow',
  Principal: { AWS: 'arn:aws:iam::333333333333:role/admins' },
  Action: 'sts:AssumeRole',
};
const READ = documentOf(allow('s3:GetObject'));
const BOTH = documentOf(allow('s3:GetObject'), allow('s3:PutObject'));
const WRITE = documentOf(allow('s3:PutObject'));
const foundOf = (parts: Partial<RoleFacts> = {}) => roleFactsOf({ arn: ROLE_ARN, trust: TRUST, ...parts });
const policiesOf = (parts: Partial<RolePolicyFacts> = {}): RolePolicyFacts => ({ attached: [], inline: {}, ...parts });

describe('what the first apply removes from an adopted role', () => {
  const lost = (wanted: Partial<SourceRole>, found: Partial<RoleFacts>, policies: RolePolicyFacts | undefined) =>
    adoptionLosses(sourceRoleOf(wanted), foundOf(found), policies);

  it.each<[string, Partial<SourceRole>, Partial<RoleFacts>, RolePolicyFacts | undefined]>([
    ['where nothing is on it', {}, {}, undefined],
    ['of tags that the entry keeps', { tags: { Team: 'shop' } }, { tags: { Team: 'shop' } }, undefined],
    ['of tags of AWS', {}, { tags: { 'aws:cloudformation:stack-id': 'x' } }, undefined],
    ['of an empty description', {}, { description: '' }, undefined],
    ['of settings that the entry adds', { description: 'a', permissionsBoundary: BOUNDARY }, {}, undefined],
    ['of a trust policy with less', { trust: documentOf(POD!, ADMINS) }, {}, undefined],
    [
      'of an inline policy with less',
      { inlinePolicies: [{ name: 'p', document: BOTH }] },
      {},
      policiesOf({ inline: { p: READ } }),
    ],
    [
      'of policies that the entry has',
      { managedPolicies: ['a'], inline: READ },
      {},
      policiesOf({ attached: ['a'], inline: { podlift: READ } }),
    ],
    ['of policies that are not known', { managedPolicies: ['a'], inline: READ }, {}, undefined],
    ['of policies that the role lacks', { managedPolicies: ['a'], inline: READ }, {}, policiesOf()],
  ])('is nothing %s', (_what, wanted, found, policies) => {
    expect(lost(wanted, found, policies)).toEqual([]);
  });

  it.each<[string, Partial<SourceRole>, Partial<RoleFacts>, RolePolicyFacts | undefined, string, string]>([
    [
      'tags',
      { tags: { Team: 'shop' } },
      { tags: { Team: 'other', Owner: 'me', 'aws:x': 'y' } },
      undefined,
      'role.tags',
      'tags Team, Owner',
    ],
    [
      'a description',
      {},
      { description: 'The "old" one.' },
      undefined,
      'role.description',
      'description "The \\"old\\" one."',
    ],
    [
      'a statement',
      {},
      { trust: documentOf(POD!, ADMINS) },
      undefined,
      'role.keepTrust',
      '1 statement of its trust policy',
    ],
    [
      'statements',
      { trust: documentOf() },
      { trust: documentOf(POD!, ADMINS) },
      undefined,
      'role.keepTrust',
      '2 statements of its trust policy',
    ],
    [
      'permissions of inline policies',
      {
        inlinePolicies: [
          { name: 'p', document: READ },
          { name: 'q', document: READ },
        ],
      },
      {},
      policiesOf({ inline: { p: BOTH, q: WRITE } }),
      'permissions.inlinePolicies',
      'permissions of inline policies p, q',
    ],
    [
      'a boundary',
      {},
      { permissionsBoundary: BOUNDARY },
      undefined,
      'role.permissionsBoundary',
      `permissions boundary ${BOUNDARY}`,
    ],
    [
      'a session duration',
      {},
      { maxSessionDuration: 7200 },
      undefined,
      'role.maxSessionDuration',
      'session duration 7200 seconds',
    ],
  ])('can be %s', (_what, wanted, found, policies, field, what) => {
    expect(lost(wanted, found, policies)).toStrictEqual([{ field, removed: true, what }]);
  });

  it('does not include policies that stay on it, unmanaged', () => {
    expect(lost({}, {}, policiesOf({ attached: [BOUNDARY], inline: { p: READ } }))).toStrictEqual([
      { field: 'permissions and role.imports', removed: false, what: 'policy p' },
      { field: 'permissions and role.imports', removed: false, what: `policy ${BOUNDARY}` },
    ]);
  });
});

describe('what podlift changes of a role that it adopts', () => {
  const WANTED: Association = {
    workload: 'orders-api',
    cluster: 'main',
    clusterName: 'prod-main',
    region: 'us-west-2',
    namespace: 'production',
    serviceAccount: 'orders-api',
    isFirst: true,
    roleArn: ROLE_ARN,
    disableSessionTags: false,
    tags: {},
    keepsTags: true,
    importId: 'a-1',
  };
  interface Case {
    readonly role?: Partial<RoleFacts>;
    readonly policies?: Partial<RolePolicyFacts>;
    readonly association?: AssociationFacts;
    readonly wanted?: Partial<SourceRole>;
    readonly associations?: readonly Association[];
  }
  const changed = ({ wanted, associations = [], role, policies, association }: Case) =>
    adoptionChanges(sourceRoleOf(wanted), associations, {
      role: foundOf(role),
      policies: policiesOf(policies),
      ...(association && { associations: [{ ...association, cluster: 'main' }] }),
    });
  const { importId, ...UNIMPORTED } = WANTED;

  it.each<[string, Case]>([
    ['nothing is on it', {}],
    ['podlift adds tags', { wanted: { tags: { 'podlift:workload': 'orders-api' } } }],
    ['AWS has tags on it', { role: { tags: { 'aws:x': 'y' } } }],
    [
      'its trust policy has the statements in another order',
      { wanted: { trust: documentOf(POD!, ADMINS) }, role: { trust: documentOf(ADMINS, POD!) } },
    ],
    [
      'it has the same policies',
      {
        wanted: { managedPolicies: ['a'], inlinePolicies: [{ name: 'p', document: READ }] },
        policies: { attached: ['a'], inline: { p: READ } },
      },
    ],
    [
      'its association is imported',
      { associations: [WANTED], association: associationFactsOf({ id: importId!, tags: { of: 'others' } }) },
    ],
  ])('is nothing where %s', (_what, one) => {
    expect(changed(one)).toEqual([]);
  });

  it.each<[string, Case]>([
    ['name or path', { role: { arn: 'arn:aws:iam::333333333333:role/team/prod-orders-api' } }],
    ['trust policy', { role: { trust: documentOf(POD!, ADMINS) } }],
    ['trust policy', { role: { trust: documentOf({ Sid: 'A', ...POD! }) } }],
    ['description', { role: { description: 'a' } }],
    ['boundary', { role: { permissionsBoundary: BOUNDARY } }],
    ['session duration', { role: { maxSessionDuration: 7200 } }],
    ['attached policies', { policies: { attached: ['a'] } }],
    ['attached policies', { wanted: { managedPolicies: ['a'] } }],
    ['inline policies', { policies: { inline: { p: READ } } }],
    ['inline policies', { wanted: { inline: READ } }],
    [
      'inline policies',
      {
        wanted: { inline: READ, inlinePolicies: [{ name: 'p', document: READ }] },
        policies: { inline: { podlift: READ, p: documentOf({ Sid: 'A', ...allow('s3:GetObject') }) } },
      },
    ],
    ['tags', { role: { tags: { Team: 'shop' } } }],
    ['association', { associations: [UNIMPORTED] }],
    ['association', { associations: [UNIMPORTED], association: associationFactsOf() }],
    ['association', { association: associationFactsOf() }],
    ['association', { associations: [WANTED], association: associationFactsOf({ roleArn: BOUNDARY }) }],
    ['association', { associations: [WANTED, { ...WANTED, cluster: 'batch' }], association: associationFactsOf() }],
  ])('is its %s: %#', (what, one) => {
    expect(changed(one)).toEqual([what]);
  });

  it('is several things at once, in this order', () => {
    const role = { description: 'a', trust: documentOf(), tags: { Team: 'shop' }, maxSessionDuration: 7200 };
    expect(changed({ role })).toEqual(['trust policy', 'description', 'session duration', 'tags']);
  });
});
