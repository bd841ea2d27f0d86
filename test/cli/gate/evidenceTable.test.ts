import { evidenceTable } from '../../../src/cli/gate/evidenceTable';
import { gateReport } from '../../../src/cli/gate/gateReport';
import { remedies } from '../../../src/cli/gate/remedies';
import type { Evidence } from '../../../src/operations/gate/gate';

const evidence = (parts: Partial<Evidence>): Evidence => ({
  check: 'sdk',
  environment: 'prod',
  asked: 'x',
  of: 'inventory',
  when: '2026-11-21T12:00:00Z',
  found: 'found',
  holds: 'yes',
  ...parts,
});

describe('the evidence table', () => {
  it('puts what does not hold first, and what is not known before what holds', () => {
    const table = evidenceTable(
      [
        evidence({ found: 'first' }),
        evidence({ holds: 'unknown', found: 'second' }),
        evidence({ holds: 'no', found: 'third' }),
      ],
      false,
    );
    expect(table.match(/first|second|third/g)).toEqual(['third', 'second', 'first']);
    expect(table).toMatch(/NO/);
  });

  it('tells many that hold in one row, and never those that do not', () => {
    const many = Array.from({ length: 20 }, (_, index) => evidence({ workload: `w-${index}` }));
    const failing = many.map((one) => ({ ...one, holds: 'no' as const }));
    expect(evidenceTable(many, false)).toMatch(/20 times/);
    expect(evidenceTable(failing, false).match(/w-\d+/g)).toHaveLength(20);
  });

  it('fits its width, with long findings on several lines', () => {
    const table = evidenceTable([evidence({ workload: 'orders-api', found: 'word '.repeat(60).trim() })], false, 100);
    expect(Math.max(...table.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(table.match(/word/g)).toHaveLength(60);
  });

  it('is plain without colour and coloured with it', () => {
    const one = [evidence({ holds: 'no' })];
    expect(evidenceTable(one, false)).not.toContain('\u001b');
    expect(evidenceTable(one, true)).toContain('\u001b[');
  });
});

describe('the remedies', () => {
  it('stand once for all that share one, commands on lines of their own', () => {
    const apply = [{ say: 'Apply:' }, { run: ['npx', 'cdktf', 'apply', 'prod-identity'] }];
    const text = remedies(
      ['a', 'b'].map((workload) => evidence({ holds: 'no', workload, remedy: apply })),
      false,
    );
    expect(text).toBe('What to do:\n  sdk of a, sdk of b\n    Apply:\n      npx cdktf apply prod-identity');
  });

  it('that are for after the step stand apart', () => {
    const text = remedies(
      [
        evidence({ remedy: [{ say: 'Then:' }, { run: ['kubectl', 'x'] }] }),
        evidence({ holds: 'no', remedy: [{ say: 'First' }] }),
      ],
      false,
    );
    expect(text).toMatch(/^What to do:[^]*First\nAfter the step:[^]*kubectl x$/);
  });

  it('that are for before the step stand apart, ahead of those for after it', () => {
    const text = remedies(
      [
        evidence({ remedy: [{ say: 'Last' }], remedyDue: 'after-step' }),
        evidence({ remedy: [{ say: 'Remove it in the chart.' }], remedyDue: 'before-step' }),
      ],
      false,
    );
    expect(text).toBe('Before the step:\n  sdk\n    Remove it in the chart.\nAfter the step:\n  sdk\n    Last');
  });

  it('are none where nothing is to be done', () => {
    expect(remedies([evidence({})], false)).toBe('');
  });
});

describe('the report of a gate', () => {
  const result = { wave: 'pilot', environment: 'prod', evidence: [], holds: false } as const;

  it('says when there is no further step, and none back', () => {
    expect(gateReport({ ...result, direction: 'forward', from: 'pod-identity' }, false)).toBe(
      'pilot is at pod-identity in prod, the last stage: there is no step to take.',
    );
    expect(gateReport({ ...result, direction: 'back', from: 'irsa' }, false)).toMatch(
      /the first stage: there is no step back/,
    );
  });
});
