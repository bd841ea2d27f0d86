import { DRIFT_KINDS, type Difference } from '../operations/drift/Difference';
import type { Cell, Section } from './Page';
import type { Report } from './Report';
import { counted, timeText } from './wording';

/** How AWS and the clusters differ from the inventory; no section where nothing was asked. */
export function driftSection({ drift }: Report): readonly Section[] {
  if (drift === undefined) return [];
  const { differences, workloads, asked, when } = drift;
  return [
    {
      id: 'drift',
      title: 'Differences in AWS and the clusters',
      lead: `${counted(workloads, 'workload')} and ${counted(asked, 'question')} were compared at ${timeText(when)}.`,
      blocks: [
        {
          kind: 'table',
          caption: 'Differences between the inventory and what stands',
          columns: [
            { head: 'what', holds: 'sentences' },
            { head: 'environment' },
            { head: 'workload' },
            { head: 'result' },
            { head: 'expected', holds: 'sentences' },
            { head: 'found', holds: 'sentences' },
          ],
          rows: differences.map((one) => [
            `${DRIFT_KINDS[one.kind]} ${one.where}`,
            one.environment,
            one.workload ?? one.cluster ?? '-',
            resultOf(one),
            one.expected,
            [one.found, ...(one.effect === undefined ? [] : [`Effect: ${one.effect}`])].join('. '),
          ]),
          empty: 'AWS and the clusters are as the inventory says.',
        },
        ...(differences.length === 0
          ? []
          : [
              { kind: 'text' as const, text: 'For the remedies:' },
              {
                kind: 'commands' as const,
                commands: [...new Set(differences.map(({ environment }) => environment))].map(
                  (environment) => `npx podlift drift --environment ${environment}`,
                ),
              },
            ]),
      ],
    },
  ];
}

function resultOf({ holds }: Difference): Cell {
  return holds === 'no' ? { text: 'differs', tone: 'bad' } : { text: 'not checked', tone: 'warning' };
}
