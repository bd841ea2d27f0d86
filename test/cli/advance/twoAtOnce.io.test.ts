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

interface Started {
  /** It has read the inventory, and waits. */
  readonly ready: Promise<void>;
  readonly goOn: () => void;
  readonly ended: Promise<Ended>;
}

function advanceAt(folder: string, wave: string, environment: string): Started {
  const script = ['-r', 'tsx/cjs', 'test/cli/advance/advanceAt.ts', wave, environment];
  const env = { ...process.env, PODLIFT_INVENTORY: join(folder, 'inventory.yaml') };
  const child = spawn(process.execPath, script, { env });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return {
    ready: new Promise((resolve) => {
      child.stderr.on('data', () => {
        if (said.includes('ready\n')) resolve();
      });
      child.on('close', () => {
        resolve();
      });
    }),
    goOn: () => child.stdin.end('go on\n'),
    ended: new Promise((resolve) => {
      child.on('close', (code) => {
        resolve({ code, said });
      });
    }),
  };
}

const TWO = `${BASE.replace('prod: prepared } }', 'prod: prepared } }\n  core: { stages: { prod: irsa } }')}    sdk: { language: python, version: 1.34.60 }
`;

describe('two operators who advance at the same moment', () => {
  it.each([
    ['the same wave', 'pilot', 'dual'],
    ['two waves of one file', 'core', 'prepared'],
  ])('%s: exactly one writes, and the other is told why', async (_what, other, stage) => {
    const folder = folderOf({ 'inventory.yaml': TWO });
    const both = [advanceAt(folder, 'pilot', 'prod'), advanceAt(folder, other, 'prod')];
    await Promise.all(both.map(({ ready }) => ready));
    for (const { goOn } of both) goOn();
    const ended = await Promise.all(both.map((one) => one.ended));
    expect(ended.map(({ code }) => code).sort()).toEqual([0, 1]);
    const refused = ended.find(({ code }) => code === 1)!.said;
    expect(refused).toMatch(
      /Nothing was written: (another podlift is changing the inventory: process \d+ on .*, since|.*inventory\.yaml changed while this command ran)/,
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
