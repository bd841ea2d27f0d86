import { acceptedSection, historySection } from './historySection';
import { accessSection } from './accessSection';
import { driftSection } from './driftSection';
import { findingsSection } from './findingsSection';
import { matrixSection } from './matrixSection';
import type { Fact, Page, PageTable } from './Page';
import { doneOf, progressSection } from './progressSection';
import { quotaSection } from './quotaSection';
import type { Report } from './Report';
import { trustSection } from './trustSection';
import { counted, timeText } from './wording';

/** The page of a report: what stands first is what most readers ask for. */
export function reportPage(report: Report): Page {
  const { inventory, environments } = report;
  const what = inventory === undefined ? '' : ` of ${inventory}`;
  return {
    title: `podlift report${what}: ${environments.join(', ')}`,
    facts: factsOf(report),
    sections: [
      progressSection(report),
      acceptedSection(report),
      ...driftSection(report),
      matrixSection(report),
      accessSection(report),
      trustSection(report),
      findingsSection(report),
      quotaSection(report),
      historySection(report),
    ],
  };
}

function factsOf(report: Report): readonly Fact[] {
  const { when, waves, findings, drift } = report;
  const { done, all } = doneOf(report);
  const stopped = waves.filter(({ blocked = [] }) =>
    blocked.some(({ by }) => by === 'inventory' || by === 'gate' || by === 'since'),
  ).length;
  const waiting = waves.filter(({ next }) => next.kind === 'wait').length;
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const warnings = findings.length - errors;
  const found = [
    ...(errors > 0 ? [counted(errors, 'error')] : []),
    ...(warnings > 0 ? [counted(warnings, 'warning')] : []),
  ].join(', ');
  return [
    {
      name: 'At pod-identity',
      value: { text: `${done} of ${all}`, ...(done === all && all > 0 && { tone: 'good' as const }) },
    },
    {
      name: 'Waves that cannot go on',
      value: stopped === 0 ? { text: 'none', tone: 'good' } : { text: `${stopped}`, tone: 'bad' },
    },
    { name: 'Waves that wait', value: `${waiting}` },
    {
      name: 'Findings',
      value: found === '' ? { text: 'none', tone: 'good' } : { text: found, tone: errors > 0 ? 'bad' : 'warning' },
    },
    {
      name: 'Differences in AWS',
      value:
        drift === undefined
          ? { text: 'not asked', tone: 'quiet' }
          : drift.differences.length === 0
            ? { text: 'none', tone: 'good' }
            : { text: `${drift.differences.length}`, tone: 'bad' },
    },
    { name: drift === undefined ? 'Made' : 'Asked', value: timeText(when) },
  ];
}

/** The table for spreadsheets: a line for each workload on each cluster. */
export function reportTable({ workloads, waves, access }: Report): PageTable {
  return {
    caption: 'Workloads by cluster',
    columns: [
      { head: 'environment' },
      { head: 'wave' },
      { head: 'workload' },
      { head: 'cluster' },
      { head: 'stage' },
      { head: 'since' },
      { head: 'next' },
      { head: 'blocked by' },
      { head: 'blocked since' },
      { head: 'source role' },
      { head: 'target roles' },
    ],
    rows: workloads.flatMap(({ workload, wave = '', clusters }) =>
      clusters.map(({ environment, cluster, stage }) => {
        const status = waves.find((one) => one.wave === wave && one.environment === environment);
        const roles = access.find((one) => one.workload === workload && one.environment === environment);
        const { next, since = '', blocked = [] } = status ?? {};
        return [
          environment,
          wave,
          workload,
          cluster,
          stage,
          since,
          next === undefined ? '' : 'to' in next ? next.to : next.kind,
          blocked.flatMap(({ found }) => found).join('; '),
          blocked.flatMap((one) => one.since ?? []).join('; '),
          roles?.role.arn ?? '',
          (roles?.targets ?? []).map(({ arn }) => arn).join(' '),
        ];
      }),
    ),
    empty: 'No workload runs here.',
  };
}
