import { type Change } from '../inventory/marked';
import { LEDGER, twoClusters } from '../inventory/compare/CompareCase';
import { allow, foundBy, inDev, reviewOf, statements } from '../operations/review/reviewOf';

// Changes that should pass a reviewer by: each gives a warning, whatever its spelling.

type Attack = readonly [what: string, base: Change | undefined, head: Change];

const READ = allow('s3:GetObject', 'arn:aws:s3:::x/*');
const entry = (fields: string, more = ''): Change => ({
  append: `${more}  web: { namespace: shop, serviceAccount: web, environments: [dev], ${fields} }\n`,
});
const AT_IRSA = 'stage: irsa, because: later';
const inline = (document: string, version = 'Version: "2012-10-17", ') =>
  inDev(`permissions: { inlinePolicies: { own: { ${version}Statement: ${document} } } }`);

describe('permissions-grown', () => {
  const ADMIN: readonly Attack[] = [
    ['"*" on "*"', statements(READ), statements(READ, allow('*', '*', ', because: x'))],
    ['"*" on an ARN of wildcards', statements(READ), statements(READ, allow('*', 'arn:*:*:*:*:*', ', because: x'))],
    [
      '*:* in an inline policy',
      inline(`{ Effect: Allow, Action: "s3:Get*", Resource: "*" }`),
      inline(`{ Effect: Allow, Action: "*:*", Resource: "*" }`),
    ],
    [
      'by name',
      statements(READ),
      inDev(`permissions: { statements: [${READ}], managedPolicies: [AdministratorAccess] }`),
    ],
    [
      'by ARN',
      statements(READ),
      inDev('permissions: { managedPolicies: ["arn:{partition}:iam::aws:policy/AdministratorAccess"] }'),
    ],
    [
      'in an override',
      statements(READ),
      inDev(
        `permissions: { statements: [${READ}] }\noverrides: { dev: { permissions: { managedPolicies: [AdministratorAccess] } } }`,
      ),
    ],
    ['in a new entry', {}, entry(`${AT_IRSA}, permissions: { managedPolicies: [AdministratorAccess] }`)],
    ['in a first inventory', undefined, entry(`${AT_IRSA}, permissions: { managedPolicies: [AdministratorAccess] }`)],
    [
      'for a target',
      inDev(LEDGER),
      inDev('targets: { ledger: { account: data, permissions: { managedPolicies: [AdministratorAccess] } } }'),
    ],
    [
      'in a released entry that is managed again',
      inDev('released: true\nrole: { adopt: true }'),
      inDev('role: { adopt: true }\npermissions: { managedPolicies: [AdministratorAccess] }'),
    ],
  ];

  it.each(ADMIN)('finds administrator access: %s', (_what, base, head) => {
    expect(foundBy(base, head)).toEqual(expect.arrayContaining(['permissions-grown', 'administrator']));
  });

  const WILDCARDS: readonly Attack[] = [
    ['an action gets a wildcard', statements(READ), statements(allow('s3:Get*', 'arn:aws:s3:::x/*'))],
    ['a ? in an action', statements(READ), statements(allow('s3:?etObject', 'arn:aws:s3:::x/*'))],
    ['a resource gets "*"', statements(READ), statements(allow('s3:GetObject', '*', ', because: x'))],
    ['every bucket', statements(READ), statements(allow('s3:GetObject', 'arn:aws:s3:::*'))],
    ['NotAction', inDev(''), inline('{ Effect: Allow, NotAction: "iam:*", Resource: "arn:aws:s3:::x/*" }')],
    ['NotResource', inDev(''), inline('{ Effect: Allow, Action: "s3:GetObject", NotResource: "arn:aws:s3:::x/*" }')],
    [
      'an exception less',
      inline('{ Effect: Allow, NotAction: ["iam:*", "sts:*"], Resource: "*" }'),
      inline('{ Effect: Allow, NotAction: "sts:*", Resource: "*" }'),
    ],
    ['iam:* on all roles', statements(READ), statements(READ, allow('iam:*', 'arn:aws:iam::*:role/*'))],
    ['s3:* in place of the one action', statements(READ), statements(allow('s3:*', 'arn:aws:s3:::x/*'))],
  ];

  it.each(WILDCARDS)('finds a wildcard: %s', (_what, base, head) => {
    const found = foundBy(base, head);
    expect(found[0]).toBe('permissions-grown');
    expect(['wildcard', 'resources']).toContain(found[1]);
  });

  const CONDITION = READ.replace(' }', ', conditions: { StringEquals: { "s3:ExistingObjectTag/a": [x, y] } } }');
  const DENY = '{ effect: Deny, actions: ["s3:*"], resources: ["arn:aws:s3:::x/secret/*"] }';
  const GROWN: readonly Attack[] = [
    ['a wider prefix', statements(allow('s3:GetObject', 'arn:aws:s3:::x/img/*')), statements(READ)],
    [
      'another region',
      statements(allow('sqs:SendMessage', 'arn:aws:sqs:us-west-2:1:q'.replace(':1:', ':111111111111:'))),
      statements(allow('sqs:SendMessage', 'arn:aws:sqs:us-east-1:111111111111:q')),
    ],
    [
      'another account',
      statements(allow('sqs:SendMessage', 'arn:aws:sqs:us-west-2:{account}:q')),
      statements(allow('sqs:SendMessage', 'arn:aws:sqs:us-west-2:{accounts.data}:q')),
    ],
    [
      'a value that changes',
      statements(allow('s3:GetObject', 'arn:aws:s3:::{bucket}/*')),
      {
        ...statements(allow('s3:GetObject', 'arn:aws:s3:::{bucket}/*')),
        replace: { 'bucket: acme-dev': 'bucket: acme-secrets' },
      },
    ],
    ['a condition that goes', statements(CONDITION), statements(READ)],
    ['one more value of a condition', statements(CONDITION), statements(CONDITION.replace('x, y', 'x, y, z'))],
    ['IfExists', statements(CONDITION), statements(CONDITION.replace('StringEquals', 'StringEqualsIfExists'))],
    [
      'a pattern in place of a value',
      statements(CONDITION),
      statements(CONDITION.replace('StringEquals', 'StringLike').replace('x, y', 'x, "y*"')),
    ],
    [
      'a Deny that goes',
      statements(allow('s3:*', 'arn:aws:s3:::x/*'), DENY),
      statements(allow('s3:*', 'arn:aws:s3:::x/*')),
    ],
    [
      'a Deny with a condition',
      statements(READ, DENY),
      statements(READ, DENY.replace(/ }$/, ', conditions: { Bool: { "aws:SecureTransport": false } } }')),
    ],
    ['a Deny of less', statements(READ, DENY), statements(READ, DENY.replace('secret', 'secret/old'))],
    ['a Deny of fewer actions', statements(READ, DENY), statements(READ, DENY.replace('s3:*', 's3:Put*'))],
    ['an Allow where a Deny was', statements(DENY), statements(DENY.replace('Deny', 'Allow'))],
    [
      'a version that makes variables live',
      inline('{ Effect: Allow, Action: "s3:GetObject", Resource: "arn:aws:s3:::x/${aws:username}" }', ''),
      inline('{ Effect: Allow, Action: "s3:GetObject", Resource: "arn:aws:s3:::x/${aws:username}" }'),
    ],
    [
      'a customer managed policy',
      inDev(''),
      inDev('permissions: { managedPolicies: ["arn:{partition}:iam::{account}:policy/harmless"] }'),
    ],
    [
      'a policy of another path',
      inDev('permissions: { managedPolicies: ["arn:aws:iam::111111111111:policy/reader"] }'),
      inDev('permissions: { managedPolicies: ["arn:aws:iam::111111111111:policy/x/reader"] }'),
    ],
    [
      'permissions as an inline policy',
      statements(READ),
      inDev(
        `permissions: { statements: [${READ}], inlinePolicies: { more: { Version: "2012-10-17", Statement: { Effect: Allow, Action: "s3:PutObject", Resource: "arn:aws:s3:::x/*" } } } }`,
      ),
    ],
    ['a new target', inDev(''), inDev(LEDGER)],
    ['a target may do more', inDev(LEDGER), inDev(LEDGER.replace('s3:GetObject', 's3:PutObject'))],
    ['permissions in an override', inDev(''), inDev(`overrides: { dev: { permissions: { statements: [${READ}] } } }`)],
    [
      'a renamed workload',
      {},
      { replace: { '  api:\n': '  app:\n' }, append: `    permissions: { statements: [${READ}] }\n` },
    ],
    ['one more environment', statements(READ), { append: `    permissions: { statements: [${READ}] }\n` }],
  ];

  it.each(GROWN)('finds what is new: %s', (_what, base, head) => {
    expect(foundBy(base, head)).toContain('permissions-grown');
  });

  it('names each environment, and counts what the message does not show', () => {
    const many = ['dynamodb:PutItem', 'sqs:SendMessage', 'sns:Publish', 'kms:Decrypt'].map((action, index) =>
      allow(action, `arn:aws:${action.split(':')[0] ?? ''}:us-west-2:111111111111:x${index}`),
    );
    const { problems, allowed } = reviewOf({}, { append: `    permissions: { statements: [${many.join(', ')}] }\n` });
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^the role of workload "api" in dev may do more: .*; .*; .*, and 1 more$/),
      expect.stringMatching(/^the role of workload "api" in prod may do more: .*; .*; .*, and 1 more$/),
    ]);
    expect(allowed).toHaveLength(8);
  });
});

describe('trust-widened', () => {
  const TRUST = (principal: string, more = '', action = '"sts:AssumeRole"') =>
    `{ Effect: Allow, Principal: ${principal}, Action: ${action}${more} }`;
  const CI = TRUST('{ AWS: "arn:aws:iam::111111111111:role/ci" }');
  const EXTERNAL = ', Condition: { StringEquals: { "sts:ExternalId": [a] } }';
  const DENY =
    '{ Effect: Deny, Principal: "*", Action: "sts:*", Condition: { StringNotEquals: { "aws:PrincipalOrgID": o-1234567890 } } }';
  const kept = (...written: readonly string[]) =>
    inDev(`role: { name: own, adopt: true${written.length === 0 ? '' : `, keepTrust: [${written.join(', ')}]`} }`);
  const adopted = (field: string, ...written: readonly string[]) =>
    inDev(`role: { name: own, adopt: true, adoptedTrust: { ${field}: [${written.join(', ')}] } }`);
  const PROVIDER = 'arn:aws:iam::111111111111:oidc-provider/oidc.eks.us-west-2.amazonaws.com/id/D1D1';
  const WEB = (condition: string) =>
    TRUST(`{ Federated: "${PROVIDER}" }`, `, Condition: { ${condition} }`, '"sts:AssumeRoleWithWebIdentity"');
  const SUB = 'oidc.eks.us-west-2.amazonaws.com/id/D1D1:sub';
  const AUD = 'oidc.eks.us-west-2.amazonaws.com/id/D1D1:aud';
  const PODS = TRUST('{ Service: pods.eks.amazonaws.com }', '', '["sts:AssumeRole", "sts:TagSession"]');

  const ATTACKS: readonly Attack[] = [
    ['everyone', kept(), kept(TRUST('"*"'))],
    ['everyone of AWS', kept(CI), kept(TRUST('{ AWS: "*" }'))],
    ['the account root', kept(CI), kept(TRUST('{ AWS: "111111111111" }'))],
    [
      'one more principal in a list',
      kept(CI),
      kept(TRUST('{ AWS: ["arn:aws:iam::111111111111:role/ci", "arn:aws:iam::999999999999:root"] }')),
    ],
    ['a condition that goes', kept(TRUST('{ AWS: "111111111111" }', EXTERNAL)), kept(TRUST('{ AWS: "111111111111" }'))],
    [
      'one more value of a condition',
      kept(TRUST('{ AWS: "111111111111" }', EXTERNAL)),
      kept(TRUST('{ AWS: "111111111111" }', EXTERNAL.replace('[a]', '[a, b]'))),
    ],
    [
      'one more action',
      kept(CI),
      kept(TRUST('{ AWS: "arn:aws:iam::111111111111:role/ci" }', '', '["sts:AssumeRole", "sts:TagSession"]')),
    ],
    [
      'NotPrincipal',
      kept(),
      kept('{ Effect: Allow, NotPrincipal: { AWS: "arn:aws:iam::111111111111:role/ci" }, Action: "sts:AssumeRole" }'),
    ],
    ['NotAction', kept(), kept('{ Effect: Allow, Principal: "*", NotAction: "sts:TagSession" }')],
    ['a denial that goes', kept(CI, DENY), kept(CI)],
    ['a denial of less', kept(CI, DENY), kept(CI, DENY.replace('sts:*', 'sts:TagSession'))],
    [
      'a denial with a condition more',
      kept(CI, DENY),
      kept(CI, DENY.replace('Condition: {', 'Condition: { Bool: { "aws:SecureTransport": false },')),
    ],
    [
      'a subject with a wildcard',
      kept(),
      adopted('oidc', WEB(`StringLike: { "${SUB}": "system:serviceaccount:production:*" }`)),
    ],
    ['no subject', kept(), adopted('oidc', WEB(`StringEquals: { "${AUD}": sts.amazonaws.com }`))],
    ['no audience', kept(), adopted('oidc', WEB(`StringEquals: { "${SUB}": "system:serviceaccount:production:api" }`))],
    ['pods without conditions', kept(), adopted('podIdentity', PODS)],
    ['another provider', kept(), kept(WEB(`StringEquals: { "${SUB}": a }`).replaceAll('D1D1', 'EEEE'))],
    [
      'a new entry that keeps a statement',
      {},
      entry(`${AT_IRSA}, role: { name: web, adopt: true, keepTrust: [${CI}] }`),
    ],
    [
      'a new entry with pods without conditions',
      {},
      entry(`${AT_IRSA}, role: { name: web, adopt: true, adoptedTrust: { podIdentity: [${PODS}] } }`),
    ],
    ['a first inventory that keeps a statement', undefined, kept(CI)],
    [
      'another namespace at irsa',
      inDev(''),
      { ...inDev(''), replace: { 'namespace: production': 'namespace: default' } },
    ],
    ['another cluster', twoClusters('    clusters: [main]\n'), twoClusters('')],
    [
      'IRSA again after pod-identity',
      { ...kept(), replace: { 'dev: dual': 'dev: pod-identity' } },
      {
        ...kept(WEB(`StringEquals: { "${SUB}": "system:serviceaccount:production:api", "${AUD}": sts.amazonaws.com }`)),
        replace: { 'dev: dual': 'dev: pod-identity' },
      },
    ],
  ];

  it.each(ATTACKS)('finds it: %s', (_what, base, head) => {
    expect(foundBy(base, head)).toContain('trust-widened');
  });

  it('finds nothing in an entry whose adopted trust is podlift’s own', () => {
    const own = WEB(`StringEquals: { "${SUB}": "system:serviceaccount:shop:web", "${AUD}": sts.amazonaws.com }`);
    const head = entry(`${AT_IRSA}, role: { name: web, adopt: true, adoptedTrust: { oidc: [${own}] } }`);
    expect(foundBy({}, head)).toEqual(['role-adopted', 'assume']);
  });
});

describe('role-adopted', () => {
  const ADOPT = 'role: { name: admin, adopt: true }';
  const ATTACKS: readonly Attack[] = [
    ['a new entry', {}, entry(`${AT_IRSA}, ${ADOPT}`)],
    ['a first inventory', undefined, entry(`${AT_IRSA}, ${ADOPT}`)],
    ['a new entry with found', {}, entry(`stage: pod-identity, found: pod-identity, ${ADOPT}`)],
    ['an entry that becomes adopted', inDev('role: { name: own }'), inDev('role: { name: own, adopt: true }')],
    [
      'another role under the same key',
      inDev('role: { name: own, adopt: true }'),
      inDev('role: { name: admin, adopt: true }'),
    ],
    [
      'the same name below another path',
      inDev('role: { name: own, adopt: true }'),
      inDev('role: { name: own, path: /admin/, adopt: true }'),
    ],
    ['in an override', inDev(''), inDev('overrides: { dev: { role: { name: admin, adopt: true } } }')],
    [
      'in one more environment',
      inDev('role: { name: own, adopt: true }'),
      { append: '    role: { name: own, adopt: true }\n' },
    ],
    [
      'by a value',
      inDev('role: { name: "{bucket}", adopt: true }'),
      { ...inDev('role: { name: "{bucket}", adopt: true }'), replace: { 'bucket: acme-dev': 'bucket: admin' } },
    ],
    [
      'a renamed entry with another role',
      {},
      {
        replace: { '  api:\n': '  app:\n' },
        append: '    environments: [dev]\n    role: { name: admin, adopt: true }\n',
      },
    ],
    [
      'with YAML’s other spelling of the map',
      {},
      {
        append: `  web:\n    namespace: shop\n    serviceAccount: web\n    environments: [dev]\n    ${AT_IRSA.replace(', ', '\n    ')}\n    role:\n      "adopt": true\n      name: admin\n`,
      },
    ],
  ];

  it.each(ATTACKS)('finds it: %s', (_what, base, head) => {
    expect(foundBy(base, head)).toContain('role-adopted');
  });

  it('finds nothing where an adopted role moves to another entry with its name', () => {
    const base = entry(`${AT_IRSA}, role: { name: admin, adopt: true }`);
    const head = { append: (base.append ?? '').replace('  web:', '  site:') };
    expect(foundBy(base, head)).toEqual([]);
  });
});

describe('session-tags-off', () => {
  const OFF = 'sessionTags: false';
  const ATTACKS: readonly Attack[] = [
    ['a kept workload', inDev(''), inDev(OFF)],
    ['a kept workload that had them written', inDev('sessionTags: true'), inDev(OFF)],
    ['in an override', inDev(''), inDev('overrides: { dev: { sessionTags: false } }')],
    ['an override that restored them goes', inDev(`${OFF}\noverrides: { dev: { sessionTags: true } }`), inDev(OFF)],
    ['a new entry', {}, entry(`stage: pod-identity, ${OFF}`)],
    ['a new entry at irsa', {}, entry(`${AT_IRSA}, ${OFF}`)],
    ['a first inventory', undefined, inDev(OFF)],
    ['in one more environment', inDev(OFF), { append: `    ${OFF}\n` }],
    ['a renamed entry', {}, { replace: { '  api:\n': '  app:\n' }, append: `    ${OFF}\n` }],
    ['with a step of the wave', inDev(''), { ...inDev(OFF), replace: { 'dev: dual': 'dev: cutover' } }],
    ['with a target', inDev(''), inDev(`${OFF}\n${LEDGER}`)],
  ];

  it.each(ATTACKS)('finds it: %s', (_what, base, head) => {
    expect(foundBy(base, head)).toContain('session-tags-off');
  });
});
