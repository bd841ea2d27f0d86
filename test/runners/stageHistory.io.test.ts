import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stageHistory } from '../../src/runners/stageHistory';
import { folderOf, removeFolders } from '../inventory/fixtures';

afterAll(removeFolders);

const at = (stage: string) => `version: 1\nwaves:\n  pilot: { stages: { prod: ${stage} } }\n`;

/** A repository with a commit for each text. */
function repositoryOf(...texts: readonly string[]): string {
  const folder = folderOf({});
  const git = (...words: readonly string[]) =>
    execFileSync('git', ['-C', folder, '-c', 'user.name=Jo', '-c', 'user.email=jo@example.com', ...words]);
  git('init', '-q');
  for (const text of texts) {
    writeFileSync(join(folder, 'inventory.yaml'), text);
    git('add', '-A');
    git('commit', '-q', '--allow-empty', '-m', 'change');
  }
  return join(folder, 'inventory.yaml');
}

function stagesOf(found: ReturnType<typeof stageHistory>): readonly unknown[] {
  if ('problem' in found) throw new Error(found.problem);
  return found.commits.map(({ waves }) => waves[0]?.stages.prod?.stage);
}

describe('the history of the stages', () => {
  it('has the commits that changed a stage, the oldest first, with who and when', () => {
    const file = repositoryOf(at('irsa'), `${at('irsa')}# a comment\n`, at('prepared'), at('dual'));
    const found = stageHistory(file, [file]);
    expect(stagesOf(found)).toEqual(['irsa', 'prepared', 'dual']);
    expect(found).toMatchObject({
      left: 0,
      commits: [{ by: 'Jo' }, { by: 'Jo' }, { by: 'Jo', at: expect.any(String) }],
    });
  });

  it('knows that a wave without a stage was at the first one', () => {
    const file = repositoryOf('version: 1\nwaves: { pilot: {} }\n', at('prepared'));
    expect(stagesOf(stageHistory(file, [file]))).toEqual([undefined, 'prepared']);
  });

  it('reads the newest commits, and says how many are left', () => {
    const file = repositoryOf(at('irsa'), at('prepared'), at('dual'), at('cutover'));
    const found = stageHistory(file, [file], 2);
    expect(found).toMatchObject({ left: 2 });
    expect(stagesOf(found).slice(-2)).toEqual(['dual', 'cutover']);
  });

  it('says why there is none outside of a repository', () => {
    const file = join(folderOf({ 'inventory.yaml': at('irsa') }), 'inventory.yaml');
    expect(stageHistory(file, [file])).toEqual({ problem: expect.stringContaining('is in no git repository') });
  });
});
