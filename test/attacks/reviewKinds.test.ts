import { compareInventories } from '../../src/inventory/compare/compareInventories';
import { LEDGER, twoClusters } from '../inventory/compare/CompareCase';
import { type Change, changed, checkMarked } from '../inventory/marked';
import { allow, foundBy, inDev, statements } from '../operations/review/reviewOf';

// Further changes that grow rights where a reviewer does not look: under another name, in another part of the inventory, or by leaving out.

type Attack = readonly [what: string, base: Change | undefined, head: Change];

const READ = allow('s3:GetObject', 'arn:aws:s3:::x/*');
const both = (...changes: readonly Change[]): Change => ({
  replace: Object.assign({}, ...changes.map(({ replace = {} }) => replace)) as Record<string, string>,
  append: changes.map(({ append = '' }) => append).join(''),
});

/** The rules that find something, of the comparison and of the review. */
function rulesOf(base: Change | undefined, head: Change): readonly string[] {
  const version = (change: Change) => {
    const { loaded } = checkMarked({ 'inventory.yaml': changed(change) });
    if (!loaded.inventory) throw new Error(JSON.stringify(loaded.findings, null, 2));
    return loaded.inventory;
  };
  const compared =
    base === undefined
      ? []
      : compareInventories(version(base), version(head), { now: new Date('2026-11-20T12:00:00Z') });
  return [...new Set(compared.map(({ rule }) => rule)), ...foundBy(base, head)];
}

const inline = (document: string) =>
  inDev(`permissions: { inlinePolicies: { own: { Version: "2012-10-17", Statement: ${document} } } }`);
const allowAll = (more: string) => `{ Effect: Allow, Action: "s3:*", Resource: "arn:aws:s3:::x/*"${more} }`;
const BOUNDARY = 'permissionsBoundary: "arn:aws:iam::111111111111:policy/limit"';
const managed = (...names: readonly string[]) => inDev(`permissions: { managedPolicies: [${names.join(', ')}] }`);

describe('permissions-grown', () => {
  const ATTACKS: readonly Attack[] = [
    ['a managed policy in place of a smaller one', managed('AmazonS3ReadOnlyAccess'), managed('AmazonS3FullAccess')],
    [
      'a managed policy beside permissions',
      statements(READ),
      inDev(`permissions: { statements: [${READ}], managedPolicies: [ReadOnlyAccess] }`),
    ],
    [
      'a NotAction of less',
      inline(
        '{ Effect: Deny, NotAction: ["s3:Get*"], Resource: "*" }, { Effect: Allow, Action: "s3:*", Resource: "arn:aws:s3:::x/*" }'
          .replace(/^/, '[')
          .replace(/$/, ']'),
      ),
      inline(
        '[{ Effect: Deny, NotAction: ["s3:Get*", "s3:Put*"], Resource: "*" }, { Effect: Allow, Action: "s3:*", Resource: "arn:aws:s3:::x/*" }]',
      ),
    ],
    [
      'a NotResource of more in a Deny',
      inline(
        '[{ Effect: Deny, Action: "s3:*", NotResource: "arn:aws:s3:::x/a/*" }, { Effect: Allow, Action: "s3:*", Resource: "arn:aws:s3:::x/*" }]',
      ),
      inline(
        '[{ Effect: Deny, Action: "s3:*", NotResource: ["arn:aws:s3:::x/a/*", "arn:aws:s3:::x/b/*"] }, { Effect: Allow, Action: "s3:*", Resource: "arn:aws:s3:::x/*" }]',
      ),
    ],
    [
      'a NotResource of less in an Allow',
      inline(
        '{ Effect: Allow, Action: "s3:GetObject", NotResource: ["arn:aws:s3:::secret/*", "arn:aws:s3:::keys/*"] }',
      ),
      inline('{ Effect: Allow, Action: "s3:GetObject", NotResource: ["arn:aws:s3:::secret/*"] }'),
    ],
    [
      'a NotResource that is narrower',
      inline('{ Effect: Allow, Action: "s3:GetObject", NotResource: "arn:aws:s3:::secret*" }'),
      inline('{ Effect: Allow, Action: "s3:GetObject", NotResource: "arn:aws:s3:::secret" }'),
    ],
    [
      'a Deny in another policy goes',
      inDev(
        'permissions: { inlinePolicies: { a: { Version: "2012-10-17", Statement: { Effect: Allow, Action: "s3:*", Resource: "*" } }, b: { Version: "2012-10-17", Statement: { Effect: Deny, Action: "s3:Delete*", Resource: "*" } } } }',
      ),
      inDev(
        'permissions: { inlinePolicies: { a: { Version: "2012-10-17", Statement: { Effect: Allow, Action: "s3:*", Resource: "*" } } } }',
      ),
    ],
    [
      'a Deny gets IfExists that never holds',
      inline(
        `[${allowAll('')}, { Effect: Deny, Action: "s3:*", Resource: "*", Condition: { Bool: { "aws:SecureTransport": false } } }]`,
      ),
      inline(
        `[${allowAll('')}, { Effect: Deny, Action: "s3:*", Resource: "*", Condition: { Bool: { "aws:SecureTransport": false }, "Null": { "aws:SecureTransport": true } } }]`,
      ),
    ],
    [
      'an address range is wider',
      inline(allowAll(', Condition: { IpAddress: { "aws:SourceIp": "10.0.0.0/16" } }')),
      inline(allowAll(', Condition: { IpAddress: { "aws:SourceIp": "10.0.0.0/8" } }')),
    ],
    [
      'a number is larger',
      inline(allowAll(', Condition: { NumericLessThan: { "s3:max-keys": 10 } }')),
      inline(allowAll(', Condition: { NumericLessThan: { "s3:max-keys": 1000 } }')),
    ],
    [
      'a date is later',
      inline(allowAll(', Condition: { DateLessThan: { "aws:CurrentTime": "2026-12-01T00:00:00Z" } }')),
      inline(allowAll(', Condition: { DateLessThan: { "aws:CurrentTime": "2036-12-01T00:00:00Z" } }')),
    ],
    [
      'an operator that is negated',
      inline(allowAll(', Condition: { StringEquals: { "aws:SourceVpc": vpc-1 } }')),
      inline(allowAll(', Condition: { StringNotEquals: { "aws:SourceVpc": vpc-1 } }')),
    ],
    [
      'ForAllValues in place of ForAnyValue',
      inline(allowAll(', Condition: { "ForAnyValue:StringEquals": { "aws:TagKeys": a } }')),
      inline(allowAll(', Condition: { "ForAllValues:StringEquals": { "aws:TagKeys": a } }')),
    ],
    [
      'Null in place of a value',
      inline(allowAll(', Condition: { StringEquals: { "aws:ResourceTag/team": shop } }')),
      inline(allowAll(', Condition: { "Null": { "aws:ResourceTag/team": false } }')),
    ],
    [
      'a comparison without case',
      inline(allowAll(', Condition: { StringEquals: { "aws:ResourceTag/team": shop } }')),
      inline(allowAll(', Condition: { StringEqualsIgnoreCase: { "aws:ResourceTag/team": shop } }')),
    ],
    [
      'a variable in place of a value',
      statements(READ),
      statements(allow('s3:GetObject', 'arn:aws:s3:::${aws:PrincipalTag/kubernetes-namespace}/*')),
    ],
    [
      'a Deny with a variable in place of a wildcard',
      inline(`[${allowAll('')}, { Effect: Deny, Action: "s3:*", Resource: "arn:aws:s3:::x/secret/*" }]`),
      inline(`[${allowAll('')}, { Effect: Deny, Action: "s3:*", Resource: "arn:aws:s3:::x/secret/\${aws:username}" }]`),
    ],
    [
      'an account of two keys changes places',
      statements(allow('sqs:SendMessage', 'arn:aws:sqs:us-west-2:{accounts.data}:q')),
      both(statements(allow('sqs:SendMessage', 'arn:aws:sqs:us-west-2:{accounts.data}:q')), {
        replace: { '"222222222222"': '"999999999999"' },
      }),
    ],
    [
      'a value of another environment',
      { append: `    permissions: { statements: [${allow('s3:GetObject', 'arn:aws:s3:::{bucket}/*')}] }\n` },
      {
        replace: { 'bucket: acme-prod': 'bucket: "*"' },
        append: `    permissions: { statements: [${allow('s3:GetObject', 'arn:aws:s3:::{bucket}/*', ', because: x')}] }\n`,
      },
    ],
    ['the account of a target', inDev(LEDGER), inDev(LEDGER.replace('account: data', 'account: apps'))],
    [
      'two targets that change places',
      inDev(
        'targets: { a: { account: data, permissions: { managedPolicies: [ReadOnlyAccess] } }, b: { account: apps, permissions: { managedPolicies: [AmazonS3FullAccess] } } }',
      ),
      inDev(
        'targets: { a: { account: data, permissions: { managedPolicies: [AmazonS3FullAccess] } }, b: { account: apps, permissions: { managedPolicies: [ReadOnlyAccess] } } }',
      ),
    ],
    [
      'an entry that takes the place of another',
      both(inDev(`permissions: { statements: [${READ}] }`), {
        append:
          '  web: { wave: pilot, namespace: production, serviceAccount: web, environments: [dev], permissions: { managedPolicies: [ReadOnlyAccess] } }\n',
      }),
      both(inDev('permissions: { managedPolicies: [ReadOnlyAccess] }'), {
        append: `  web: { wave: pilot, namespace: production, serviceAccount: web, environments: [dev], permissions: { statements: [${READ}] } }\n`,
      }),
    ],
    [
      'an entry without permissions that gets them in one environment',
      { append: '' },
      { append: `    overrides: { prod: { permissions: { statements: [${READ}] } } }\n` },
    ],
    [
      'the least of a longer list',
      statements(...Array.from({ length: 20 }, (_, index) => allow('s3:GetObject', `arn:aws:s3:::b${index}/*`))),
      statements(...Array.from({ length: 21 }, (_, index) => allow('s3:GetObject', `arn:aws:s3:::b${index}/*`))),
    ],
    [
      'an action in another case',
      statements(allow('s3:getobject', 'arn:aws:s3:::x/*')),
      statements(allow('s3:GETOBJECT s3:PUTOBJECT', 'arn:aws:s3:::x/*')),
    ],
  ];

  it.each(ATTACKS)('finds it: %s', (_what, base, head) => {
    expect(rulesOf(base, head)).toContain('permissions-grown');
  });

  it.each<Attack>([
    ['the boundary goes', inDev(`role: { ${BOUNDARY} }`), inDev('')],
    ['another boundary', inDev(`role: { ${BOUNDARY} }`), inDev(`role: { ${BOUNDARY.replace('limit', 'none')} }`)],
    [
      'the boundary goes in an override',
      inDev(`role: { ${BOUNDARY} }`),
      inDev(
        `role: { ${BOUNDARY} }\noverrides: { dev: { role: { permissionsBoundary: "arn:aws:iam::aws:policy/AdministratorAccess" } } }`,
      ),
    ],
    [
      'the boundary of a target',
      inDev(
        LEDGER.replace(
          'account: data,',
          'account: data, role: { permissionsBoundary: "arn:aws:iam::222222222222:policy/limit" },',
        ),
      ),
      inDev(LEDGER),
    ],
  ])('leaves it to bounds-loosened: %s', (_what, base, head) => {
    expect(rulesOf(base, head)).toContain('bounds-loosened');
  });

  it.each<[string, Change, string]>([
    ['a managed policy of another account', managed('"arn:aws:iam::222222222222:policy/x"'), 'policy-account'],
    ['an action that AWS does not have', statements(allow('s3:FutureAction', 'arn:aws:s3:::x/*')), 'unknown-action'],
    ['a bucket in another partition', statements(allow('s3:GetObject', 'arn:aws-cn:s3:::y/*')), 'partition-mismatch'],
  ])('has nothing to find where the inventory has an error: %s', (_what, change, rule) => {
    const { findings } = checkMarked({ 'inventory.yaml': changed(change) }).loaded;
    expect(findings.map((finding) => [finding.severity, finding.rule])).toContainEqual(['error', rule]);
  });

  const LESS: readonly Attack[] = [
    [
      'statements in another order',
      statements(READ, allow('sqs:SendMessage', 'arn:aws:sqs:us-west-2:111111111111:q')),
      statements(allow('sqs:SendMessage', 'arn:aws:sqs:us-west-2:111111111111:q'), READ),
    ],
    [
      'two statements that become one',
      statements(READ, allow('s3:PutObject', 'arn:aws:s3:::x/*')),
      statements(allow('s3:GetObject s3:PutObject', 'arn:aws:s3:::x/*')),
    ],
    [
      'a name in place of what it stands for',
      statements(allow('s3:GetObject', 'arn:aws:s3:::acme-dev/*')),
      statements(allow('s3:GetObject', 'arn:aws:s3:::{bucket}/*')),
    ],
    [
      'a condition more',
      statements(READ),
      statements(READ.replace(' }', ', conditions: { Bool: { "aws:SecureTransport": true } } }')),
    ],
  ];

  it.each(LESS)('finds nothing where nothing grows: %s', (_what, base, head) => {
    expect(rulesOf(base, head)).not.toContain('permissions-grown');
  });
});

const CI = '{ Effect: Allow, Principal: { AWS: "arn:aws:iam::111111111111:role/ci" }, Action: "sts:AssumeRole" }';
const kept = (...written: readonly string[]) =>
  inDev(`role: { name: own, adopt: true, keepTrust: [${written.join(', ')}] }`);
const principal = (arn: string) => CI.replace('arn:aws:iam::111111111111:role/ci', arn);
const ISSUER = '"https://oidc.eks.us-west-2.amazonaws.com/id/D1D1"';

/** Rules that name such a change: where the one that fits best is not needed, another says that the same thing happens. */
const NAMING: ReadonlySet<string> = new Set([
  ...['trust-widened', 'session-tags-off', 'account-swapped', 'stage-skipped'],
  ...['environment-moved', 'key-renamed', 'role-replaced'],
]);

describe('trust-widened', () => {
  const ATTACKS: readonly Attack[] = [
    [
      'the issuer of a cluster',
      { replace: { 'dev: dual': 'dev: irsa' } },
      { replace: { 'dev: dual': 'dev: irsa', [ISSUER]: '"https://oidc.eks.us-west-2.amazonaws.com/id/EEEE"' } },
    ],
    [
      'the name of a cluster',
      { replace: { 'dev: dual': 'dev: pod-identity' } },
      { replace: { 'dev: dual': 'dev: pod-identity', 'name: dev-main': 'name: dev-other' } },
    ],
    [
      'the account of a cluster',
      { replace: { 'dev: dual': 'dev: pod-identity' } },
      { replace: { 'dev: dual': 'dev: pod-identity', '"111111111111"': '"999999999999"' } },
    ],
    ['the service account', inDev(''), { ...inDev(''), replace: { 'serviceAccount: api': 'serviceAccount: admin' } }],
    [
      'the namespace at pod-identity',
      both(inDev(''), { replace: { 'dev: dual': 'dev: pod-identity' } }),
      both(inDev(''), { replace: { 'dev: dual': 'dev: pod-identity', 'namespace: production': 'namespace: default' } }),
    ],
    ['session tags that go off', inDev(''), inDev('sessionTags: false')],
    [
      'a principal by a name that changes',
      kept(principal('arn:aws:iam::{accounts.data}:role/ci')),
      both(kept(principal('arn:aws:iam::{accounts.data}:role/ci')), {
        replace: { '"222222222222"': '"999999999999"' },
      }),
    ],
    ['a user in place of a role', kept(CI), kept(principal('arn:aws:iam::111111111111:user/ci'))],
    ['a role below a path', kept(CI), kept(principal('arn:aws:iam::111111111111:role/x/ci'))],
    ['a role that differs in case', kept(CI), kept(principal('arn:aws:iam::111111111111:role/CI'))],
    ['a session in place of a role', kept(principal('arn:aws:sts::111111111111:assumed-role/ci/a')), kept(CI)],
    [
      'another service',
      kept('{ Effect: Allow, Principal: { Service: ec2.amazonaws.com }, Action: "sts:AssumeRole", because: x }'),
      kept('{ Effect: Allow, Principal: { Service: lambda.amazonaws.com }, Action: "sts:AssumeRole", because: x }'),
    ],
    [
      'a condition on an organisation that is wider',
      kept(
        '{ Effect: Allow, Principal: "*", Action: "sts:AssumeRole", Condition: { StringEquals: { "aws:PrincipalOrgID": o-1234567890 } }, because: x }',
      ),
      kept(
        '{ Effect: Allow, Principal: "*", Action: "sts:AssumeRole", Condition: { StringLike: { "aws:PrincipalOrgID": "o-*" } }, because: x }',
      ),
    ],
    [
      'the same reason for more',
      kept(CI),
      kept(
        '{ Effect: Allow, Principal: { AWS: "arn:aws:iam::111111111111:root" }, Action: "sts:AssumeRole", because: ci }',
      ),
    ],
    [
      'a SAML provider',
      kept(CI),
      kept(
        CI,
        '{ Effect: Allow, Principal: { Federated: "arn:aws:iam::111111111111:saml-provider/x" }, Action: "sts:AssumeRoleWithSAML", Condition: { StringEquals: { "SAML:aud": "https://signin.aws.amazon.com/saml" } }, because: x }',
      ),
    ],
    [
      'SetSourceIdentity',
      kept(CI),
      kept(CI.replace('"sts:AssumeRole"', '["sts:AssumeRole", "sts:SetSourceIdentity"]')),
    ],
    ['an action by a wildcard', kept(CI), kept(CI.replace('"sts:AssumeRole"', '"sts:*"'))],
    [
      'a kept statement in an override',
      kept(),
      inDev(`role: { name: own, adopt: true }\noverrides: { dev: { role: { keepTrust: [${CI}] } } }`),
    ],
    ['a kept statement of a renamed entry', kept(), both({ replace: { '  api:\n': '  app:\n' } }, kept(CI))],
    ['one more cluster', twoClusters('    clusters: [main]\n'), twoClusters('    clusters: [main, batch]\n')],
    [
      'a stage forward and back at once',
      both(inDev(''), { replace: { 'dev: dual': 'dev: pod-identity' } }),
      both(inDev(''), { replace: { 'dev: dual': 'dev: irsa' } }),
    ],
    [
      'a role of a target that is adopted with a trust',
      inDev(LEDGER),
      inDev(LEDGER.replace('account: data,', `account: data, role: { name: t, adopt: true, keepTrust: [${CI}] },`)),
    ],
  ];

  it.each(ATTACKS)('finds it, or another rule refuses it: %s', (_what, base, head) => {
    let rules: readonly string[];
    try {
      rules = rulesOf(base, head);
    } catch (error) {
      // The inventory itself has an error then.
      expect(String(error)).toContain('"severity": "error"');
      return;
    }
    expect(rules.filter((rule) => NAMING.has(rule))).not.toEqual([]);
  });
});

describe('access-moved, state-moved and role-adopted', () => {
  const arn = (name: string, account = '111111111111') => `"arn:aws:iam::${account}:role/${name}"`;
  const apps = (fields: string): Change => ({ replace: { '"111111111111" }': `"111111111111"${fields} }` } });
  const data = (fields: string): Change => ({ replace: { '"222222222222" }': `"222222222222"${fields} }` } });
  const STATE = 'state: { s3: { bucket: acme-tfstate, region: us-west-2 } }';

  const ATTACKS: readonly (readonly [string, string, Change | undefined, Change])[] = [
    [
      'access-moved',
      'the same name in another account',
      apps(`, deployRole: ${arn('deploy')}`),
      { replace: { '"111111111111" }': `"999999999999", deployRole: ${arn('deploy', '999999999999')} }` } },
    ],
    [
      'access-moved',
      'roles of two accounts that change places',
      both(apps(`, deployRole: ${arn('a')}`), data(`, deployRole: ${arn('b', '222222222222')}`)),
      both(apps(`, deployRole: ${arn('b')}`), data(`, deployRole: ${arn('a', '222222222222')}`)),
    ],
    [
      'access-moved',
      'a read role that the deploy role replaced',
      apps(`, deployRole: ${arn('a')}, readRole: ${arn('b')}`),
      apps(`, deployRole: ${arn('a')}`),
    ],
    ['access-moved', 'the environment’s account', { replace: {} }, { replace: { 'account: apps': 'account: data' } }],
    [
      'access-moved',
      'two ids that change places',
      {},
      {
        replace: {
          '"111111111111"': '"000000000000"',
          '"222222222222"': '"111111111111"',
          '"000000000000"': '"222222222222"',
        },
      },
    ],
    [
      'state-moved',
      'an environment under another key',
      {},
      { replace: { '  dev:\n': '  test:\n', 'stages: { dev:': 'stages: { test:' } },
    ],
    [
      'state-moved',
      'two environments that change their buckets',
      {
        replace: {
          [`region: us-west-2\n    ${STATE}\n    clusters:\n      main:\n        name: dev-main`]: `region: us-west-2\n    state: { s3: { bucket: one-tfstate, region: us-west-2 } }\n    clusters:\n      main:\n        name: dev-main`,
        },
      },
      {},
    ],
    [
      'state-moved',
      'a state with a lock elsewhere',
      {},
      {
        replace: {
          [`${STATE}\n    clusters:\n      main:\n        name: dev-main`]: `state: { s3: { bucket: acme-tfstate, region: eu-west-1 } }\n    clusters:\n      main:\n        name: dev-main`,
        },
      },
    ],
    [
      'role-adopted',
      'a role of a target',
      inDev(LEDGER),
      inDev(LEDGER.replace('account: data,', 'account: data, role: { name: admin, adopt: true },')),
    ],
    [
      'role-adopted',
      'the same name by another value',
      both(inDev('role: { name: "{bucket}", adopt: true }')),
      both(inDev('role: { name: "{bucket}", adopt: true }'), { replace: { 'bucket: acme-dev': 'bucket: Admin' } }),
    ],
    [
      'role-adopted',
      'the same name in another account',
      inDev('role: { name: admin, adopt: true }'),
      both(inDev('role: { name: admin, adopt: true }'), { replace: { '"111111111111"': '"999999999999"' } }),
    ],
    [
      'role-adopted',
      'by an entry that takes the key of another',
      both(inDev('role: { name: own, adopt: true }'), {
        append:
          '  web: { wave: pilot, namespace: production, serviceAccount: web, environments: [dev], role: { name: small, adopt: true } }\n',
      }),
      both(inDev('role: { name: small, adopt: true }'), {
        append:
          '  web: { wave: pilot, namespace: production, serviceAccount: web, environments: [dev], role: { name: own, adopt: true } }\n',
      }),
    ],
  ];

  it.each(ATTACKS)('%s: %s is reported by it, or by a rule of its own', (rule, _what, base, head) => {
    let rules: readonly string[];
    try {
      rules = rulesOf(base, head);
    } catch (error) {
      expect(String(error)).toContain('"severity": "error"');
      return;
    }
    expect(rules.filter((found) => found === rule || NAMING.has(found))).not.toEqual([]);
  });
});
