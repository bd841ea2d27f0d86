import type { RuleCase } from './RuleCase';

const DEV_ISSUER = '"https://oidc.eks.us-west-2.amazonaws.com/id/D1D1"';
const path = 'environments.dev.clusters.main.oidc.issuer';

/** Partitions and regions of what stands outside of policies, and tags. */
export const PLACE_CASES: readonly RuleCase[] = [
  {
    rule: 'partition-mismatch',
    when: "a target's deploy role is of another partition",
    replace: { '"222222222222" }': '"222222222222", deployRole: §"arn:aws-cn:iam::222222222222:role/d" }' },
    append: '    environments: [dev]\n    targets: { ledger: { account: data } }\n',
    path: 'accounts.data.deployRole',
    message: /partition aws-cn, but environment/,
    hint: /\{partition\}/,
  },
  {
    rule: 'partition-mismatch',
    when: 'the state is in a region of another partition',
    replace: {
      'state: { s3: { bucket: acme-tfstate, region: us-west-2 } }\n    tags':
        'state: { s3: { bucket: acme-tfstate, region: §cn-north-1 } }\n    tags',
    },
    path: 'environments.prod.state.s3.region',
    message: /region cn-north-1 is in partition aws-cn, but environment prod \(us-west-2\) is in aws/,
    hint: /Name a region of partition aws/,
  },
  {
    rule: 'issuer-region',
    when: 'an issuer is of another region',
    replace: { [DEV_ISSUER]: '§"https://oidc.eks.us-east-1.amazonaws.com/id/D1D1"' },
    path,
    message: /the issuer is of region us-east-1, but cluster "main" is in us-west-2/,
    hint: /describe-cluster/,
  },
  {
    rule: 'issuer-region',
    when: "an issuer has another partition's domain",
    replace: { [DEV_ISSUER]: '§"https://oidc.eks.us-west-2.amazonaws.com.cn/id/D1D1"' },
    path,
    message: /has the domain amazonaws\.com\.cn, but issuers of region us-west-2 have amazonaws\.com/,
  },
  {
    rule: 'tag-key',
    when: 'a tag key is one of those that podlift sets',
    replace: { 'cost-centre: platform': '§"Podlift:stage": dual' },
    path: 'environments.prod.tags.Podlift:stage',
    message: /not beginning with aws: or podlift:/,
    hint: /podlift: for the tags/,
  },
  {
    rule: 'tag-key',
    when: 'a tag key is reserved by AWS, case aside',
    replace: { 'cost-centre: platform': '§"AWS:team": platform' },
    path: 'environments.prod.tags.AWS:team',
    message: /is not a tag key/,
  },
  {
    rule: 'unknown-value',
    when: 'one environment lacks what many places use, once',
    replace: { 'values: { bucket: acme-prod': 'values: §{ bukcets: acme-prod' },
    append: Array.from(
      { length: 50 },
      (_, index) =>
        `  w${index}: { stage: pod-identity, namespace: a, serviceAccount: w${index}, permissions: { statements: [{ actions: [s3:GetObject], resources: ["arn:aws:s3:::{bucket}/*"] }] } }\n`,
    ).join(''),
    path: 'environments.prod.values.bucket',
    message: /\{bucket\} has no value in environment prod, but dev has one\. Used in 50 places/,
    hint: /Add bucket under `values` of prod/,
  },
  {
    rule: 'unknown-value',
    when: 'many places have one mistyped name',
    append: [1, 2, 3]
      .map(
        (index) =>
          `  w${index}: { stage: pod-identity, namespace: a, serviceAccount: w${index}, role: { path: ${index === 1 ? '§' : ''}"/{team}/" } }\n`,
      )
      .join(''),
    path: 'workloads.w1.role.path',
    message: /\{team\} has no value in environments dev, prod, and is used in 3 places/,
  },
  {
    rule: 'no-workloads',
    when: 'there are none',
    replace: {
      'workloads:\n  api:\n    wave: pilot\n    namespace: production\n    serviceAccount: api\n': 'workloads: §{}\n',
    },
    path: 'workloads',
    message: /there are no workloads/,
    hint: /Add workloads under `workloads`/,
    severity: 'warning',
  },
];
