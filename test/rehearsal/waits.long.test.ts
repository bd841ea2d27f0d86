import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadInventory } from '../../src/inventory/loadInventory';
import { type Move, planWalk } from '../../src/rehearsal/planWalk';
import { rehearseEnvironment, succeeded } from '../../src/rehearsal/rehearseEnvironment';
import { findTools } from '../../src/rehearsal/startRehearsal';
import { INVENTORY } from '../e2e/rehearseWave';

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'podlift-waits-test-'))));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** A rehearsal to `dual` and back, with the waits that podlift tells an operator, or without the one after the rollback. */
async function rehearsal(keepsWait: (move: Move) => boolean) {
  const file = join(folder, 'inventory.yaml');
  writeFileSync(file, INVENTORY);
  const { inventory, files } = loadInventory(file);
  const terraform = await findTools();
  if (inventory === undefined || 'missing' in terraform) throw new Error('the inventory or Terraform is missing');
  const plan = { inventory, files, environment: 'dev', terraform: terraform.binary, keepsWait };
  const moves = planWalk({ waves: inventory.waves, environment: 'dev', rehearsed: ['pilot'], to: 'dual' });
  return rehearseEnvironment(plan, moves);
}

describe('A rehearsal with associations that EKS sees after up to ten seconds, and agents that keep credentials', () => {
  it('passes when pods are restarted after the wait', async () => {
    const result = await rehearsal(() => true);
    expect(result.failure).toBeUndefined();
    expect(succeeded(result)).toBe(true);
    expect(result.steps).toHaveLength(5);
  });

  it('fails at the rollback when they are restarted at once: they hold Pod Identity again, and lose it', async () => {
    const result = await rehearsal(({ from }) => from !== 'dual');
    expect(succeeded(result)).toBe(false);
    const last = result.steps.at(-1);
    expect(last?.move).toMatchObject({ from: 'dual', to: 'prepared' });
    const lost = (last?.denied ?? []).filter(({ expected }) => !expected);
    expect(lost.length).toBeGreaterThan(0);
    expect(
      lost.every(({ uses, role, reason }) => uses === 'pod-identity' && role === 'source role' && reason !== ''),
    ).toBe(true);
  });
});
