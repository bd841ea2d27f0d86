import { loadInventory } from '../../src/inventory/loadInventory';
import { compileLoaded } from '../../src/blueprint/compileLoaded';
import { statusOf } from '../../src/operations/status/statusOf';
import { type Report, type ReportFacts, reportOf } from '../../src/report/Report';
import { folderOf } from '../inventory/fixtures';
import { join } from 'node:path';

/** The time of every report of the tests. */
export const NOW = '2026-11-28T12:00:00.000Z';

const TEAMS = ['orders', 'billing', 'search', 'media', 'ledger', 'identity', 'shipping', 'catalog', 'risk', 'mail'];
const KINDS = ['api', 'worker', 'export', 'sync', 'reports', 'gateway'];

/**
 * An inventory with this many workloads in waves of ten, in two environments with three clusters: every fifth has two target roles in other accounts, every seventh one that EKS
 * assumes, and every eleventh is in no wave.
 */
export function inventoryText(workloads: number): string {
  const waves = Math.ceil(workloads / 10);
  const stages = ['pod-identity', 'cutover', 'dual', 'prepared', 'irsa'];
  const stageOf = (wave: number) => stages[Math.min(4, Math.floor((wave * 6) / Math.max(1, waves)))]!;
  return [
    'version: 1',
    'accounts:',
    '  apps-dev: { id: "111111111111" }',
    '  apps-prod: { id: "333333333333" }',
    '  data-prod: { id: "444444444444", deployRole: "arn:aws:iam::444444444444:role/podlift-deploy" }',
    '  lake: { id: "555555555555", deployRole: "arn:aws:iam::555555555555:role/podlift-deploy" }',
    'environments:',
    ...environment('dev', 'apps-dev', ['main'], '1'),
    ...environment('prod', 'apps-prod', ['main', 'batch'], '2'),
    'waves:',
    ...Array.from({ length: waves }, (_, wave) => {
      const days = String(1 + (wave % 27)).padStart(2, '0');
      const how = wave === 1 ? ', because: the sidecar is updated next week, accepted: [sdk:billing-worker-11]' : '';
      return `  wave-${wave}: { soak: 14d, stages: { dev: { stage: ${stageOf(Math.max(0, wave - 2))}, since: 2026-11-${days}T08:00:00Z${wave === 3 ? ', because: an incident' : ''} }, prod: { stage: ${stageOf(wave)}, since: 2026-11-${days}T09:30:00Z${how} } } }`;
    }),
    'workloads:',
    ...Array.from({ length: workloads }, (_, index) => workload(index)),
    '',
  ].join('\n');
}

function environment(key: string, account: string, clusters: readonly string[], id: string): readonly string[] {
  return [
    `  ${key}:`,
    `    account: ${account}`,
    '    region: us-west-2',
    '    quotas: { trustPolicyLength: 4096 }',
    '    clusters:',
    ...clusters.map(
      (cluster, index) =>
        `      ${cluster}: { name: ${key}-${cluster}, version: "1.33", oidc: { issuer: "https://oidc.eks.us-west-2.amazonaws.com/id/${id.repeat(31)}${index}" }, agent: { version: v1.3.4-eksbuild.1 } }`,
    ),
  ];
}

function workload(index: number): string {
  const name = `${TEAMS[index % TEAMS.length]}-${KINDS[index % KINDS.length]}-${index}`;
  const where = index % 11 === 10 ? 'stage: irsa, because: a person moves it' : `wave: wave-${Math.floor(index / 10)}`;
  const read = (bucket: string) =>
    `{ statements: [{ actions: [s3:GetObject], resources: ["arn:aws:s3:::acme-${bucket}/*"] }] }`;
  const targets = [
    ...(index % 5 === 0
      ? [
          `archive: { account: data-prod, permissions: ${read('archive')} }`,
          `lake: { account: lake, permissions: ${read('lake')} }`,
        ]
      : []),
    ...(index % 7 === 0 && index % 5 !== 0
      ? [`ledger: { account: data-prod, via: association, permissions: ${read('ledger')} }`]
      : []),
  ];
  return `  ${name}: { ${where}, namespace: ${TEAMS[index % TEAMS.length]}, serviceAccount: ${name}, sdk: { language: go, version: "1.55.0" }, permissions: ${read(name)}${targets.length === 0 ? '' : `, targets: { ${targets.join(', ')} }`} }`;
}

/** The report of an inventory, as `podlift report` makes it without git. */
export function reportFrom(text: string, facts: Partial<ReportFacts> = {}): Report {
  const loaded = loadInventory(join(folderOf({ 'inventory.yaml': text }), 'inventory.yaml'));
  const { inventory } = loaded;
  if (inventory === undefined) throw new Error(JSON.stringify(loaded.findings.slice(0, 5), undefined, 1));
  const environments = facts.environments ?? inventory.environments.map(({ key }) => key);
  return reportOf({
    inventory,
    ...compileLoaded(loaded),
    environments,
    when: NOW,
    status: statusOf(inventory, new Date(NOW), environments),
    commits: { problem: 'the folder is in no git repository' },
    ...facts,
  });
}
