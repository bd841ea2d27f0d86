import { REVIEW_RULES } from '../../../src/operations/review/reviewChange';
import { BATCH, GRANTS, LEDGER, SECOND, since, twoClusters } from '../../inventory/compare/CompareCase';
import type { Change } from '../../inventory/marked';
import { allow, foundBy, inDev, reviewOf, statements } from './reviewOf';

const GITHUB =
  '{ Sid: ci, Effect: Allow, Principal: { AWS: "arn:aws:iam::111111111111:role/ci" }, Action: "sts:AssumeRole" }';
/** Nobody has the plain text as a name; whoever has a name has that of the variable. */
const BY_VARIABLE =
  '{ Sid: ownname, Effect: Allow, Principal: { AWS: "arn:aws:iam::111111111111:root" }, Action: "sts:AssumeRole", Condition: { StringEquals: { "aws:PrincipalTag/team": "${aws:PrincipalTag/group}" } } }';
const DENIAL = '{ Sid: out, Effect: Deny, Principal: "*", Action: "sts:TagSession" }';
const role = (more: string) => inDev(`role: { name: own${more} }`);
/** Controllers of the catalogue. */
const uses = (...entries: readonly string[]) => inDev(`permissions: { use: [${entries.join(', ')}] }`);
const kept = (...written: readonly string[]) =>
  role(`, adopt: true${written.length === 0 ? '' : `, keepTrust: [${written.join(', ')}]`}`);
/** The role of a target; nobody assumes the workload's own role in these changes. */
const target = (more: string): Change =>
  inDev(
    `role: { name: own }\ntargets: { ledger: { account: data${more}, permissions: { managedPolicies: [ReadOnlyAccess] } } }`,
  );
const READ = allow('s3:GetObject', 'arn:aws:s3:::x/*');

/** The workload `api` on two clusters, with a second service account on these. */
function onClustersOf(keys: string): Change {
  const { replace, append = '' } = twoClusters('');
  const subjects = `[{ namespace: production, serviceAccount: api }, { namespace: batch, serviceAccount: api, clusters: ${keys} }]`;
  return {
    replace: {
      ...replace,
      '    namespace: production\n    serviceAccount: api\n': `    subjects: ${subjects}\n    because: one team\n`,
    },
    append,
  };
}

/** What one change of a role gives, with the words of its finding. */
const CASES: readonly {
  readonly when: string;
  readonly base: Change | undefined;
  readonly head: Change;
  readonly found: readonly string[];
  readonly path: string;
  readonly message: RegExp;
}[] = [
  {
    when: 'a statement is kept that was not there',
    base: kept(DENIAL),
    head: kept(DENIAL, GITHUB),
    found: ['trust-widened', 'assume'],
    path: 'workloads.api.role.keepTrust[1]',
    message: /^the role of workload "api" in dev gets a new statement of keepTrust: ci$/,
  },
  {
    when: 'a kept statement names somebody else',
    base: kept(GITHUB),
    head: kept(GITHUB.replace('role/ci', 'root').replace('Sid: ci, ', '')),
    found: ['trust-widened', 'assume'],
    path: 'workloads.api.role.keepTrust[0]',
    message:
      /gets a new statement of keepTrust: \{"Principal":\{"AWS":"arn:aws:iam::111111111111:root"\},"Action":"sts:AssumeRole"\}$/,
  },
  {
    when: 'a denial is no longer kept',
    base: kept(GITHUB, DENIAL),
    head: kept(GITHUB),
    found: ['trust-widened', 'denial'],
    path: 'workloads.api.role.keepTrust',
    message: /loses a Deny statement of keepTrust: out$/,
  },
  {
    when: 'a trust policy gets the version that has variables',
    base: role(`, adopt: true, adoptedTrust: { version: 2008-10-17 }, keepTrust: [${BY_VARIABLE}]`),
    head: role(`, adopt: true, keepTrust: [${BY_VARIABLE}]`),
    found: ['trust-widened', 'assume'],
    path: 'workloads.api.role.keepTrust[0]',
    message: /gets a new statement of keepTrust: ownname$/,
  },
  {
    when: 'a cluster is new under workloads',
    base: inDev(''),
    head: twoClusters(''),
    found: ['trust-widened', 'assume'],
    path: 'environments.dev.clusters.batch',
    message: /^cluster "batch" is new in dev: the role of "api" will trust its service accounts too$/,
  },
  {
    when: 'a workload runs on one more cluster',
    base: twoClusters('    clusters: [main]\n'),
    head: twoClusters('    clusters: [main, batch]\n'),
    found: ['trust-widened', 'assume'],
    path: 'workloads.api.clusters',
    message: /^workload "api" now also runs on cluster "batch" of dev/,
  },
  {
    when: 'another service account gets the role',
    base: { append: '    environments: [dev]\n' },
    head: { replace: { 'serviceAccount: api': 'serviceAccount: web' }, append: '    environments: [dev]\n' },
    found: ['trust-widened', 'assume'],
    path: 'workloads.api',
    message: /trusts others than before: pods of production\/web instead of production\/api$/,
  },
  {
    when: 'one more service account gets the role',
    base: { append: '    environments: [dev]\n' },
    head: {
      replace: {
        '    namespace: production\n    serviceAccount: api\n':
          '    subjects: [{ namespace: production, serviceAccount: api }, { namespace: batch, serviceAccount: api }]\n    because: one team\n',
      },
      append: '    environments: [dev]\n',
    },
    found: ['trust-widened', 'assume'],
    path: 'workloads.api',
    message: /trusts others than before: pods of batch\/api on main too$/,
  },
  {
    when: 'a service account runs on one more cluster of the workload',
    base: onClustersOf('[main]'),
    head: onClustersOf('[main, batch]'),
    found: ['trust-widened', 'assume'],
    path: 'workloads.api',
    message: /trusts others than before: pods of batch\/api on batch too$/,
  },
  {
    when: 'a new entry keeps a statement that admits others',
    base: {},
    head: {
      append: `  web: { stage: irsa, because: later, namespace: production, serviceAccount: web, environments: [dev], role: { name: web, adopt: true, keepTrust: [${GITHUB}] } }\n`,
    },
    found: ['role-adopted', 'trust-widened', 'assume'],
    path: 'workloads.web.role.keepTrust[0]',
    message: /^the role of workload "web" in dev is new here, with a statement of keepTrust that admits others: ci$/,
  },
  {
    when: 'a role that exists is adopted by a new entry',
    base: {},
    head: {
      append:
        '  web: { stage: irsa, because: later, namespace: production, serviceAccount: web, environments: [dev], role: { name: admin, adopt: true } }\n',
    },
    found: ['role-adopted', 'assume'],
    path: 'workloads.web.role.adopt',
    message: /^workload "web" adopts the role admin in dev: the pods of production\/web on main may assume it$/,
  },
  {
    when: 'a new entry names a role that stays with its owner',
    base: {},
    head: {
      append:
        '  web: { stage: irsa, because: later, namespace: production, serviceAccount: web, environments: [dev], role: { name: admin, manage: external } }\n',
    },
    found: ['role-adopted', 'assume'],
    path: 'workloads.web.role.manage',
    message:
      /^workload "web" uses the role admin of another owner in dev: the pods of production\/web on main may assume it where its trust policy allows it$/,
  },
  {
    when: 'an external role becomes another one',
    base: role(', manage: external'),
    head: inDev('role: { name: admin, manage: external }'),
    found: ['role-adopted', 'assume'],
    path: 'workloads.api.role.manage',
    message: /^workload "api" uses the role admin of another owner in dev/,
  },
  {
    when: 'the role of a target is adopted',
    base: target(''),
    head: target(', role: { name: admin, adopt: true }'),
    found: ['permissions-grown', 'role-adopted', 'assume', 'resources'],
    path: 'workloads.api.targets.ledger.role.adopt',
    message: /^target "ledger" of workload "api" adopts the role admin in dev: the role own may assume it$/,
  },
  {
    when: 'a target role of another owner is named',
    base: target(''),
    head: target(', role: { name: admin, manage: external }'),
    found: ['permissions-grown', 'role-adopted', 'assume', 'resources'],
    path: 'workloads.api.targets.ledger.role.manage',
    message: /^target "ledger" of workload "api" uses the role admin of another owner in dev/,
  },
  {
    when: 'a statement is kept on the role of a target',
    base: target(', role: { name: ledger, adopt: true }'),
    head: target(`, role: { name: ledger, adopt: true, keepTrust: [${GITHUB}] }`),
    found: ['trust-widened', 'assume'],
    path: 'workloads.api.targets.ledger.role.keepTrust[0]',
    message: /^the role of target "ledger" of workload "api" in dev gets a new statement of keepTrust: ci$/,
  },
  {
    when: 'a new target role has a statement that admits others',
    base: role(''),
    head: target(`, role: { name: ledger, manage: external, keepTrust: [${GITHUB}] }`),
    found: ['permissions-grown', 'role-adopted', 'trust-widened', 'assume', 'managed-policy', 'actions'],
    path: 'workloads.api.targets.ledger.role.keepTrust[0]',
    message: /^the role of target "ledger" of workload "api" in dev is new here, with a statement of keepTrust/,
  },
  {
    when: 'a denial is no longer kept on the role of a target',
    base: target(`, role: { name: ledger, adopt: true, keepTrust: [${DENIAL}] }`),
    head: target(', role: { name: ledger, adopt: true }'),
    found: ['trust-widened', 'denial'],
    path: 'workloads.api.targets.ledger.role.keepTrust',
    message: /^the role of target "ledger" of workload "api" in dev loses a Deny statement of keepTrust: out$/,
  },
  {
    when: 'the owner of a role has to write a kept statement',
    base: role(', manage: external'),
    head: role(`, manage: external, keepTrust: [${GITHUB}]`),
    found: ['owner-writes', 'trust-widened', 'assume'],
    path: 'workloads.api.role.manage',
    message:
      /^the trust policy of role own, which its owner writes, changes \(workload "api" in dev\): it must admit more$/,
  },
  {
    when: 'the owner of a target role has to remove a statement',
    base: target(`, role: { name: ledger, manage: external, keepTrust: [${GITHUB}] }`),
    head: target(', role: { name: ledger, manage: external }'),
    found: ['owner-writes'],
    path: 'workloads.api.targets.ledger.role.manage',
    message: /^the trust policy of role ledger, .*: it must admit less$/,
  },
  {
    when: 'other pods get an external role',
    base: role(', manage: external'),
    head: { ...role(', manage: external'), replace: { 'serviceAccount: api': 'serviceAccount: web' } },
    found: ['owner-writes', 'trust-widened', 'assume'],
    path: 'workloads.api.role.manage',
    message: /: it must admit more and admit less$/,
  },
  {
    when: 'a workload loses its session tags',
    base: inDev(''),
    head: inDev('sessionTags: false'),
    found: ['session-tags-off', 'assume'],
    path: 'workloads.api.sessionTags',
    message:
      /^sessionTags is false for workload "api" in dev: everyone who may create associations in account 111111111111 may get its role$/,
  },
  {
    when: 'a statement has one more action',
    base: statements(READ),
    head: statements(allow('s3:GetObject s3:DeleteObject', 'arn:aws:s3:::x/*')),
    found: ['permissions-grown', 'actions'],
    path: 'workloads.api.permissions.statements[0]',
    message: /^the role of workload "api" in dev may do more: s3:DeleteObject on arn:aws:s3:::x\/\*$/,
  },
  {
    when: 'a controller of the catalogue gets one more zone',
    base: uses('cert-manager', '{ name: external-dns, parameters: { zones: [Z1] } }'),
    head: uses('cert-manager', '{ name: external-dns, parameters: { zones: [Z1, Z2] } }'),
    found: ['permissions-grown', 'resources'],
    path: 'workloads.api.permissions.use[1]',
    message: /hostedzone\/Z2/,
  },
  {
    when: 'a statement has one more resource',
    base: statements(READ),
    head: statements(READ, allow('s3:GetObject', 'arn:aws:s3:::secrets/a')),
    found: ['permissions-grown', 'resources'],
    path: 'workloads.api.permissions.statements[1]',
    message: /^the role of workload "api" in dev may do more: s3:GetObject on arn:aws:s3:::secrets\/a$/,
  },
  {
    when: 'a role gets every action on every resource',
    base: statements(READ),
    head: statements(allow('*', '*', ', because: an operator')),
    found: ['permissions-grown', 'administrator'],
    path: 'workloads.api.permissions.statements[0]',
    message: /may do more: every action on every resource \(administrator access\)$/,
  },
  {
    when: 'a role gets a managed policy whose document podlift does not know',
    base: statements(READ),
    head: inDev(`permissions: { statements: [${READ}], managedPolicies: [AmazonS3FullAccess] }`),
    found: ['permissions-grown', 'managed-policy'],
    path: 'workloads.api.permissions.managedPolicies[0]',
    message:
      /may do more: what arn:aws:iam::aws:policy\/AmazonS3FullAccess allows, whose document podlift does not know$/,
  },
  {
    when: 'a new workload has permissions',
    base: {},
    head: { append: `${SECOND.replace(' }\n', ',')} environments: [dev], ${GRANTS} }\n` },
    found: ['permissions-grown', 'actions'],
    path: 'workloads.web.permissions.statements[0]',
    message: /^the role of workload "web" in dev is new, and may do: s3:GetObject on arn:aws:s3:::x\/\*$/,
  },
];

describe('the review of a change', () => {
  it.each(CASES)('finds it when $when', ({ base, head, found, path, message }) => {
    expect(foundBy(base, head)).toEqual(found);
    const { problems } = reviewOf(base, head);
    expect(problems).toContainEqual({
      severity: 'warning',
      rule: expect.any(String),
      path,
      message: expect.stringMatching(message),
      hint: expect.stringMatching(
        /^(Have a reviewer confirm|Restore|Remove|Let the owner write|Before the apply, let the owner)/,
      ),
    });
  });

  it('has a case for each rule', () => {
    const found = new Set(CASES.flatMap((one) => one.found));
    expect(REVIEW_RULES.filter(({ name }) => !found.has(name))).toEqual([]);
  });

  it.each(['dual', 'prepared'])(
    'says at %s whether a gate will check the pods of an added service account',
    (stage) => {
      const at = ({ replace, append }: Change): Change => ({
        replace: { ...replace, 'dev: dual': `dev: ${stage}` },
        ...(append !== undefined && { append }),
      });
      const { problems } = reviewOf(at(onClustersOf('[main]')), at(onClustersOf('[main, batch]')));
      const hint = problems.find(({ rule }) => rule === 'trust-widened')?.hint;
      if (stage === 'dual')
        expect(hint).toMatch(/No gate has checked them, .* before the apply .* npx podlift doctor api$/);
      else expect(hint).toMatch(/^Have a reviewer confirm that these pods may have the permissions of the role\.$/);
    },
  );

  it('says what a new target allows: the hop, and the permissions of its role', () => {
    const { allowed } = reviewOf(inDev(''), inDev(LEDGER));
    expect(allowed).toEqual([
      {
        kind: 'actions',
        environment: 'dev',
        workload: 'api',
        who: 'role dev-api',
        actions: ['sts:AssumeRole', 'sts:TagSession'],
        resources: ['arn:aws:iam::222222222222:role/dev-api-ledger'],
      },
      {
        kind: 'actions',
        environment: 'dev',
        workload: 'api',
        target: 'ledger',
        who: 'role dev-api-ledger',
        actions: ['s3:GetObject'],
        resources: ['arn:aws:s3:::x/*'],
      },
    ]);
  });

  it('names principals, actions, role and conditions of a trust statement', () => {
    const statement =
      '{ Effect: Allow, Principal: { AWS: "111111111111" }, Action: "sts:AssumeRole", Condition: { StringEquals: { "sts:ExternalId": x } } }';
    expect(reviewOf(kept(), kept(statement)).allowed).toEqual([
      {
        kind: 'assume',
        environment: 'dev',
        workload: 'api',
        who: '111111111111',
        actions: ['sts:AssumeRole'],
        resources: ['arn:aws:iam::111111111111:role/own'],
        conditions: { StringEquals: { 'sts:ExternalId': 'x' } },
      },
    ]);
  });

  it.each([
    ['its permissions', `permissions: { statements: [${READ}] }\n`],
    ['its SDK', 'sdk: { language: python, version: 1.34.60 }\n'],
    ['a note of a kept statement', ''],
  ])('asks the owner of a role for nothing by a change of %s', (_, more) => {
    const external = (because: string) =>
      `role: { name: own, manage: external, keepTrust: [${GITHUB.replace('{ Sid', `{ because: ${because}, Sid`)}] }\n`;
    expect(foundBy(inDev(external('one')), inDev(external('two') + more))).not.toContain('owner-writes');
  });

  it('asks the owner of a role for nothing by a step: advance and rollback say it', () => {
    const external = role(', manage: external');
    const step = { ...external, replace: { 'dev: dual': 'dev: pod-identity' } };
    expect(foundBy(external, step)).not.toContain('owner-writes');
  });

  it('compares a first inventory with nothing', () => {
    expect(foundBy(undefined, statements(READ))).toEqual(['permissions-grown', 'actions']);
    expect(foundBy(undefined, {})).toEqual([]);
  });
});

describe('the review finds nothing', () => {
  it.each<readonly [string, Change, Change]>([
    ['without a change', {}, {}],
    ['when a wave takes a step', since('dual', '2026-11-14T09:00:00Z'), since('cutover', '2026-11-15T09:00:00Z')],
    ['when a wave goes back', since('cutover', '2026-11-14T09:00:00Z'), since('dual', '2026-11-15T09:00:00Z')],
    ['when permissions go', statements(READ), inDev('')],
    [
      'when a statement is split and reordered',
      statements(allow('s3:GetObject s3:PutObject', 'arn:aws:s3:::x/* arn:aws:s3:::y/*')),
      statements(
        allow('S3:putobject s3:GetObject', 'arn:aws:s3:::y/*', ', sid: Y'),
        allow('s3:PutObject s3:GetObject', 'arn:aws:s3:::x/*'),
      ),
    ],
    [
      'when a pattern gets narrower',
      statements(allow('s3:*', 'arn:aws:s3:::x/*')),
      statements(allow('s3:Get*', 'arn:aws:s3:::x/img/*')),
    ],
    [
      'when a condition is added',
      statements(READ),
      statements(READ.replace(' }', ', conditions: { Bool: { "aws:SecureTransport": true } } }')),
    ],
    [
      'when what is new is denied',
      statements('{ effect: Deny, actions: ["s3:Delete*"], resources: ["*"] }'),
      statements(
        '{ effect: Deny, actions: ["s3:Delete*"], resources: ["*"] }',
        allow('s3:DeleteObject', 'arn:aws:s3:::x/*'),
      ),
    ],
    [
      'when an administrator gets a managed policy',
      inDev('permissions: { managedPolicies: [AdministratorAccess] }'),
      inDev('permissions: { managedPolicies: [AdministratorAccess, ReadOnlyAccess] }'),
    ],
    [
      'when a Deny of other actions goes',
      statements(READ, '{ effect: Deny, actions: [sqs:SendMessage], resources: ["*"] }'),
      statements(READ),
    ],
    [
      'when a value gets another name',
      statements(allow('s3:GetObject', 'arn:aws:s3:::{bucket}/*')),
      statements(allow('s3:GetObject', 'arn:aws:s3:::acme-dev/*')),
    ],
    [
      'when a kept statement is written in another way',
      kept(GITHUB),
      kept(GITHUB.replace('Sid: ci, ', '').replace('"sts:AssumeRole"', '["STS:assumerole"]')),
    ],
    [
      'when a kept statement gets a condition',
      kept(GITHUB),
      kept(GITHUB.replace(' }', ' }').replace(/ }$/, ', Condition: { StringEquals: { "sts:ExternalId": x } } }')),
    ],
    ['when a kept statement gets a reason', kept(GITHUB), kept(GITHUB.replace(/ }$/, ', because: the pipeline }'))],
    ['when a kept statement goes', kept(GITHUB), kept()],
    ['when a denial is new', kept(GITHUB), kept(GITHUB, DENIAL)],
    ['when session tags come back', inDev('sessionTags: false'), inDev('')],
    [
      'when a new cluster runs nothing',
      inDev('clusters: [main]'),
      {
        ...twoClusters('    clusters: [main]\n'),
        replace: { '    values: { bucket: acme-dev }': `${BATCH}    values: { bucket: acme-dev }` },
      },
    ],
  ])('%s', (_when, base, head) => {
    expect(foundBy(base, head)).toEqual([]);
  });
});
