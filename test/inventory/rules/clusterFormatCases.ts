import type { RuleCase } from './RuleCase';

const cluster = (from: string, to: string): { readonly replace: Readonly<Record<string, string>> } => ({
  replace: { [from]: to },
});

/** What stands in environments, clusters and waves, and of an SDK. */
export const CLUSTER_FORMAT_CASES: readonly RuleCase[] = [
  {
    rule: 'kubernetes-version',
    when: 'a version is not in quotes',
    ...cluster('"1.33"', '§1.30'),
    path: 'environments.dev.clusters.main.version',
    message: /1\.3 is not a Kubernetes version/,
  },
  {
    rule: 'kubernetes-version',
    when: 'a version has a patch number',
    ...cluster('"1.33"', '§"1.33.1"'),
    path: 'environments.dev.clusters.main.version',
    message: /"1\.33\.1" is not a Kubernetes version/,
  },
  {
    rule: 'agent-version',
    when: 'a version lacks its build',
    ...cluster('version: v1.3.4-eksbuild.1', 'version: §v1.3.4'),
    path: 'environments.dev.clusters.main.agent.version',
    message: /vX\.Y\.Z-eksbuild\.N/,
  },
  {
    rule: 'oidc-issuer',
    when: 'an issuer ends with a slash',
    ...cluster(
      '"https://oidc.eks.us-west-2.amazonaws.com/id/D1D1"',
      '§"https://oidc.eks.us-west-2.amazonaws.com/id/D1D1/"',
    ),
    path: 'environments.dev.clusters.main.oidc.issuer',
    message: /trailing slash/,
  },
  {
    rule: 'oidc-issuer',
    when: 'an issuer has a query',
    ...cluster('"https://oidc.eks.us-west-2.amazonaws.com/id/D1D1"', '§"https://oidc.example.com/id?x=1"'),
    path: 'environments.dev.clusters.main.oidc.issuer',
    message: /without query/,
  },
  {
    rule: 'cluster-name',
    when: 'a name is an ARN',
    ...cluster('name: dev-main', 'name: §"arn:aws:eks:us-west-2:1:cluster/dev-main"'),
    path: 'environments.dev.clusters.main.name',
    message: /is not an EKS cluster's name/,
  },
  {
    rule: 's3-bucket',
    when: 'a bucket is a URL',
    ...cluster('    tags: {', '    state: { s3: { bucket: §"s3://acme", region: us-west-2 } }\n    tags: {'),
    path: 'environments.prod.state.s3.bucket',
    message: /"s3:\/\/acme" is not a bucket's name/,
  },
  {
    rule: 's3-prefix',
    when: 'a prefix begins with a slash',
    ...cluster('    tags: {', '    state: { s3: { bucket: acme, region: us-west-2, prefix: §/podlift } }\n    tags: {'),
    path: 'environments.prod.state.s3.prefix',
    message: /is not a key prefix/,
  },
  {
    rule: 'soak',
    when: 'a time span has no unit',
    ...cluster('pilot: {', 'pilot: { soak: §7,'),
    path: 'waves.pilot.soak',
    message: /7 is not a time span/,
  },
  {
    rule: 'since',
    when: 'a time has no zone',
    ...cluster('dev: dual', 'dev: { stage: dual, since: §2026-11-14T09:00:00 }'),
    path: 'waves.pilot.stages.dev.since',
    message: /is not a time: ISO 8601/,
    hint: /as in 2026-11-14T09:00:00Z/,
  },
  {
    rule: 'since',
    when: 'a day does not exist',
    ...cluster('dev: dual', 'dev: { stage: dual, since: §2026-02-30T09:00:00Z }'),
    path: 'waves.pilot.stages.dev.since',
    message: /is not a time/,
  },
  {
    rule: 'sdk-version',
    when: 'a version is a word',
    append: '    sdk: { language: python, version: §latest }\n',
    path: 'workloads.api.sdk.version',
    message: /"latest" is not an SDK version/,
  },
  {
    rule: 'sdk-version',
    when: 'a version of two numbers is not in quotes',
    append: '    sdk: { language: python, version: §1.40 }\n',
    path: 'workloads.api.sdk.version',
    message: /1\.4 is not an SDK version/,
  },
  {
    rule: 'tag-key',
    when: 'a tag key is reserved by AWS',
    ...cluster('cost-centre: platform', '§"aws:team": platform'),
    path: 'environments.prod.tags.aws:team',
    message: /"aws:team" is not a tag key/,
  },
  {
    rule: 'tag-value',
    when: 'a tag value has a comma',
    ...cluster('cost-centre: platform', 'cost-centre: §"a,b"'),
    path: 'environments.prod.tags.cost-centre',
    message: /"a,b" is not a tag value/,
  },
  {
    rule: 'sid',
    when: 'a statement id has blanks',
    append:
      '    permissions: { statements: [{ sid: §read it, actions: [s3:GetObject], resources: ["arn:aws:s3:::x/*"] }] }\n',
    path: 'workloads.api.permissions.statements[0].sid',
    message: /"read it" is not a statement id/,
  },
];
