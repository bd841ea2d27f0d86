import { evidenceTable, gateReport, remedies } from '../../../src/cli/gate/gateReport';
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

const PLAIN = { colour: false } as const;

describe('the evidence table', () => {
  it('shows failed checks first, then those that could not be checked, then with verbose those that passed', () => {
    const all = [
      evidence({ found: 'first' }),
      evidence({ holds: 'unknown', found: 'second' }),
      evidence({ holds: 'no', found: 'third' }),
    ];
    expect(evidenceTable(all, { ...PLAIN, verbose: true }).match(/first|second|third/g)).toEqual([
      'third',
      'second',
      'first',
    ]);
    const short = evidenceTable(all, PLAIN);
    expect(short.match(/first|second|third/g)).toEqual(['third', 'second']);
    expect(short).toMatch(/FAIL[^]*not checked[^]*\n1 check passed \(--verbose shows them\)\.$/);
  });

  it('counts checks that passed, and shows each that failed', () => {
    const many = Array.from({ length: 20 }, (_, index) => evidence({ workload: `w-${index}` }));
    const failing = many.map((one) => ({ ...one, holds: 'no' as const }));
    expect(evidenceTable(many, PLAIN)).toBe('');
    expect(evidenceTable(failing, PLAIN).match(/w-\d+/g)).toHaveLength(20);
  });

  it('is plain without colour and coloured with it', () => {
    const one = [evidence({ holds: 'no' })];
    expect(evidenceTable(one, PLAIN)).not.toContain('\u001b');
    expect(evidenceTable(one, { colour: true })).toContain('\u001b[');
  });
});

describe('without credentials of AWS', () => {
  const login = [{ say: 'The SSO session has expired. Log in:' }, { run: ['aws', 'sso', 'login'] }];
  const lost = { holds: 'unknown', reason: 'denied', noCredentials: true } as const;
  const question = { ask: 'issuer', cluster: 'arn' } as const;
  const all: readonly Evidence[] = [
    evidence({
      holds: 'unknown',
      check: 'annotation',
      reason: 'not-judged',
      found: 'not judged',
      question,
      remedy: [{ say: 'Fix the check cluster.' }],
    }),
    evidence({
      holds: 'unknown',
      check: 'cluster',
      reason: 'failed',
      of: 'kubectl',
      found: 'failed: no context',
      question,
      remedy: [{ say: 'Fix kubectl.' }],
    }),
    ...['role', 'trust'].map((check) =>
      evidence({
        ...lost,
        check: check as 'role',
        of: 'apps-prod',
        found: 'denied: no',
        question,
        remedy: [{ say: 'Get iam:GetRole.' }, ...login],
      }),
    ),
    evidence({
      ...lost,
      check: 'agent',
      of: 'data-prod',
      found: 'denied: no',
      question,
      remedy: [{ say: 'x' }, ...login],
    }),
    evidence({ holds: 'no', found: 'an SDK is missing', remedy: [{ say: 'Write the SDK.' }] }),
  ];

  it('is one row, after what fails for other reasons', () => {
    const rows = evidenceTable(all, PLAIN)
      .split('\n')
      .filter((line) => /FAIL|not checked/.test(line));
    expect(rows).toHaveLength(2);
    expect(rows[0]).toContain('an SDK is missing');
    expect(rows[1]).toMatch(/5 checks .*no valid AWS credentials for apps-prod, data-prod: denied: no/);
    expect(evidenceTable(all, { ...PLAIN, verbose: true }).match(/│ (FAIL|not checked) /g)).toHaveLength(6);
  });

  it('has one remedy, that of the credentials', () => {
    expect(remedies(all, false)).toBe(
      'What to do:\n  sdk\n    Write the SDK.\n  5 checks\n    The SSO session has expired. Log in:\n      aws sso login\n    Then run the command again.',
    );
  });

  it('hides no throttling', () => {
    const throttled = evidence({ holds: 'unknown', reason: 'throttled', found: 'throttled: slow', question });
    expect(evidenceTable([...all, throttled], PLAIN)).toContain('throttled: slow');
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
    expect(gateReport({ ...result, direction: 'forward', from: 'pod-identity' }, PLAIN)).toBe(
      'pilot is at pod-identity in prod, the last stage: there is no step to take.',
    );
    expect(gateReport({ ...result, direction: 'back', from: 'irsa' }, PLAIN)).toMatch(
      /the first stage: there is no step back/,
    );
    expect(gateReport({ ...result, direction: 'back', from: 'cutover' }, PLAIN)).toBe(
      'pilot is at cutover in prod already: there is no step left on the way back to cutover.',
    );
  });
});
