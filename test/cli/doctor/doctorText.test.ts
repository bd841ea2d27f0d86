import { doctorText } from '../../../cli/doctor/doctorText';
import { summaryOf } from '../../../cli/doctor/summaryOf';
import type { Diagnosis } from '../../../operations/doctor/diagnose';
import type { DoctorFinding } from '../../../operations/doctor/DoctorFinding';

const finding = (parts: Partial<DoctorFinding> = {}): DoctorFinding => ({
  check: 'role',
  environment: 'prod',
  workload: 'orders-api',
  cluster: 'main',
  state: 'ok',
  found: 'it exists',
  of: 'apps-prod (333333333333) us-west-2',
  shows: 'aws iam get-role --role-name prod-orders-api',
  explains: 'Every way ends here.',
  ...parts,
});

const diagnosis = (workload: string, ...findings: DoctorFinding[]): Diagnosis => ({
  environment: 'prod',
  workload,
  cluster: 'main',
  stage: 'dual',
  newPodUses: 'pod-identity',
  findings,
});

const GONE = { state: 'problem', found: 'there is no role', mends: 'Apply:\nnpx cdktf apply prod-identity' } as const;

describe('what the doctor prints', () => {
  it('is one line for each that is healthy, and a summary', () => {
    expect(doctorText([diagnosis('a', finding()), diagnosis('b', finding())], false)).toBe(
      [
        '✓ a on prod/main: dual, a new pod uses Pod Identity, its one check is well',
        '✓ b on prod/main: dual, a new pod uses Pod Identity, its one check is well',
        '',
        '2 workloads on their clusters: 2 healthy.',
      ].join('\n'),
    );
  });

  it('has for a problem why it matters, what shows it and what mends it, and only names what follows', () => {
    const later = finding({ ...GONE, check: 'trust', found: 'refused:\n  much text', follows: 'role' });
    expect(doctorText([diagnosis('a', finding(GONE), later)], false)).toBe(
      [
        '✗ a on prod/main: dual, a new pod uses Pod Identity',
        '  PROBLEM role: there is no role',
        '    why   Every way ends here.',
        '    look  apps-prod (333333333333) us-west-2',
        '          aws iam get-role --role-name prod-orders-api',
        '    mend  Apply:',
        '          npx cdktf apply prod-identity',
        '  after role: trust: refused',
        '',
        '1 workload on its cluster: 0 healthy, 1 with problems.',
      ].join('\n'),
    );
  });

  it('tells once what many workloads share', () => {
    const text = doctorText([diagnosis('a', finding(GONE)), diagnosis('b', finding(GONE))], false);
    expect(text.match(/npx cdktf apply/g)).toHaveLength(1);
    expect(text).toContain('  PROBLEM role: there is no role, as for a on prod/main');
  });

  it('shows what an allowed access is allowed by', () => {
    const allowed = finding({ check: 'access', found: 's3:GetObject on x is allowed by inline policy podlift' });
    expect(doctorText([diagnosis('a', allowed)], false)).toContain('allowed s3:GetObject on x is allowed by');
  });

  it('tells what was asked for whole, whatever explains it', () => {
    const access = finding({ ...GONE, check: 'access', found: 'not allowed:\n  no policy', follows: 'permissions' });
    expect(doctorText([diagnosis('a', access)], false)).toContain('PROBLEM access: not allowed:\n      no policy');
  });

  it('does not say twice that kubectl was asked', () => {
    const of = 'kubectl --context main';
    const text = doctorText([diagnosis('a', finding({ ...GONE, of, shows: `${of} get pods` }))], false);
    expect(text).toContain('    look  kubectl --context main get pods\n');
  });

  it('is plain without colour and coloured with it', () => {
    expect(doctorText([diagnosis('a', finding(GONE))], false)).not.toContain('\u001b');
    expect(doctorText([diagnosis('a', finding(GONE))], true)).toContain('\u001b[');
  });

  it('counts each by the worst that was found', () => {
    expect(
      summaryOf([
        diagnosis('well', finding()),
        diagnosis('warned', finding({ state: 'warning' })),
        diagnosis('unknown', finding({ state: 'unknown' }), finding({ state: 'warning' })),
        diagnosis('ill', finding({ state: 'unknown' }), finding({ state: 'problem' })),
      ]),
    ).toEqual({ healthy: 2, warnings: 1, unknown: 1, problems: 1 });
  });
});
