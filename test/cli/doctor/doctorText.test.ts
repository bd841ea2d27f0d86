import { doctorText } from '../../../src/cli/doctor/doctorText';
import { summaryOf } from '../../../src/cli/doctor/summaryOf';
import type { Diagnosis } from '../../../src/operations/doctor/diagnose';
import type { DoctorFinding } from '../../../src/operations/doctor/DoctorFinding';

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

  it('takes one line for a healthy workload with warnings, and one for a warning that many share', () => {
    const sdk = (workload: string) =>
      finding({
        check: 'sdk',
        state: 'warning',
        found: 'it is not said',
        mends: `Write it into workloads.${workload}.`,
      });
    const node = finding({ check: 'node-role', state: 'warning', found: 'node-1: of no group\nmore', mends: 'Look.' });
    const five = ['a', 'b', 'c', 'd', 'e'].map((key) =>
      diagnosis(key, finding(), sdk(key), ...(key === 'a' ? [node] : [])),
    );
    expect(doctorText(five, false).split('\n')).toEqual([
      '✓ a on prod/main: dual, a new pod uses Pod Identity (2 warnings)',
      ...['b', 'c', 'd', 'e'].map((key) => `✓ ${key} on prod/main: dual, a new pod uses Pod Identity (1 warning)`),
      '',
      'Warnings, in full with npx podlift doctor <workload>:',
      '  warning sdk: it is not said: a on prod/main, b on prod/main, c on prod/main and 2 more',
      '  warning node-role: node-1: of no group: a on prod/main',
      '',
      '5 workloads on their clusters: 5 healthy, 5 of them with warnings.',
    ]);
  });

  it('tells warnings whole where one workload is asked for', () => {
    const text = doctorText([diagnosis('a', finding({ ...GONE, state: 'warning' }))], false, 'whole');
    expect(text).toContain('  warning role: there is no role\n    why   Every way ends here.\n    look ');
    expect(text).not.toContain('Warnings, in full');
  });

  it('has problems first, then what is unknown, then warnings, among workloads and in each', () => {
    const unknown = finding({ check: 'agent', state: 'unknown', found: 'denied: no', mends: 'Log in.' });
    const warning = finding({ check: 'sdk', state: 'warning', found: 'not said', mends: 'Say it.' });
    const late = finding({ ...GONE, check: 'target-hop' });
    const all = [
      diagnosis('well', finding()),
      diagnosis('warned', warning),
      diagnosis('silent', { ...unknown, found: 'denied: else' }),
      diagnosis('ill', unknown, warning, late),
    ];
    const heads = [...doctorText(all, false).matchAll(/^[✗?✓] (\w+)/gm)].map(([, name]) => name);
    expect(heads).toEqual(['ill', 'silent', 'well', 'warned']);
    const words = [...doctorText([all[3]!], false, 'whole').matchAll(/^ {2}(PROBLEM|unknown|warning)/gm)];
    expect(words.map(([, word]) => word)).toEqual(['PROBLEM', 'unknown', 'warning']);
  });

  it('tells once why an account does not answer, with the number of questions, whatever the region', () => {
    const denied = (check: 'cluster' | 'role', region: string, asked: string) =>
      finding({
        check,
        state: 'unknown',
        of: `apps-prod (333333333333) ${region}`,
        found: 'denied: CredentialsProviderError: Could not load credentials',
        mends: `Log in with credentials that may ask ${asked}, then ask again. (apps-prod)`,
        ...(check === 'role' ? { follows: 'cluster' } : {}),
      });
    const both = [denied('cluster', 'us-west-2', 'eks:DescribeCluster'), denied('role', 'us-east-1', 'iam:GetRole')];
    const text = doctorText([diagnosis('a', ...both), diagnosis('b', ...both)], false);
    expect(text.split('\n')).toEqual([
      'unknown 4 questions to apps-prod (333333333333): denied: CredentialsProviderError: Could not load credentials',
      '    mend  Log in with credentials that may ask eks:DescribeCluster, iam:GetRole, then ask again. (apps-prod)',
      '? a on prod/main: dual, a new pod uses Pod Identity',
      '  unknown cluster, role: no answer from apps-prod (333333333333), as said of its questions',
      '? b on prod/main: dual, a new pod uses Pod Identity',
      '  unknown cluster, role: no answer from apps-prod (333333333333), as said of its questions',
      '',
      '2 workloads on their clusters: 0 healthy, 2 not fully known.',
    ]);
  });

  it('names in one line what is not judged for want of the right cluster', () => {
    const found = 'not judged: the context leads to another cluster';
    const cluster = finding({ ...GONE, check: 'cluster', found: 'the context leads to another cluster' });
    const later = (['compute', 'service-account'] as const).map((check) =>
      finding({ check, state: 'unknown', found, mends: 'Mend.', follows: 'cluster' }),
    );
    const text = doctorText([diagnosis('a', cluster, ...later)], false);
    expect(text).toContain(`\n  after cluster: compute, service-account: ${found}\n`);
    expect(text).not.toContain('questions to');
  });

  it('has no look line where no command shows it, and does not name the inventory before one', () => {
    const of = 'inventory';
    const none = doctorText([diagnosis('a', finding({ ...GONE, of, shows: of }))], false);
    expect(none).not.toContain('look');
    const images = doctorText([diagnosis('a', finding({ ...GONE, of, shows: 'kubectl get pods' }))], false);
    expect(images).toContain('    look  kubectl get pods\n');
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
