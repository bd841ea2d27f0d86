import type { RuleCase } from './RuleCase';

const S3 = 'actions: [s3:GetObject], resources: ["arn:aws:s3:::x/*"]';
const PROD_ISSUER = '"https://oidc.eks.us-west-2.amazonaws.com/id/A1A1"';
const TARGET_OF_DEV = '    environments: [dev]\n    targets: { ledger: { account: §identity } }\n';

/** What may stand once and stands twice. */
export const DUPLICATE_CASES: readonly RuleCase[] = [
  {
    rule: 'duplicate-policy',
    when: 'by the name of one of AWS and by its ARN',
    append:
      '    permissions: { managedPolicies: [ReadOnlyAccess, §"arn:{partition}:iam::aws:policy/ReadOnlyAccess"] }\n',
    path: 'workloads.api.permissions.managedPolicies[1]',
    message: /^arn:aws:iam::aws:policy\/ReadOnlyAccess is already managedPolicies\[0\]/,
    hint: /Remove one of the two/,
  },
  {
    rule: 'duplicate-policy',
    when: 'in a target',
    append:
      '    targets: { x: { account: data, permissions: { managedPolicies: [ReadOnlyAccess, SecurityAudit, §ReadOnlyAccess] } } }\n    environments: [dev]\n',
    path: 'workloads.api.targets.x.permissions.managedPolicies[2]',
    message: /already managedPolicies\[0\]/,
  },
  {
    rule: 'duplicate-sid',
    when: 'among the statements of a role',
    append: `    permissions: { statements: [{ sid: Read, ${S3} }, { sid: §Read, ${S3} }] }\n`,
    path: 'workloads.api.permissions.statements[1].sid',
    message: /statements\[0\] already has the sid "Read"/,
    hint: /another sid/,
  },
  {
    rule: 'duplicate-tag',
    when: 'case aside',
    replace: { 'cost-centre: platform': 'cost-centre: platform, §Cost-Centre: other' },
    path: 'environments.prod.tags.Cost-Centre',
    message: /"cost-centre" and "Cost-Centre" differ only in case/,
    hint: /Remove or rename one/,
  },
  {
    rule: 'duplicate-account',
    when: 'an id under two keys',
    replace: { '"222222222222"': '§"111111111111"' },
    path: 'accounts.data.id',
    message: /111111111111 is already account "apps"/,
    hint: /remove "data" and write "apps"/,
  },
  {
    rule: 'duplicate-cluster',
    when: 'in two environments of an account, without its service accounts',
    replace: { 'account: data': 'account: apps', 'name: prod-main': 'name: §dev-main', [PROD_ISSUER]: dev() },
    path: 'environments.prod.clusters.main.name',
    message: /cluster dev-main of account apps in us-west-2 is already environments\.dev\.clusters\.main/,
    hint: /remove one of the two/,
  },
  {
    rule: 'duplicate-cluster',
    when: 'under two keys of an environment',
    replace: {
      '    values: { bucket: acme-dev }':
        '      other: { name: §dev-main, version: "1.33", autoMode: true }\n    values: { bucket: acme-dev }',
    },
    append: '    clusters: [main]\n',
    path: 'environments.dev.clusters.other.name',
    message: /is already environments\.dev\.clusters\.main/,
  },
  {
    rule: 'duplicate-context',
    when: 'of clusters of two environments',
    replace: {
      'name: dev-main': 'kubernetes: { context: shared }\n        name: dev-main',
      'name: prod-main': 'kubernetes: { context: §shared }\n        name: prod-main',
    },
    path: 'environments.prod.clusters.main.kubernetes.context',
    message: /^environments\.dev\.clusters\.main already has context shared$/,
    hint: /^Write the context of this cluster: otherwise both stacks change the same service accounts\.$/,
  },
  {
    rule: 'duplicate-context',
    when: 'of two clusters of an environment, without workloads on the second',
    replace: {
      'name: dev-main': 'kubernetes: { context: dev }\n        name: dev-main',
      '    values: { bucket: acme-dev }':
        '      other: { name: dev-other, version: "1.33", autoMode: true, kubernetes: { context: §dev } }\n    values: { bucket: acme-dev }',
    },
    append: '    clusters: [main]\n',
    path: 'environments.dev.clusters.other.kubernetes.context',
    message: /^environments\.dev\.clusters\.main already has context dev$/,
  },
  {
    rule: 'duplicate-issuer',
    when: 'of two clusters',
    replace: { [PROD_ISSUER]: `§${dev()}` },
    path: 'environments.prod.clusters.main.oidc.issuer',
    message: /cluster dev-main \(environments\.dev\.clusters\.main\) already has this issuer/,
    hint: /--name prod-main/,
  },
  {
    rule: 'duplicate-stack',
    when: "target roles in an account called as another environment's own stack",
    replace: {
      '  data: {': '  identity: { id: "333333333333" }\n  data: {',
      'environments:\n':
        'environments:\n  dev-targets: { account: data, region: us-west-2, state: { s3: { bucket: acme-tfstate, region: us-west-2 } } }\n',
    },
    append: TARGET_OF_DEV,
    path: 'workloads.api.targets.ledger.account',
    message:
      /stack dev-targets-identity \(the target roles of "dev" in account "identity"\) has the same name as environment "dev-targets"/,
    hint: /another key/,
  },
  {
    rule: 'duplicate-stack',
    when: "service accounts of a cluster called as another environment's own stack",
    replace: {
      'environments:\n':
        'environments:\n  dev-service-accounts: { account: data, region: us-west-2, state: { s3: { bucket: acme-tfstate, region: us-west-2 } } }\n',
      '      main:\n        name: dev-main':
        '      §identity:\n        kubernetes: { context: dev }\n        name: dev-main',
    },
    path: 'environments.dev.clusters.identity',
    message: /stack dev-service-accounts-identity .* has the same name as environment "dev-service-accounts"/,
  },
  {
    rule: 'duplicate-stack',
    when: 'Terraform manages none of the service accounts: the stack is there to forget what was managed before',
    replace: {
      'environments:\n':
        'environments:\n  dev-service-accounts: { account: data, region: us-west-2, state: { s3: { bucket: acme-tfstate, region: us-west-2 } } }\n',
      '      main:\n        name: dev-main':
        '      §identity:\n        kubernetes: { context: dev }\n        name: dev-main',
      'serviceAccount: api': 'serviceAccount: { name: api, manage: none }',
    },
    path: 'environments.dev.clusters.identity',
    message: /stack dev-service-accounts-identity .* has the same name as environment "dev-service-accounts"/,
  },
];

function dev(): string {
  return '"https://oidc.eks.us-west-2.amazonaws.com/id/D1D1"';
}
