import type { RuleCase } from './RuleCase';

const cluster = (from: string, to: string): { readonly replace: Readonly<Record<string, string>> } => ({
  replace: { [from]: to },
});

/** Ids, ARNs and names. */
export const FORMAT_CASES: readonly RuleCase[] = [
  {
    rule: 'account-id',
    when: 'an id has eleven digits',
    ...cluster('"111111111111"', '§"11111111111"'),
    path: 'accounts.apps.id',
    message: /"11111111111" is not an account id: twelve digits/,
  },
  {
    rule: 'account-id',
    when: 'an id is not in quotes',
    ...cluster('"111111111111"', '§111111111111'),
    path: 'accounts.apps.id',
    message: /111111111111 is not an account id/,
  },
  {
    rule: 'role-arn',
    when: 'a deploy role is a name',
    ...cluster('"111111111111" }', '"111111111111", deployRole: §deploy }'),
    path: 'accounts.apps.deployRole',
    message: /"deploy" is not the ARN of a role/,
  },
  {
    rule: 'role-arn',
    when: 'a read role is a name',
    ...cluster('"111111111111" }', '"111111111111", readRole: §read }'),
    path: 'accounts.apps.readRole',
    message: /"read" is not the ARN of a role/,
  },
  {
    rule: 'policy-arn',
    when: 'a boundary is a role',
    append: '    role: { permissionsBoundary: §"arn:aws:iam::111111111111:role/x" }\n',
    path: 'workloads.api.role.permissionsBoundary',
    message: /is not the ARN of a policy/,
  },
  {
    rule: 'managed-policy',
    when: 'an account id in an ARN is short',
    append: '    permissions: { managedPolicies: [§"arn:aws:iam::1111:policy/x"] }\n',
    path: 'workloads.api.permissions.managedPolicies[0]',
    message: /is not a managed policy/,
  },
  {
    rule: 'resource',
    when: 'an ARN lacks its beginning',
    append: '    permissions: { statements: [{ actions: [s3:GetObject], resources: [§"s3:::x/*"] }] }\n',
    path: 'workloads.api.permissions.statements[0].resources[0]',
    message: /is not a resource/,
  },
  {
    rule: 'resource',
    when: 'it is no ARN any more once a name is replaced',
    append:
      '    permissions: { statements: [{ actions: [s3:GetObject], resources: [§"{bucket}/*"] }] }\n    environments: [dev]\n',
    path: 'workloads.api.permissions.statements[0].resources[0]',
    message: /"\{bucket\}\/\*", which is "acme-dev\/\*" in dev, is not a resource/,
  },
  {
    rule: 'action',
    when: 'an action has no service',
    append: '    permissions: { statements: [{ actions: [§GetObject], resources: ["arn:aws:s3:::x/*"] }] }\n',
    path: 'workloads.api.permissions.statements[0].actions[0]',
    message: /"GetObject" is not an action/,
  },
  {
    rule: 'region',
    when: 'a region is an availability zone',
    ...cluster('region: us-west-2\n    state', 'region: §us-west-2a\n    state'),
    path: 'environments.dev.region',
    message: /"us-west-2a" is not a region/,
  },
  {
    rule: 'key-name',
    when: 'a workload key has capitals',
    append: '  §Web: { wave: pilot, namespace: production, serviceAccount: web }\n',
    path: 'workloads.Web',
    message: /"Web" is not a key: a lower-case DNS label/,
  },
  {
    rule: 'key-name',
    when: 'an environment key is longer than 63',
    replace: { '  dev:\n': `  §${'d'.repeat(64)}:\n`, 'dev: dual, ': '' },
    path: `environments.${'d'.repeat(64)}`,
    message: /at most 63/,
  },
  {
    rule: 'namespace',
    when: 'a namespace has a wildcard',
    ...cluster('namespace: production', 'namespace: §"prod-*"'),
    path: 'workloads.api.namespace',
    message: /"prod-\*" is not a namespace/,
  },
  {
    rule: 'service-account',
    when: 'a service account has an underscore',
    ...cluster('serviceAccount: api', 'serviceAccount: { name: §my_api, manage: none }'),
    path: 'workloads.api.serviceAccount.name',
    message: /"my_api" is not a service account/,
  },
  {
    rule: 'role-name',
    when: 'a role name has a blank once a name is replaced',
    replace: { 'bucket: acme-dev': 'bucket: acme dev' },
    append: '    role: { name: §"{bucket}-api" }\n    environments: [dev]\n',
    path: 'workloads.api.role.name',
    message: /which is "acme dev-api" in dev, is not a role name/,
  },
  {
    rule: 'role-path',
    when: 'a path does not end with a slash',
    append: '    role: { path: §/podlift }\n',
    path: 'workloads.api.role.path',
    message: /is not a role path/,
  },
];
