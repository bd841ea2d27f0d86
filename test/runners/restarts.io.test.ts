import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { operatorsKubectl, watchRollout } from '../../src/runners/restarts';

const OWNER = { context: 'main', namespace: 'shop', name: 'deployment/api' };

describe('the watch of a rollout', () => {
  const folder = mkdtempSync(join(tmpdir(), 'podlift-kubectl-'));
  const path = process.env.PATH;
  beforeAll(() => {
    const file = join(folder, 'kubectl');
    writeFileSync(file, '#!/bin/sh\necho "Waiting for deployment: 1 out of 2"\nexec sleep 600\n');
    chmodSync(file, 0o755);
    process.env.PATH = `${folder}${delimiter}${path ?? ''}`;
  });
  afterAll(() => {
    process.env.PATH = path;
    rmSync(folder, { recursive: true });
  });

  it('shows each line of kubectl as it comes, and ends at an interrupt', async () => {
    const interrupt = new AbortController();
    const lines: string[] = [];
    const done = await watchRollout(OWNER, operatorsKubectl(interrupt.signal), (line) => {
      lines.push(line);
      interrupt.abort();
    });
    expect(done.ok).toBe(false);
    expect(lines).toEqual(['Waiting for deployment: 1 out of 2']);
  });
});
