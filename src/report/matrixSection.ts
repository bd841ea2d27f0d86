import type { Section } from './Page';
import type { Report } from './Report';
import { stageCell } from './wording';

/** Which workload is at which stage on which cluster. */
export function matrixSection({ workloads }: Report): Section {
  const columns = new Map(
    workloads.flatMap(({ clusters }) => clusters.map((one) => [`${one.environment}/${one.cluster}`, one] as const)),
  );
  const environments = [...new Set([...columns.values()].map(({ environment }) => environment))];
  const ordered = environments.flatMap((key) => [...columns].filter(([, { environment }]) => environment === key));
  return {
    id: 'matrix',
    title: 'Workloads and clusters',
    lead: 'The stage of each workload on each cluster. Where there is no stage, the workload does not run.',
    blocks: [
      {
        kind: 'table',
        caption: 'Stages by workload and cluster',
        columns: [{ head: 'workload' }, { head: 'wave' }, ...ordered.map(([head]) => ({ head }))],
        rows: workloads.map(({ workload, wave = '-', clusters }) => [
          workload,
          wave,
          ...ordered.map(([, { environment, cluster }]) => {
            const here = clusters.find((one) => one.environment === environment && one.cluster === cluster);
            return here === undefined ? '' : stageCell(here.stage);
          }),
        ]),
        empty: 'No workload runs here.',
      },
    ],
  };
}
