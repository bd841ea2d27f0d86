import { advance, rollback } from '../../../src/cli/commands/advance';
import { UsageError } from '../../../src/cli/exit';
import type { Evidence } from '../../../src/operations/gate/gate';
import type { StepWorld } from '../../../src/operations/step/takeStep';
import { removeFolders } from '../../inventory/fixtures';
import { AFTER, run, TEXT, world } from './stepFixtures';

afterAll(removeFolders);

const ACCEPTED = { accept: ['agent-on-nodes:api:main'], because: 'the node has taints' } as const;

/** A world in which the result of the gate has more to it. */
function worldWith(more: Partial<Evidence>, holds: Evidence['holds'] = 'no'): StepWorld {
  const where = world(holds);
  return {
    ...where,
    judge: (...request) => {
      const result = where.judge(...request);
      return { ...result, evidence: result.evidence.map((one) => ({ ...one, ...more })) };
    },
  };
}

describe('a step with an accepted check', () => {
  it.each(['no', 'unknown'] as const)('is taken although the check says %s, and recorded', async (holds) => {
    const { exit, content, text } = await run(advance, ACCEPTED, world(holds));
    expect(content).toBe(
      AFTER.replace('56Z }', '56Z, because: the node has taints, accepted: [agent-on-nodes:api:main] }'),
    );
    expect(exit).toBe(0);
    expect(text).toContain(holds === 'no' ? 'FAIL, accepted' : 'not checked, accepted');
    expect(text).toContain('Accepted. To fix the cause:\n  agent-on-nodes of api on main\n    wait for the agent');
    expect(text).toContain('Accepted: agent-on-nodes:api:main\nThe reason in the inventory: the node has taints');
  });

  it('shows what it accepted as data', async () => {
    const { report } = await run(advance, { ...ACCEPTED, format: 'json' }, world('no'));
    expect(report).toMatchObject({
      accepted: ['agent-on-nodes:api:main'],
      because: 'the node has taints',
      written: true,
      gate: { holds: true, evidence: [{ holds: 'no', accepted: true }] },
    });
    expect(report).not.toHaveProperty('forced');
  });

  it('leaves no record of the step before', async () => {
    const text = TEXT.replace(
      'prod: prepared',
      'prod: { stage: prepared, since: 2026-11-01T00:00:00Z, because: old, accepted: [sdk:api] }',
    );
    expect((await run(advance, { text })).content).toBe(AFTER);
    const again = await run(advance, { text, ...ACCEPTED }, world('no'));
    expect(again.content).toContain(
      'prod: { stage: dual, since: 2026-11-20T12:34:56Z, because: the node has taints, accepted: [agent-on-nodes:api:main] }',
    );
  });

  it('goes back in the same way', async () => {
    const choice = { accept: ['restart-needed'], because: 'late' };
    const { exit, content } = await run(rollback, choice, worldWith({ check: 'restart-needed' }));
    expect(exit).toBe(0);
    expect(content).toContain(
      '{ stage: irsa, since: 2026-11-20T12:34:56Z, because: late, accepted: [restart-needed] }',
    );
  });

  it('prints the command of a dry run with what it accepts', async () => {
    const { text, content } = await run(advance, { ...ACCEPTED, dryRun: true }, world('no'));
    expect(content).toBe(TEXT);
    expect(text).toContain(
      "npx podlift advance pilot --environment prod --accept agent-on-nodes:api:main --because 'the node has taints'",
    );
  });

  it('is not taken while another check does not pass, and proposes to accept both', async () => {
    const where = world('no');
    const two: StepWorld = {
      ...where,
      judge: (...request) => {
        const result = where.judge(...request);
        return { ...result, evidence: [...result.evidence, { ...result.evidence[0]!, check: 'trust' }] };
      },
    };
    const { exit, content, text } = await run(advance, ACCEPTED, two);
    expect([exit, content]).toEqual([1, TEXT]);
    expect(text).toContain('The gate fails: of 2 checks, 1 failed and 1 accepted.');
    expect(text).toMatch(/ --accept agent-on-nodes:api:main --accept trust:api:main --because 'the node has taints'$/);
  });

  it('is taken without a record when the check passes, so that a script can always name it', async () => {
    const { exit, content, text } = await run(advance, ACCEPTED);
    expect([exit, content]).toEqual([0, AFTER]);
    expect(text).toContain('Nothing to accept: agent-on-nodes:api:main passes. The inventory does not record it.');
    expect(text).not.toContain(ACCEPTED.because);
    const { report } = await run(advance, { ...ACCEPTED, format: 'json' });
    expect(report).toMatchObject({ unneeded: ['agent-on-nodes:api:main'], written: true });
    expect(report).not.toHaveProperty('accepted');
    expect(report).not.toHaveProperty('because');
  });

  it('records only what does not pass', async () => {
    const choice = { ...ACCEPTED, accept: ['agent-on-nodes', 'trust'] };
    const { exit, content, text } = await run(advance, choice, world('no'));
    expect(exit).toBe(0);
    expect(content).toContain('because: the node has taints, accepted: [agent-on-nodes] }');
    expect(text).toContain('Nothing to accept: trust passes.');
  });

  it('is not taken when another check fails than the one that is accepted', async () => {
    const failing = await run(advance, { ...ACCEPTED, accept: ['trust'] }, world('no'));
    expect([failing.exit, failing.content]).toEqual([1, TEXT]);
    expect(failing.text).toContain('Nothing to accept: trust passes. The inventory does not record it.');
    expect(failing.text).toMatch(/ --accept agent-on-nodes:api:main --because 'the node has taints'$/);
  });

  it('warns where an apply would take the role from running pods, and proposes nothing for it', async () => {
    const blocking = worldWith({ check: 'adoption', blocksApply: true });
    const refused = await run(advance, {}, blocking);
    expect(refused.text).not.toMatch(/--accept|--force/);
    const { exit, text } = await run(advance, { accept: ['adoption:api'], because: 'x' }, blocking);
    expect(exit).toBe(0);
    expect(text).toContain('Warning: an apply of this environment takes the role from running pods of api.');
  });

  it('proposes nothing without credentials: nothing is known of the pods', async () => {
    const lost = worldWith({ reason: 'denied', noCredentials: true }, 'unknown');
    const { exit, text } = await run(advance, {}, lost);
    expect(exit).toBe(1);
    expect(text).toMatch(/Fix the failed checks above and run the command again\.$/);
    expect(text).not.toMatch(/--accept|--force/);
  });

  it('says how to go on where nobody can accept a check', async () => {
    const { text, report } = await run(advance, {}, worldWith({ check: 'cluster', identity: true }));
    expect(text).toMatch(/\n {2}npx podlift advance pilot --environment prod --force --because "REASON"$/);
    expect(report).not.toHaveProperty('acceptable');
  });
});

describe('a step is refused before anything is asked', () => {
  const unasked: StepWorld = {
    ...world(),
    estate: () => {
      throw new Error('AWS was asked');
    },
  };
  it.each([
    [{ accept: ['trust'] }, /--because "REASON"/],
    [{ accept: ['trust'], because: ' ' }, /--because "REASON"/],
    [{ because: 'x' }, /add one of them/],
    [{ accept: ['trust'], force: true, because: 'x' }, /remove --accept, or --force/],
    [{ accept: ['trusts'], because: 'x' }, /--accept trusts: there is no such check: did you mean "trust"\?/],
    [{ accept: ['wave-order'], because: 'x' }, /nobody can accept this check/],
    [{ accept: ['cluster-identity'], because: 'x' }, /nobody can accept this check/],
    [{ accept: ['trust:apj'], because: 'x' }, /there is no workload "apj": did you mean "api"\?/],
    [{ accept: ['trust:api:mian'], because: 'x' }, /there is no cluster "mian": did you mean "main"\?/],
  ])('%j', async (options, message) => {
    await expect(run(advance, options, unasked)).rejects.toThrow(UsageError);
    await expect(run(advance, options, unasked)).rejects.toThrow(message);
  });
});
