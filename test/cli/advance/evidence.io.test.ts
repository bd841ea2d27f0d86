import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { advance, rollback } from '../../../src/cli/commands/advance';
import { parseEstate } from '../../../src/estate/estateFile';
import { lockInventory, type Lock } from '../../../src/operations/inventoryFile/lockInventory';
import { sha256 } from '../../../src/operations/step/evidenceDocument';
import type { StepWorld } from '../../../src/operations/step/takeStep';
import { folderOf, removeFolders } from '../../inventory/fixtures';
import { run, TEXT, world } from './stepFixtures';

afterAll(removeFolders);

const NAME = '2026-11-20T123456Z-prod-pilot-prepared-dual';
const WITH_FOLDER = TEXT.replace('version: 1', 'version: 1\nevidence: audit/steps');

function inventoryIn(text: string): { readonly folder: string; readonly file: string } {
  const folder = folderOf({ 'inventory.yaml': text });
  return { folder, file: join(folder, 'inventory.yaml') };
}

describe('the evidence of a step', () => {
  it('is written into the folder of the inventory, beside the Estate, for its owner alone', async () => {
    const { folder, file } = inventoryIn(WITH_FOLDER);
    const { exit, text } = await run(advance, { file });
    const steps = join(folder, 'audit/steps');
    expect([exit, readdirSync(steps)]).toEqual([0, [`${NAME}.json`, `${NAME}.md`]]);
    expect(text).toContain(`${NAME}.md`);
    for (const name of readdirSync(steps)) expect(statSync(join(steps, name)).mode & 0o777).toBe(0o600);
    const estate = readFileSync(join(steps, `${NAME}.json`), 'utf8');
    expect(parseEstate(estate, NAME)).toMatchObject({ estate: { at: '2026-11-20T12:34:56.789Z' } });
    const document = readFileSync(join(steps, `${NAME}.md`), 'utf8');
    const [, head = '', body] = document.split(/^---\n/m);
    expect(parse(head)).toEqual({
      format: 'podlift.evidence/1',
      environment: 'prod',
      wave: 'pilot',
      from: 'prepared',
      to: 'dual',
      at: '2026-11-20T12:34:56Z',
      by: expect.objectContaining({ user: expect.stringContaining('@') as string, aws: {} }) as object,
      podlift: expect.any(String) as string,
      estate: `${NAME}.json`,
      sha256: sha256(estate),
      forced: false,
      accepted: [],
    });
    expect(body).toContain(
      '| passed | agent-on-nodes | api | main | node ip-10-0-0-1 has no agent | get nodes | kubectl |',
    );
    expect(body).toContain('Nothing was accepted: every check passed.');
    expect(body).toContain(
      '+  pilot: { stages: { dev: dual, prod: { stage: dual, since: 2026-11-20T12:34:56Z } } } # now',
    );
  });

  it('has what was accepted and why, and what AWS and the clusters did not answer', async () => {
    const { folder, file } = inventoryIn(WITH_FOLDER);
    await run(advance, { file, accept: ['agent-on-nodes'], because: 'a | b\n# c <b>' }, world('unknown'));
    const document = readFileSync(join(folder, 'audit/steps', `${NAME}.md`), 'utf8');
    expect(document).toContain('- agent-on-nodes\n');
    expect(document).toContain('Reason: a \\| b<br>\\# c &lt;b&gt;\n');
    expect(document).toContain('| not checked, accepted | agent-on-nodes |');
    expect(parse(document.split(/^---\n/m)[1]!)).toMatchObject({
      accepted: ['agent-on-nodes'],
      because: 'a | b\n# c <b>',
    });
  });

  it('is written for a step back and for a forced step too, into the folder of --evidence', async () => {
    const folder = folderOf({});
    const { exit } = await run(rollback, { evidence: folder, force: true, because: 'incident' }, world('no', 'down'));
    const [, document = ''] = readdirSync(folder);
    expect([exit, document]).toEqual([0, '2026-11-20T123456Z-prod-pilot-prepared-irsa.md']);
    expect(readFileSync(join(folder, document), 'utf8')).toContain('overridden by force');
  });

  it('is data too', async () => {
    const folder = folderOf({});
    const { report } = await run(advance, { evidence: folder, format: 'json' });
    expect(report.evidence).toEqual([join(folder, `${NAME}.json`), join(folder, `${NAME}.md`)]);
    expect((await run(advance, { format: 'json' })).report).not.toHaveProperty('evidence');
  });

  it('cannot be forged by what a cluster shows', async () => {
    const folder = folderOf({});
    const found = '---\n| passed | `x`\u001b[31m <script> \u202e';
    const where: StepWorld = {
      ...world(),
      judge: (...request) => {
        const result = world().judge(...request);
        return { ...result, evidence: result.evidence.map((one) => ({ ...one, found })) };
      },
    };
    await run(advance, { evidence: folder }, where);
    const document = readFileSync(join(folder, `${NAME}.md`), 'utf8');
    expect(document.split(/^---$/m)).toHaveLength(3);
    expect(document).toContain('---<br>\\| passed \\| \\`x\\`');
    expect(document).not.toMatch(/<script>|\u001b|\u202e/);
  });

  it('is not written without a step: in a dry run, and when the gate does not hold', async () => {
    const { folder, file } = inventoryIn(WITH_FOLDER);
    await run(advance, { file, dryRun: true });
    await run(advance, { file }, world('no'));
    expect(existsSync(join(folder, 'audit'))).toBe(false);
  });

  it('does not stay when the inventory cannot be written', async () => {
    const { folder, file } = inventoryIn(WITH_FOLDER);
    const lock = lockInventory(file) as Lock;
    const { exit, content } = await run(advance, { file });
    lock.release();
    expect([exit, content, readdirSync(join(folder, 'audit/steps'))]).toEqual([1, WITH_FOLDER, []]);
  });

  it.each(['json', 'md'])('never replaces a file, and then no step is taken (%s)', async (kind) => {
    const { folder, file } = inventoryIn(WITH_FOLDER);
    mkdirSync(join(folder, 'audit/steps'), { recursive: true });
    const there = join(folder, 'audit/steps', `${NAME}.${kind}`);
    writeFileSync(there, 'mine');
    const { exit, content, text } = await run(advance, { file });
    expect([exit, content, readFileSync(there, 'utf8')]).toEqual([2, WITH_FOLDER, 'mine']);
    expect(readdirSync(join(folder, 'audit/steps'))).toEqual([`${NAME}.${kind}`]);
    expect(text).toContain(`${NAME}.${kind} exists already`);
  });

  it('is not written through a link', async () => {
    const { folder, file } = inventoryIn(WITH_FOLDER);
    mkdirSync(join(folder, 'audit/steps'), { recursive: true });
    symlinkSync(join(folder, 'elsewhere'), join(folder, 'audit/steps', `${NAME}.md`));
    const { exit } = await run(advance, { file });
    expect([exit, existsSync(join(folder, 'elsewhere'))]).toEqual([2, false]);
  });

  it('says that its folder cannot be created, also where the system has no such folder at all', async () => {
    const { file } = inventoryIn(WITH_FOLDER);
    const { exit, content, text } = await run(advance, { file, evidence: '/proc/podlift/audit' });
    expect([exit, content]).toEqual([2, WITH_FOLDER]);
    expect(text).toMatch(/Nothing was written: the evidence cannot be written: \/proc\/podlift\/audit: /);
  });

  it('says that its folder is a file', async () => {
    const { folder, file } = inventoryIn(WITH_FOLDER);
    writeFileSync(join(folder, 'audit'), '');
    const { exit, content, text } = await run(advance, { file });
    expect([exit, content]).toEqual([2, WITH_FOLDER]);
    expect(text).toMatch(/Nothing was written: the evidence cannot be written: .*this is a file, not a folder/);
  });

  it('stays in the repository of the inventory', async () => {
    const outside = folderOf({});
    const { folder, file } = inventoryIn(TEXT.replace('version: 1', 'version: 1\nevidence: link/steps'));
    symlinkSync(outside, join(folder, 'link'));
    await expect(run(advance, { file })).rejects.toThrow(/evidence: link\/steps: this folder is not in /);
    const up = TEXT.replace('version: 1', 'version: 1\nevidence: ../steps');
    await expect(run(advance, { text: up })).rejects.toThrow(/evidence: \.\.\/steps: this folder is not in /);
    await expect(run(advance, { evidence: ' ' })).rejects.toThrow('--evidence names no folder');
    const repository = folderOf({ '.git/HEAD': '', 'prod/inventory.yaml': up });
    expect((await run(advance, { file: join(repository, 'prod/inventory.yaml') })).exit).toBe(0);
    expect(readdirSync(join(repository, 'steps'))).toHaveLength(2);
    const hidden = TEXT.replace('version: 1', 'version: 1\nevidence: .git/hooks');
    await expect(run(advance, { text: hidden })).rejects.toThrow(/is not in/);
  });
});
