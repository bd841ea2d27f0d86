import { doctorText as textOf, summaryOf } from '../../../src/cli/doctor/doctorText';
import type { ReportStyle } from '../../../src/cli/report';
import { placesOf } from '../../../src/estate/places';
import type { Question } from '../../../src/estate/questions';
import type { Diagnosis, DoctorFinding } from '../../../src/operations/doctor/doctor';
import { noAnswerText, say } from '../../../src/operations/remedies';
import { clusterOf, environmentOf, inventoryOf } from '../../blueprint/inventoryOf';

const PLACES = placesOf(inventoryOf(environmentOf()));

const doctorText = (diagnoses: readonly Diagnosis[], style: Partial<ReportStyle> = {}, whole = false): string =>
  textOf(diagnoses, PLACES, { colour: false, ...style }, whole);

const finding = (parts: Partial<DoctorFinding> = {}): DoctorFinding => ({
  check: 'role',
  environment: 'prod',
  workload: 'orders-api',
  cluster: 'main',
  state: 'ok',
  found: 'it exists',
  asked: 'iam:GetRole prod-orders-api',
  of: 'apps-prod (333333333333) us-west-2',
  inspect: { run: ['aws', 'iam', 'get-role', '--role-name', 'prod-orders-api'] },
  explains: 'Every mode ends here.',
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

const GONE = {
  state: 'problem',
  found: 'there is no role',
  remedy: [say('Apply:'), { run: ['npx', 'cdktf', 'apply', 'prod-identity'] }],
} as const;

describe('what the doctor prints', () => {
  it('is one line for each that is healthy, and a summary', () => {
    expect(doctorText([diagnosis('a', finding()), diagnosis('b', finding())])).toBe(
      [
        '✓ a on prod/main: dual, a new pod uses Pod Identity. The check passed.',
        '✓ b on prod/main: dual, a new pod uses Pod Identity. The check passed.',
        '',
        '2 workloads on their clusters: 2 healthy.',
      ].join('\n'),
    );
  });

  it('has for a problem the reason why it matters, the command that inspects it and the fix, and only names what follows', () => {
    const later = finding({ ...GONE, check: 'trust', found: 'refused:\n  much text', follows: 'role' });
    expect(doctorText([diagnosis('a', finding(GONE), later)])).toBe(
      [
        '✗ a on prod/main: dual, a new pod uses Pod Identity',
        '  PROBLEM role: there is no role',
        '    reason   Every mode ends here.',
        '    inspect  apps-prod (333333333333) us-west-2',
        '             aws iam get-role --role-name prod-orders-api',
        '    fix      Apply:',
        '             npx cdktf apply prod-identity',
        '  after role: trust: refused',
        '',
        '1 workload on its cluster: 1 with problems, 0 healthy.',
      ].join('\n'),
    );
  });

  it('prints once what many workloads have in common', () => {
    const text = doctorText([diagnosis('a', finding(GONE)), diagnosis('b', finding(GONE))]);
    expect(text.match(/npx cdktf apply/g)).toHaveLength(1);
    expect(text).toContain('  PROBLEM role: there is no role (reason and fix: see a on prod/main)');
  });

  it('takes one line for a healthy workload with warnings, and one for a warning that many share', () => {
    const sdk = (workload: string) =>
      finding({
        check: 'sdk',
        state: 'warning',
        found: 'it is not said',
        remedy: [say(`Write it into workloads.${workload}.`)],
      });
    const node = finding({
      check: 'node-role',
      state: 'warning',
      found: 'node-1: of no group\nmore',
      remedy: [say('Inspect it.')],
    });
    const five = ['a', 'b', 'c', 'd', 'e'].map((key) =>
      diagnosis(key, finding(), sdk(key), ...(key === 'a' ? [node] : [])),
    );
    expect(doctorText(five).split('\n')).toEqual([
      '✓ a on prod/main: dual, a new pod uses Pod Identity (2 warnings)',
      ...['b', 'c', 'd', 'e'].map((key) => `✓ ${key} on prod/main: dual, a new pod uses Pod Identity (1 warning)`),
      '',
      'Warnings. To see those of a workload in full: npx podlift doctor WORKLOAD',
      '  warning sdk (a on prod/main, b on prod/main, c on prod/main and 2 more): it is not said',
      '  warning node-role (a on prod/main): node-1: of no group',
      '',
      '5 workloads on their clusters: 5 healthy (5 with warnings).',
    ]);
  });

  it('prints warnings whole where one workload is asked for', () => {
    const text = doctorText([diagnosis('a', finding({ ...GONE, state: 'warning' }))], {}, true);
    expect(text).toContain('  warning role: there is no role\n    reason   Every mode ends here.\n    inspect ');
    expect(text).not.toContain('Warnings.');
  });

  it('has problems first, then what is unknown, then warnings, among workloads and in each', () => {
    const unknown = finding({ check: 'agent', state: 'unknown', found: 'denied: no', remedy: [say('Log in.')] });
    const warning = finding({ check: 'sdk', state: 'warning', found: 'not declared', remedy: [say('Write it.')] });
    const late = finding({ ...GONE, check: 'target-hop' });
    const all = [
      diagnosis('healthy', finding()),
      diagnosis('warned', warning),
      diagnosis('silent', { ...unknown, found: 'denied: else' }),
      diagnosis('failing', unknown, warning, late),
    ];
    const heads = [...doctorText(all).matchAll(/^[✗?✓] (\w+)/gm)].map(([, name]) => name);
    expect(heads).toEqual(['failing', 'silent', 'healthy', 'warned']);
    const words = [...doctorText([all[3]!], {}, true).matchAll(/^ {2}(PROBLEM|not checked|warning)/gm)];
    expect(words.map(([, word]) => word)).toEqual(['PROBLEM', 'not checked', 'warning']);
  });

  it('prints once why an account does not answer, with the number of questions, whatever the region', () => {
    const { arn } = clusterOf();
    const answer = {
      ok: false,
      why: 'denied',
      message: 'CredentialsProviderError: Could not load credentials',
    } as const;
    const denied = (check: 'cluster' | 'role', region: string, question: Question) =>
      finding({
        check,
        state: 'unknown',
        of: `apps-prod (333333333333) ${region}`,
        reason: 'denied',
        noAnswer: { noAnswer: question, answer },
        ...noAnswerText({ noAnswer: question, answer }, PLACES),
        ...(check === 'role' ? { follows: 'cluster' } : {}),
      });
    const both = [
      denied('cluster', 'us-east-1', { ask: 'cluster', cluster: arn }),
      denied('role', 'us-west-2', { ask: 'role', account: '333333333333', name: 'a' }),
    ];
    const text = doctorText([diagnosis('a', ...both), diagnosis('b', ...both.map((one) => ({ ...one })))]);
    expect(text.split('\n')).toEqual([
      'not checked 4 questions to apps-prod (333333333333): denied: CredentialsProviderError: Could not load credentials',
      '    fix      For apps-prod (333333333333), log in with credentials that allow eks:DescribeCluster, iam:GetRole. Then run the command again.',
      '? a on prod/main: dual, a new pod uses Pod Identity. No answer from apps-prod (333333333333): see above.',
      '? b on prod/main: dual, a new pod uses Pod Identity. No answer from apps-prod (333333333333): see above.',
      '',
      '2 workloads on their clusters: 2 could not be fully checked, 0 healthy.',
    ]);
    const whole = doctorText([diagnosis('a', ...both), diagnosis('b', ...both)], {}, true);
    expect(whole).toContain('\n  not checked cluster, role: no answer from apps-prod (333333333333), see above\n');
  });

  it('names in one line what is not judged for want of the right cluster', () => {
    const found = 'not checked: the kubeconfig context leads to another cluster';
    const cluster = finding({ ...GONE, check: 'cluster', found: 'the kubeconfig context leads to another cluster' });
    const noAnswer = {
      noAnswer: { ask: 'nodes', cluster: clusterOf().arn },
      answer: { ok: false, why: 'not-judged', message: 'the kubeconfig context leads to another cluster' },
    } as const;
    const later = (['compute', 'service-account'] as const).map((check) =>
      finding({ check, state: 'unknown', found, remedy: [], noAnswer, reason: 'not-judged', follows: 'cluster' }),
    );
    const text = doctorText([diagnosis('a', cluster, ...later)]);
    expect(text).toContain(`\n  after cluster: compute, service-account: ${found}\n`);
    expect(text).not.toContain('questions to');
  });

  it('has no line inspect where no command shows it, and does not name the inventory before one', () => {
    const gone = { ...GONE, of: 'inventory' };
    const { inspect, ...none } = finding(gone);
    expect(inspect).toBeDefined();
    expect(doctorText([diagnosis('a', none)])).not.toContain('inspect');
    const images = doctorText([diagnosis('a', finding({ ...gone, inspect: { run: ['kubectl', 'get', 'pods'] } }))]);
    expect(images).toContain('    inspect  kubectl get pods\n');
  });

  it('names the account of a command once', () => {
    const account = 'data (444444444444)';
    const inspect = { run: ['aws', 'iam', 'get-role', '--role-name', 'x'], account };
    const text = doctorText([diagnosis('a', finding({ ...GONE, inspect }))]);
    expect(text).toContain(
      `    inspect  With credentials of ${account}:\n             aws iam get-role --role-name x\n`,
    );
  });

  it('has the checks that passed with --verbose alone', () => {
    expect(doctorText([diagnosis('a', finding())])).not.toContain('it exists');
    expect(doctorText([diagnosis('a', finding())], { verbose: true })).toContain('\n  pass role: it exists\n');
  });

  it('shows what an allowed access is allowed by', () => {
    const allowed = finding({ check: 'access', found: 's3:GetObject on x is allowed by inline policy podlift' });
    expect(doctorText([diagnosis('a', allowed)])).toContain('allowed s3:GetObject on x is allowed by');
  });

  it('prints the answer to --action whole, whatever explains it', () => {
    const access = finding({ ...GONE, check: 'access', found: 'not allowed:\n  no policy', follows: 'permissions' });
    expect(doctorText([diagnosis('a', access)])).toContain('PROBLEM access: not allowed:\n      no policy');
  });

  it('does not say twice that kubectl was asked', () => {
    const of = 'kubectl --context main';
    const inspect = { run: ['kubectl', '--context', 'main', 'get', 'pods'] };
    const text = doctorText([diagnosis('a', finding({ ...GONE, of, inspect }))]);
    expect(text).toContain('    inspect  kubectl --context main get pods\n');
  });

  it('is plain without colour and coloured with it', () => {
    expect(doctorText([diagnosis('a', finding(GONE))])).not.toContain('\u001b');
    expect(doctorText([diagnosis('a', finding(GONE))], { colour: true })).toContain('\u001b[');
  });

  it('counts each by the worst that was found', () => {
    expect(
      summaryOf([
        diagnosis('healthy', finding()),
        diagnosis('warned', finding({ state: 'warning' })),
        diagnosis('unknown', finding({ state: 'unknown' }), finding({ state: 'warning' })),
        diagnosis('failing', finding({ state: 'unknown' }), finding({ state: 'problem' })),
      ]),
    ).toEqual({ healthy: 2, warnings: 1, unknown: 1, problems: 1 });
  });
});
