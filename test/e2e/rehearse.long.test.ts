import { INVENTORY, rehearse, rehearseWalks, rows, WALKS } from './rehearseWave';

describe('a rehearsal', () => {
  rehearseWalks(WALKS);

  it('does not start where what the inventory says would stop a step, and shows the reason', async () => {
    const run = await rehearse(INVENTORY.replace('version: 1.35.0', 'version: 1.30.0'), ['--to', 'prepared']);
    expect(run.stdout).toMatch(/sdk of api: python 1\.30\.0 does not support Pod Identity/);
    expect(run.stdout).toMatch(/The rehearsal did not start: 1 finding would stop its steps/);
    expect(run.code).toBe(1);
  });

  it('names the pod that is denied, when, and the statement', async () => {
    const denied = INVENTORY.replace(
      'statements: [',
      'statements: [{ effect: Deny, actions: ["sts:AssumeRole"], resources: ["arn:aws:iam::444444444444:role/*"] }, ',
    );
    const run = await rehearse(denied, [], { PODLIFT_PROOF: 'off' });
    expect(run.stdout).toMatch(
      /\d{4}-\d\d-\d\dT.*before the first step in dev: pod shop\/api-\S+ on dev\/main \(IRSA\), ledger: AccessDenied[^]*explicit deny by.*statement 0/,
    );
    expect(run.code).toBe(1);
  });
});

/** The role of the wave's workload and its target role stay with their owners, and each has a statement for somebody else. */
const ON_CALL = (account: string) =>
  `keepTrust: [{ Effect: Allow, Principal: { AWS: "arn:aws:iam::${account}:role/on-call" }, Action: sts:AssumeRole, because: people on call }]`;
const OF_OWNERS = INVENTORY.replace(
  'targets: { ledger: { account: data,',
  `targets: { ledger: { account: data, role: { manage: external, name: ledger, ${ON_CALL('444444444444')} },`,
).replace('    sdk:', `    role: { manage: external, name: shop-api, ${ON_CALL('111111111111')} }\n    sdk:`);

describe('a rehearsal of roles that stay with their owners', () => {
  it('plays the owners at their turns: there and back, no pod is denied but those that a rollback restarts', async () => {
    const run = await rehearse(OF_OWNERS, []);
    expect(run.stdout + run.stderr).not.toContain('Error');
    const walked = rows(run).map(([, , , step, , , , , , denials]) => [step, denials]);
    expect(walked).toEqual([
      ['before the first step', '-'],
      ['irsa → prepared', '-'],
      ['prepared → dual', expect.stringMatching(/^(-|\d+ until effective)$/)],
      ['dual → cutover', '-'],
      ['cutover → pod-identity', '-'],
      ['pod-identity → cutover', '-'],
      ['cutover → dual', '-'],
      ['dual → prepared', expect.stringMatching(/^(-|\d+ until restarted)$/)],
      ['prepared → irsa', '-'],
    ]);
    expect(run.code).toBe(0);
  });
});

describe('a rehearsal of associations that another tool owns', () => {
  it('plays the tool after each apply: it makes them at dual, removes them on the way back, and no pod is denied', async () => {
    const owned = INVENTORY.replace(
      '    permissions:',
      '    association: { manage: external, as: ack }\n    permissions:',
    );
    const run = await rehearse(owned, ['--to', 'dual']);
    expect(`${run.stdout}${run.stderr}`).not.toMatch(/DENIED/);
    // The step to dual and the one back change nothing in Terraform.
    expect(rows(run).filter((row) => /prepared → dual|dual → prepared/.test(row.join(' ')))).toEqual([
      expect.arrayContaining(['prepared → dual', '0']),
      expect.arrayContaining(['dual → prepared', '0']),
    ]);
    expect(run.stdout).toMatch(/Every pod got the roles of its stage/);
    expect(run.code).toBe(0);
  });
});

/** Beside the wave, an entry of one line that adopts a role which stands on IRSA, and says that it is on Pod Identity. */
const AHEAD = `${INVENTORY.replace(', provider: managed', '').replace('        agent:', '        kubernetes: { context: dev-main }\n        agent:')}  external-dns:
    stage: pod-identity
    namespace: kube-system
    serviceAccount: external-dns
    role: { name: prod-external-dns-irsa, adopt: true }
`;

describe('a rehearsal of an inventory that is ahead of AWS', () => {
  it('fails at the first apply: running pods of the adopted role lose it', async () => {
    const { code, stdout } = await rehearse(AHEAD, ['--wave', 'pilot']);
    expect(code).toBe(1);
    const [first] = rows({ code, stdout, stderr: '' });
    // Six resources of AWS, an account and two annotations: the stack of service accounts is applied by its resources.
    expect(first?.join(' ')).toMatch(/before the first step 9 1 0 .* DENIED/);
    expect(stdout).toMatch(/pod kube-system\/external-dns-\S+ on dev\/main \(IRSA\), source role: AccessDenied/);
  });

  it('is no success where there is no step to take', async () => {
    const alone = AHEAD.replace(/ {2}api:[\s\S]*?(?= {2}external-dns:)/, '');
    const { code, stdout } = await rehearse(alone, []);
    expect(code).toBe(1);
    expect(stdout).toMatch(/Nothing was rehearsed: there is no step to take\./);
  });
});
