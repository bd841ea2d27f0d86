import type { Section } from './Page';
import type { Report } from './Report';

/** What the rules find in the inventory, errors first. */
export function findingsSection({ findings }: Report): Section {
  const sorted = (['error', 'warning'] as const).flatMap((one) => findings.filter(({ severity }) => severity === one));
  return {
    id: 'findings',
    title: 'Findings',
    blocks: [
      {
        kind: 'table',
        caption: 'Findings of the rules',
        columns: [
          { head: 'line' },
          { head: 'severity' },
          { head: 'rule' },
          { head: 'found', holds: 'sentences' },
          { head: 'how to fix it', holds: 'sentences' },
        ],
        rows: sorted.map(({ file, line, severity, rule, message, hint }) => [
          `${file}:${line}`,
          { text: severity, tone: severity === 'error' ? 'bad' : 'warning' },
          rule,
          message,
          hint,
        ]),
        empty: 'The rules find nothing.',
      },
    ],
  };
}
