import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { folderOf, removeFolders } from '../../inventory/fixtures';
import { BASE } from '../../inventory/marked';

afterAll(removeFolders);

interface Ended {
  readonly code: number | null;
  readonly said: string;
}

function advanceAt(folder: string, wave: string, environment: string, at: number): Promise<Ended> {
  const script = ['-r', 'tsx/cjs', 'test/cli/advance/advanceAt.ts', wave, environment, String(at)];
  const env = { ...process.env, PODLIFT_INVENTORY: join(folder, 'inventory.yaml') };
  const child = spawn(process.execPath, script, { env });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return new Promise((resolve) => {
    child.on('close', (code) => {
      resolve({ code, said });
    });
  });
}

const TWO = BASE.replace('prod: prepared } }', 'prod: prepared } }\n  core: { stages: { prod: irsa } }');

describe('two operators who advance at the same moment', () => {
  it.each([
    ['the same wave', 'pilot', 'dual'],
    ['two waves of one file', 'core', 'prepared'],
  ])('%s: exactly one writes, and the other is told why', async (_what, other, stage) => {
    const folder = folderOf({ 'inventory.yaml': TWO });
    const at = Date.now() + 2500;
    const ended = await Promise.all([advanceAt(folder, 'pilot', 'prod', at), advanceAt(folder, other, 'prod', at)]);
    expect(ended.map(({ code }) => code).sort()).toEqual([0, 1]);
    const refused = ended.find(({ code }) => code === 1)!.said;
    expect(refused).toMatch(
      /Nothing was written: (another podlift is changing the inventory: process \d+ of .* since|.*inventory\.yaml changed while this command ran)/,
    );
    const written = readFileSync(join(folder, 'inventory.yaml'), 'utf8');
    const since = 'since: \\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ';
    const [first, second] = [
      `prod: { stage: dual, ${since} } } }\n  core: { stages: { prod: irsa } }`,
      `prod: prepared } }\n  core: { stages: { prod: { stage: ${stage}, ${since} } } }`,
    ];
    expect(written).toMatch(new RegExp(`${first}|${second}`));
    expect(readdirSync(folder)).toEqual(['inventory.yaml']);
  });
});
