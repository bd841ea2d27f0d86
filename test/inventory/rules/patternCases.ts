import type { RuleCase } from './RuleCase';

/** A workload by pattern without a finding, on the cluster `main` of dev; `more` are further lines of its entry. */
const PREVIEWS = (more = '', stage = 'dual') =>
  `  previews:\n    stage: ${stage}\n    because: one role for all previews\n    environments: [dev]\n    subjects: [{ namespaces: pr-*, serviceAccounts: app }]\n${more}`;
const expanded = (lines: string) => `${PREVIEWS()}expanded:\n${lines}`;

/** Accounts by pattern: `subjects` with plural keys, and `expanded`. */
export const PATTERN_CASES: readonly RuleCase[] = [
  {
    rule: 'subject-pattern',
    when: 'it has capitals',
    append:
      '  previews:\n    stage: dual\n    because: test\n    subjects: [{ namespaces: §"PR_*", serviceAccounts: app }]\n',
    path: 'workloads.previews.subjects[0].namespaces',
    message: /"PR_\*" is not a pattern of names/,
  },
  ...['"*"', '"?*"', '"*-*"', '[pr-*, "*"]'].map((namespaces): RuleCase => ({
    rule: 'subjects',
    when: `wildcards alone admit everything: ${namespaces}`,
    append: `  previews:\n    stage: dual\n    because: test\n    subjects: [{ namespaces: §${namespaces}, serviceAccounts: [app, "*"] }]\n`,
    path: 'workloads.previews.subjects[0].namespaces',
    message: /together admit every service account of the cluster/,
  })),
  {
    rule: 'expanded',
    when: 'there is no such workload',
    append: expanded('  §previws: { main: [{ namespace: pr-1, serviceAccount: app }] }\n'),
    path: 'expanded.previws',
    message: /no workload "previws": did you mean "previews"/,
  },
  {
    rule: 'expanded',
    when: 'the workload has no patterns',
    append: '    because: test\nexpanded:\n  §api: { dev/main: [{ namespace: pr-1, serviceAccount: app }] }\n',
    path: 'expanded.api',
    message: /"api" has no service accounts by pattern/,
  },
  {
    rule: 'expanded',
    when: 'the workload does not run on the cluster',
    append: expanded('  previews: { §mian: [{ namespace: pr-1, serviceAccount: app }] }\n'),
    path: 'expanded.previews.mian',
    message: /runs on no cluster "mian": did you mean "main"/,
  },
  {
    rule: 'expanded',
    when: 'the cluster is of an environment without the workload',
    append: expanded('  previews: { §prod/main: [{ namespace: pr-1, serviceAccount: app }] }\n'),
    path: 'expanded.previews.prod/main',
    message: /runs on no cluster "prod\/main"/,
  },
  {
    rule: 'expanded',
    when: 'the key is that of clusters in two environments',
    append: `${PREVIEWS().replace('    environments: [dev]\n', '')}expanded:\n  previews: { §main: [{ namespace: pr-1, serviceAccount: app }] }\n`,
    path: 'expanded.previews.main',
    message: /runs on 2 clusters with the key "main": dev\/main, prod\/main/,
    hint: /dev\/main or prod\/main/,
  },
  {
    rule: 'expanded',
    when: 'two keys are one cluster',
    append: expanded('  previews: { main: [], §dev/main: [] }\n'),
    path: 'expanded.previews.dev/main',
    message: /"dev\/main" and "main" are the same cluster/,
  },
  ...['{ namespace: shop, serviceAccount: app }', '{ namespace: pr-1, serviceAccount: web }'].map(
    (account): RuleCase => ({
      rule: 'expanded',
      when: `no pattern admits the account: ${account}`,
      append: expanded(`  previews: { main: [§${account}] }\n`),
      path: 'expanded.previews.main[0]',
      message: /no pattern of workload "previews" admits service account .* on main of dev: patterns: pr-\*\/app/,
    }),
  ),
  {
    rule: 'expanded',
    when: 'the pattern is for other clusters',
    replace: {
      '    values: { bucket: acme-dev }':
        '      other:\n        name: dev-other\n        version: "1.33"\n        oidc: { issuer: "https://oidc.eks.us-west-2.amazonaws.com/id/D2D2" }\n        agent: { version: v1.3.4-eksbuild.1 }\n    values: { bucket: acme-dev }',
    },
    append: `${PREVIEWS().replace('serviceAccounts: app', 'serviceAccounts: app, clusters: [main]')}expanded:\n  previews: { other: [§{ namespace: pr-1, serviceAccount: app }] }\n`,
    path: 'expanded.previews.other[0]',
    message: /patterns: none on this cluster/,
  },
  {
    rule: 'duplicate-service-account',
    when: 'an account is expanded twice',
    append: expanded(
      '  previews: { main: [{ namespace: pr-1, serviceAccount: app }, §{ namespace: pr-1, serviceAccount: app }] }\n',
    ),
    path: 'expanded.previews.main[1]',
    message: /pr-1\/app of cluster dev-main is already in the list of workload "previews"/,
  },
  {
    rule: 'duplicate-service-account',
    when: 'an account is expanded and named by the same workload',
    append: `${PREVIEWS().replace('serviceAccounts: app }', 'serviceAccounts: app }, { namespace: pr-1, serviceAccount: app }')}expanded:\n  previews: { main: [§{ namespace: pr-1, serviceAccount: app }] }\n`,
    path: 'expanded.previews.main[0]',
    message: /is already a subject of workload "previews"/,
  },
  {
    rule: 'duplicate-service-account',
    when: 'an account is expanded and belongs to another workload',
    append: `${PREVIEWS()}  own:\n    stage: dual\n    environments: [dev]\n    namespace: pr-1\n    serviceAccount: app\nexpanded:\n  previews: { main: [§{ namespace: pr-1, serviceAccount: app }] }\n`,
    path: 'expanded.previews.main[0]',
    message: /already belongs to workload "own"/,
    hint: /`podlift expand` leaves out/,
  },
  {
    rule: 'namespace',
    when: 'an expanded account has none',
    append: expanded('  previews: { main: [{ namespace: §PR, serviceAccount: app }] }\n'),
    path: 'expanded.previews.main[0].namespace',
    message: /"PR" is not a namespace/,
  },
  {
    rule: 'cluster-reference',
    when: 'the key is no cluster',
    append: expanded('  previews: { §a/b/c: [] }\n'),
    path: 'expanded.previews.a/b/c',
    message: /"a\/b\/c" is not a cluster/,
  },
  {
    rule: 'role-imports',
    when: 'an id alone stands where only `expanded` names accounts: the first of them changes',
    append: `${PREVIEWS('    role: { imports: { associations: { main: §a-0123456789abcdefg } } }\n')}expanded:\n  previews: { main: [{ namespace: pr-1, serviceAccount: app }] }\n`,
    path: 'workloads.previews.role.imports.associations.main',
    message: /the workload names no service account there to which it can belong/,
    hint: /\{ NAMESPACE\/SERVICE-ACCOUNT: a-0123456789abcdefg \}/,
  },
  {
    rule: 'pattern-stage',
    when: 'its own stage is later',
    append:
      '  previews:\n    stage: §pod-identity\n    environments: [dev]\n    subjects: [{ namespaces: pr-*, serviceAccounts: app }]\n',
    path: 'workloads.previews.stage',
    message: /pods in a new namespace get no role/,
  },
];
