import { type CompareCase, api, SECOND, GRANTS, LEDGER, PROD, twoClusters } from './CompareCase';

const AGENT = '        agent: { version: v1.3.4-eksbuild.1 }\n    values: { bucket: acme-dev }';
const inDev = (agent: string, more = '') => ({
  replace: {
    [AGENT]: `        agent: { version: v1.3.4-eksbuild.1${agent} }\n${more}    values: { bucket: acme-dev }`,
  },
});
const ADDON = (adopt: string) =>
  `        addons: { aws-ebs-csi-driver: { version: v1.40.0-eksbuild.1, serviceAccounts: {}${adopt} } }\n`;
const PROVIDER = (more: string) => ({
  replace: { 'id/D1D1" }': `id/D1D1"${more} }` },
});
const STILL =
  '  web: { stage: irsa, because: fargate, namespace: web, serviceAccount: web, role: { name: "{environment}-web", adopt: true }';

export const KEY_CASES: readonly CompareCase[] = [
  {
    rule: 'adopted-removed',
    when: 'an adopted workload that never left irsa is taken out',
    base: { append: `${STILL} }\n` },
    head: { append: `${STILL}, environments: [prod] }\n` },
    path: 'workloads',
    message: /^role dev-web of workload "web" in dev was adopted and is taken out/,
  },
  {
    rule: 'adopted-removed',
    when: 'the agent is no longer adopted',
    base: inDev(', adopt: true'),
    head: inDev(''),
    path: 'environments.dev.clusters.main',
    message: /^the agent of cluster "main" of dev was adopted/,
  },
  {
    rule: 'adopted-removed',
    when: 'an adopted add-on is taken out',
    base: inDev('', ADDON(', adopt: true')),
    head: inDev(''),
    path: 'environments.dev.clusters.main',
    message: /^add-on aws-ebs-csi-driver of cluster "main" of dev was adopted/,
  },
  {
    rule: 'adopted-removed',
    when: 'an adopted add-on is no longer adopted',
    base: inDev('', ADDON(', adopt: true')),
    head: inDev('', ADDON('')),
    path: 'environments.dev.clusters.main',
    message: /^add-on aws-ebs-csi-driver/,
  },
  {
    rule: 'adopted-removed',
    when: 'an adopted OIDC provider is no longer managed',
    base: PROVIDER(', provider: managed, adopt: true'),
    head: PROVIDER(''),
    path: 'environments.dev.clusters.main',
    message: /^the OIDC provider of cluster "main" of dev was adopted/,
  },
  {
    rule: 'key-renamed',
    when: 'another workload has the role',
    base: api('role: { name: "{environment}-own" }'),
    head: { replace: { '  api:\n': '  shop:\n' }, append: '    role: { name: "{environment}-own" }\n' },
    path: 'workloads.shop',
    message: /^workload "api" is called "shop" in dev now: its role would be destroyed/,
  },
  {
    rule: 'key-renamed',
    when: 'another workload has the service account',
    head: { replace: { '  api:\n': '  shop:\n' } },
    path: 'workloads.shop',
    message: /^workload "api" is called "shop"/,
  },
  {
    rule: 'key-renamed',
    when: 'another workload is the same but for its service account',
    base: api(GRANTS),
    head: {
      replace: { '  api:\n': '  shop:\n', 'serviceAccount: api': 'serviceAccount: shop' },
      append: `    ${GRANTS}\n`,
    },
    path: 'workloads.shop',
    message: /^workload "api" is called "shop"/,
  },
  {
    rule: 'key-renamed',
    when: 'another environment has the clusters',
    base: { append: '    environments: [prod]\n' },
    head: {
      replace: { '  prod:\n': '  live:\n', 'prod: prepared': 'live: prepared' },
      append: '    environments: [live]\n',
    },
    path: 'environments.live',
    message: /^environment "prod" is called "live" now: its stacks/,
  },
  {
    rule: 'key-renamed',
    when: 'another key has the cluster',
    head: { replace: { 'main:\n        name: prod': 'blue:\n        name: prod' } },
    path: 'environments.prod.clusters.blue',
    message: /^cluster "main" of prod is called "blue" now/,
  },
  {
    rule: 'key-renamed',
    when: 'another target has the permissions',
    base: api(LEDGER),
    head: api(LEDGER.replace('ledger', 'book')),
    path: 'workloads.api.targets.book',
    message: /^target "ledger" of workload "api" is called "book" in dev now/,
  },
  {
    rule: 'key-renamed',
    when: 'the account of a target has another key',
    base: api(LEDGER),
    head: {
      replace: { '  data: {': '  lake: {', 'account: data': 'account: lake' },
      append: `    ${LEDGER.replace('account: data', 'account: lake')}\n`,
    },
    path: 'accounts.lake',
    message: /^account "data" is called "lake" now/,
  },
  {
    rule: 'role-replaced',
    when: 'its name changes',
    base: api('environments: [dev]'),
    head: { append: '    environments: [dev]\n    role: { name: other }\n' },
    path: 'workloads.api.role.name',
    message: /^the role of workload "api" in dev would be replaced: its name goes from dev-api to other$/,
  },
  {
    rule: 'role-replaced',
    when: 'its path changes at irsa',
    base: { append: SECOND.replace('wave: pilot', 'stage: irsa, because: later, environments: [dev]') },
    head: {
      append: SECOND.replace('wave: pilot', 'stage: irsa, because: later, environments: [dev], role: { path: /x/ }'),
    },
    path: 'workloads.web.role.path',
    message: /its path goes from \/ to \/x\//,
    severity: 'warning',
  },
  {
    rule: 'role-replaced',
    when: "a target's role changes its path",
    base: { append: `    environments: [dev]\n    ${LEDGER}\n` },
    head: {
      append: `    environments: [dev]\n    ${LEDGER.replace('account: data', 'account: data, role: { path: /x/ }')}\n`,
    },
    path: 'workloads.api.targets.ledger.role.path',
    message: /role of target "ledger" of workload "api" in dev/,
  },
  {
    rule: 'workload-removed',
    when: 'it is gone',
    base: { append: SECOND.replace('wave: pilot', 'wave: pilot, environments: [dev]').replace('production', 'other') },
    path: 'workloads',
    message: /^workload "web" at dual is removed from dev: its role and its association would be destroyed$/,
  },
  {
    rule: 'workload-removed',
    when: 'it is gone from an environment',
    head: api('environments: [dev]'),
    path: 'workloads.api',
    message: /^workload "api" at prepared is removed from prod/,
  },
  {
    rule: 'workload-removed',
    when: 'it is gone from a cluster',
    base: twoClusters('    clusters: [main, batch]\n'),
    head: twoClusters('    clusters: [main]\n'),
    path: 'workloads.api.clusters',
    message: /^workload "api" at dual is removed from cluster "batch" of dev: its association there/,
  },
  {
    rule: 'workload-removed',
    when: 'its cluster is gone',
    base: twoClusters(''),
    head: api('environments: [dev]'),
    path: 'environments.dev.clusters',
    message: /^workload "api" at dual is removed from cluster "batch" of dev/,
  },
  {
    rule: 'workload-removed',
    when: 'its environment is gone',
    head: { replace: { [PROD]: '', ', prod: prepared': '' } },
    path: 'workloads.api',
    message: /^workload "api" at prepared is removed from prod/,
  },
  {
    rule: 'service-account-swapped',
    when: 'its name changes',
    head: { replace: { 'serviceAccount: api': 'serviceAccount: web' } },
    path: 'workloads.api.serviceAccount',
    message: /^workload "api" goes from service account production\/api to production\/web in dev/,
  },
  {
    rule: 'service-account-swapped',
    when: 'its namespace changes',
    head: { replace: { 'namespace: production': 'namespace: shop' } },
    path: 'workloads.api.namespace',
    message: /from service account production\/api to shop\/api/,
  },
  {
    rule: 'target-swapped',
    when: 'it is in another account',
    base: { append: `    environments: [dev]\n    ${LEDGER}\n` },
    head: { append: `    environments: [dev]\n    ${LEDGER.replace('account: data', 'account: apps')}\n` },
    path: 'workloads.api.targets.ledger.account',
    message: /^target "ledger" of workload "api" goes from account data to apps in dev/,
  },
  {
    rule: 'target-swapped',
    when: 'it is reached another way',
    base: { append: `    environments: [dev]\n    ${LEDGER}\n` },
    head: {
      append: `    environments: [dev]\n    ${LEDGER.replace('account: data', 'account: data, via: association')}\n`,
    },
    path: 'workloads.api.targets.ledger.via',
    message: /goes from via workload to association in dev/,
  },
  {
    rule: 'cluster-swapped',
    when: 'its name changes',
    head: { replace: { 'name: dev-main': 'name: dev-blue' } },
    path: 'environments.dev.clusters.main.name',
    message: /^cluster "main" of dev goes from name dev-main to dev-blue/,
  },
  {
    rule: 'cluster-swapped',
    when: 'its issuer changes',
    head: { replace: { 'id/D1D1': 'id/E1E1' } },
    path: 'environments.dev.clusters.main.oidc.issuer',
    message: /goes from issuer https:.*D1D1 to https:.*E1E1/,
  },
  {
    rule: 'environment-moved',
    when: 'its account changes',
    head: { replace: { 'account: apps': 'account: data' } },
    path: 'environments.dev.account',
    message: /^environment "dev" goes from account apps \(111111111111\) to data \(222222222222\)/,
  },
  {
    rule: 'account-swapped',
    when: 'its id changes',
    head: { replace: { '222222222222': '333333333333' } },
    path: 'accounts.data.id',
    message: /^account "data" goes from 222222222222 to 333333333333/,
  },
];
