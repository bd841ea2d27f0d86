import { changed, checkMarked, type Change } from '../marked';

/** The rules that find something in a changed base, in the order of their places. */
function rulesOf(change: Change): readonly string[] {
  const { loaded } = checkMarked({ 'inventory.yaml': changed(change) });
  expect(loaded.inventory).toBeUndefined();
  return loaded.findings.map(({ rule }) => rule);
}

/** An action that is none, and everything as the resource of another. */
const PERMISSIONS =
  '{ statements: [{ actions: [s3:Nope], resources: ["arn:aws:s3:::x"] }, { actions: [s3:GetObject], resources: ["*"] }] }';
const IN_PERMISSIONS = ['unknown-action', 'wildcard-resource'];

describe('several mistakes', () => {
  it('come in one run, in the order of their places', () => {
    const text = changed({
      replace: {
        '"111111111111"': '"1111"',
        'region: us-west-2\n    state': 'regoin: x\n    region: us-west-2\n    state',
      },
      append:
        '    permissions:\n      statements:\n        - { actions: [s3:Nope], resources: ["*"], Principal: x }\n  web: { namespace: 5, wave: gone, serviceAccount: w }\n',
    });
    const { loaded } = checkMarked({ 'inventory.yaml': text });
    expect(loaded.findings.map(({ rule, line }) => [rule, line])).toEqual([
      ['account-id', 3],
      ['unknown-key', 8],
      ['unknown-action', 39],
      ['principal-in-permission', 39],
      ['namespace', 40],
    ]);
    expect(loaded.inventory).toBeUndefined();
  });

  it.each<readonly [string, Change, readonly string[]]>([
    ['a wave', { replace: { 'wave: pilot': 'wave: gone' } }, ['unknown-wave']],
    ['a cluster', { append: '    clusters: [mian]\n' }, ['unknown-cluster']],
    ['an environment', { append: '    environments: [prd]\n' }, ['unknown-environment']],
    [
      'an account of its environments',
      { replace: { 'account: apps': 'account: gone', 'account: data': 'account: gone' } },
      ['unknown-account', 'unknown-account'],
    ],
  ])('with %s that is not known do not hide those in permissions', (_what, change, rules) => {
    const append = `${change.append ?? ''}    permissions: ${PERMISSIONS}\n`;
    expect(rulesOf({ ...change, append })).toEqual([...rules, ...IN_PERMISSIONS]);
  });

  it('in the permissions of a target are found though its account is not known', () => {
    expect(rulesOf({ append: `    targets: { x: { account: gone, permissions: ${PERMISSIONS} } }\n` })).toEqual([
      'unknown-account',
      ...IN_PERMISSIONS,
    ]);
  });

  it('in one workload do not hide those in another', () => {
    expect(rulesOf({ append: `    permissions: ${PERMISSIONS}\n  web: { namespace: [x], wave: pilot }\n` })).toEqual([
      ...IN_PERMISSIONS,
      'missing-key',
      'wrong-type',
    ]);
  });

  it('in overrides are found though their environment is not known', () => {
    expect(rulesOf({ append: `    overrides: { prd: { permissions: ${PERMISSIONS} } }\n` })).toEqual([
      'unknown-environment',
      ...IN_PERMISSIONS,
    ]);
  });
});

/** One mistake, and the one rule that is to find it; a second rule would be a consequence. */
const ALONE: readonly (readonly [string, Change, string])[] = [
  [
    'an ARN in which a colon is missing',
    {
      append: '    permissions: { statements: [{ actions: [s3:ListBucket], resources: ["arn:aws:s3::data"] }] }\n',
    },
    'resource',
  ],
  ['a version', { replace: { 'version: "1.33"': 'version: 1.30' } }, 'kubernetes-version'],
  ['an agent', { replace: { 'version: v1.3.4-eksbuild.1': 'version: 5' } }, 'agent-version'],
  ['an issuer', { replace: { 'issuer: "https': 'isuer: "https' } }, 'unknown-key'],
  ['an account', { replace: { 'id: "111111111111"': 'id: [1]' } }, 'wrong-type'],
  ['a stage', { replace: { 'dev: dual': 'dev: 5' } }, 'wrong-type'],
  ['a stage of a workload', { replace: { 'wave: pilot': 'stage: dula' } }, 'not-allowed'],
  ['the wave of a workload, as a list', { replace: { 'wave: pilot': 'wave: [pilot]' } }, 'wrong-type'],
  ['the key of the wave of a workload, mistyped', { replace: { 'wave: pilot': 'wvae: pilot' } }, 'unknown-key'],
  ['the key of the stage of a workload, mistyped', { replace: { 'wave: pilot': 'stgae: dual' } }, 'unknown-key'],
  ['the wave of a workload, as an alias of nothing', { replace: { 'wave: pilot': 'wave: *gone' } }, 'yaml-alias'],
  ['a wave of a workload that is not there', { replace: { 'wave: pilot': 'wave: pliot' } }, 'unknown-wave'],
  ['the section of accounts, mistyped', { replace: { 'accounts:': 'acounts:' } }, 'unknown-key'],
  ['the section of environments, mistyped', { replace: { 'environments:': 'enviroments:' } }, 'unknown-key'],
  ['the section of waves, mistyped', { replace: { 'waves:': 'wave:' } }, 'unknown-key'],
  ['the section of workloads, mistyped', { replace: { 'workloads:': 'workload:' } }, 'unknown-key'],
  [
    'the section of waves, as a list',
    { replace: { 'waves:\n  pilot: { stages: { dev: dual, prod: prepared } }': 'waves: [pilot]' } },
    'wrong-type',
  ],
  [
    'an account id that ARNs have in them',
    {
      replace: { '"111111111111"': '"1111"' },
      append:
        '    environments: [dev]\n    permissions: { managedPolicies: ["arn:{partition}:iam::{account}:policy/x", "arn:aws:iam::{accounts.apps}:policy/y", "arn:aws:iam::333333333333:policy/z"] }\n    role: { permissionsBoundary: "arn:aws:iam::{account}:policy/b" }\n    targets: { x: { account: apps, permissions: { statements: [{ actions: [s3:GetObject], resources: ["arn:aws:s3:us-west-2:{accounts.apps}:accesspoint/x"] }] } } }\n',
    },
    'account-id',
  ],
  [
    'a stage of an environment that is not there, though it is ahead',
    { replace: { 'workloads:\n': '  core: { after: pilot, stages: { prd: dual } }\nworkloads:\n' } },
    'unknown-environment',
  ],
  [
    'waves that wait for each other, though one is ahead',
    {
      replace: {
        'pilot: {': 'pilot: { after: core,',
        'workloads:\n': '  core: { after: pilot, stages: { dev: pod-identity, prod: irsa } }\nworkloads:\n',
      },
    },
    'wave-cycle',
  ],
  [
    'a wave, though the cluster has no agent',
    { replace: { 'wave: pilot': 'wave: gone', '        agent: { version: v1.3.4-eksbuild.1 }\n': '' } },
    'unknown-wave',
  ],
  [
    'an account id that is the same for two accounts, whose clusters are called alike',
    { replace: { '"222222222222"': '"111111111111"', 'name: prod-main': 'name: dev-main' } },
    'duplicate-account',
  ],
  [
    'a target account that is not known, though a stack would be called as another',
    {
      replace: {
        'environments:\n':
          'environments:\n  dev-targets: { account: data, region: us-west-2, state: { s3: { bucket: acme-tfstate, region: us-west-2 } } }\n',
      },
      append: '    environments: [dev]\n    targets: { ledger: { account: identity } }\n',
    },
    'unknown-account',
  ],
  [
    'an environment that is not known, though ARNs are of any partition',
    {
      append:
        '    environments: [prd]\n    permissions: { managedPolicies: ["arn:aws-cn:iam::333333333333:policy/x"], statements: [{ actions: [s3:GetObject], resources: ["arn:aws-cn:s3:::{bucket}"] }] }\n',
    },
    'unknown-environment',
  ],
  [
    'a name that is not known, in a condition key',
    {
      append:
        '    permissions: { statements: [{ actions: [s3:GetObject], resources: ["arn:aws:s3:::x"], conditions: { StringEquals: { "s3:{nope}": x } } }] }\n',
    },
    'unknown-value',
  ],
  [
    "a role's name, in two environments of an account",
    { replace: { 'account: data': 'account: apps' }, append: '    role: { name: "a b" }\n' },
    'role-name',
  ],
  [
    'the section of accounts, as a list',
    {
      replace: { '  apps: { id: "111111111111" }\n  data: { id: "222222222222" }\n': '  - apps\n' },
      append: '    role: { name: "{environment}-{accounts.data}" }\n',
    },
    'wrong-type',
  ],
  [
    'the section of workloads, as a list',
    {
      replace: { '  api:\n    wave: pilot\n    namespace: production\n    serviceAccount: api\n': '  - api\n' },
      append: '\n',
    },
    'wrong-type',
  ],
  [
    'a region, though ARNs are of another partition',
    {
      replace: { 'region: us-west-2\n    state': 'region: china\n    state' },
      append:
        '    permissions: { statements: [{ actions: [s3:GetObject], resources: ["arn:aws-cn:s3:::x"] }] }\n    environments: [dev]\n',
    },
    'region',
  ],
  [
    'a value that is no text, in an action and an ARN',
    {
      replace: { 'bucket: acme-dev': 'bucket: [x]' },
      append:
        '    environments: [dev]\n    permissions: { statements: [{ actions: ["{bucket}:GetObject"], resources: ["{bucket}"] }], managedPolicies: ["{bucket}"] }\n',
    },
    'wrong-type',
  ],
];

describe('one mistake', () => {
  it.each(ALONE)('%s, is one finding', (_what, { replace = {}, append = '' }, rule) => {
    expect(rulesOf({ replace, append: append || '    clusters: [main]\n' })).toEqual([rule]);
  });

  it('in the key of a section has its place, and what stands under it has its own', () => {
    const text = changed({ replace: { 'accounts:': 'acounts:', '"111111111111"': '§"1111"' } });
    const { loaded, place } = checkMarked({ 'inventory.yaml': text });
    expect(loaded.findings).toEqual([
      expect.objectContaining({
        rule: 'unknown-key',
        path: 'acounts',
        line: 2,
        column: 1,
        hint: 'Rename it to accounts.',
      }),
      expect.objectContaining({ rule: 'account-id', path: 'accounts.apps.id', ...place }),
    ]);
  });
});
