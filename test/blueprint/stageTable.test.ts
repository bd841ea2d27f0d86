import { readFileSync } from 'node:fs';
import { STAGE_TABLE } from '../../src/blueprint/stageTable';
import { STAGES } from '../../src/inventory/Inventory';

const COLUMNS = [
  'trustsOidc',
  'trustsPodIdentity',
  'association',
  'annotation',
  'servesUntaggedHop',
  'servesTaggedHop',
] as const;

/** The rows of the table in docs/MIGRATION.md: stage, six yes or -, what a new pod uses. */
const documented = readFileSync('docs/MIGRATION.md', 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) =>
    line
      .split('|')
      .map((cell) => cell.trim())
      .slice(1, -1),
  );

describe('the stage table', () => {
  it('has the stages in the order in which a wave goes through them', () => {
    expect(Object.keys(STAGE_TABLE)).toEqual([...STAGES]);
  });

  it('is the table that the documentation shows', () => {
    const shown = Object.entries(STAGE_TABLE).map(([stage, row]) => [
      `\`${stage}\``,
      ...COLUMNS.map((column) => (row[column] ? 'yes' : '-')),
      row.newPodUses === 'irsa' ? 'IRSA' : 'Pod Identity',
    ]);
    expect(documented).toEqual(shown);
  });

  it.each(STAGES.slice(1).map((stage, index) => [STAGES[index]!, stage] as const))(
    'never takes both ways in away between %s and %s',
    (from, to) => {
      const kept = (['trustsOidc', 'trustsPodIdentity'] as const).some(
        (column) => STAGE_TABLE[from][column] && STAGE_TABLE[to][column],
      );
      expect(kept).toBe(true);
    },
  );

  it('asks for an association only where the role trusted Pod Identity one stage earlier', () => {
    STAGES.forEach((stage, index) => {
      if (STAGE_TABLE[stage].association) expect(STAGE_TABLE[STAGES[index - 1]!].trustsPodIdentity).toBe(true);
    });
  });
});
