import type { RuleCase } from './RuleCase';

const STATE = '    state: { s3: { bucket: acme-tfstate, region: us-west-2 } }\n';
const ONE_ACCOUNT = { '  data: { id: "222222222222" }\n': '', 'account: data': 'account: apps' };

/** Where Terraform keeps its state. */
export const STATE_CASES: readonly RuleCase[] = [
  {
    rule: 'local-state',
    when: 'the inventory has a second account',
    replace: { [`${STATE}    tags`]: '    tags', '  prod:\n': '  §prod:\n' },
    path: 'environments.prod',
    message: /^environment "prod" keeps its Terraform state in a local file$/,
    hint: /^Write state: \{ s3: \{ bucket: NAME, region: REGION \} \}/,
    severity: 'warning',
  },
  {
    rule: 'local-state',
    when: 'the only account has a deploy role',
    replace: {
      ...ONE_ACCOUNT,
      '"111111111111" }': '"111111111111", deployRole: "arn:aws:iam::111111111111:role/d" }',
      [`${STATE}    clusters`]: '    clusters',
      '  dev:\n': '  §dev:\n',
    },
    path: 'environments.dev',
    message: /^environment "dev" keeps its Terraform state in a local file$/,
    severity: 'warning',
  },
];
