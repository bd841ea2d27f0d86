import type { KeptStatement, PermissionStatement } from '../../src/inventory/Inventory';
import { newEvaluator } from '../../src/proof/evaluator';
import { failuresOf, isAccepted, type Sighting } from '../../src/proof/failures';
import { PROOF_RULES } from '../../src/proof/proofRules';
import { proveWorkload } from '../../src/proof/proveWorkload';
import { stagedWorkloadOf } from '../../src/proof/stagedWorkload';
import { environmentOf, roleSettingsOf, targetOf, workloadOf, type WorkloadParts } from '../blueprint/inventoryOf';

const AT = 'workloads.orders-api';
const SEEN: Sighting = { rule: 'proof-path', who: 'a pod', what: 'gets no role', reason: { note: 'it is so' } };

function staged(parts: WorkloadParts = {}) {
  return stagedWorkloadOf(environmentOf(), workloadOf(parts));
}

/** A decision by statements of a role that keeps them: who is the caller decides whether they allow. */
function decidedBy(statements: readonly KeptStatement[], policy = 'trust policy of prod-orders-api') {
  const document = { Version: '2012-10-17', Statement: statements.map(({ because, ...one }) => one) } as const;
  return newEvaluator().evaluateOnce({
    caller: { kind: 'session', roleArn: CI, sessionName: 'ci' },
    operation: 'sts:AssumeRole',
    roleArn: 'arn:aws:iam::333333333333:role/prod-orders-api',
    trust: { name: policy, document },
    completeKeys: ['aws:PrincipalTag/'],
  });
}

const CI = 'arn:aws:iam::333333333333:role/ci';
const KEPT: KeptStatement = { Effect: 'Allow', Principal: { AWS: CI }, Action: 'sts:AssumeRole' };
const FROM_HOME = { Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } };
const DENY: KeptStatement = {
  Effect: 'Deny',
  Principal: '*',
  Action: '*',
  Condition: { NotIpAddress: { 'aws:SourceIp': '10.0.0.0/8' } },
};

const keeping = (...keepTrust: readonly KeptStatement[]) =>
  staged({ role: roleSettingsOf({ name: 'prod-orders-api', adopt: true, keepTrust }) });

describe('sightings of one kind are one failure', () => {
  const messages = (sightings: readonly Sighting[]) => failuresOf(staged(), sightings).map(({ message }) => message);

  it.each<[string, readonly Partial<Sighting>[], string]>([
    ['nothing more', [{}], 'in prod: '],
    ['a cluster', [{ cluster: 'a' }], 'in prod on a: '],
    ['two clusters', [{ cluster: 'a' }, { cluster: 'b' }], 'in prod on a and b: '],
    ['a cluster twice', [{ cluster: 'a' }, { cluster: 'a' }], 'in prod on a: '],
    [
      'stages and clusters',
      [
        { cluster: 'a', stage: 'irsa' },
        { cluster: 'b', stage: 'prepared' },
        { cluster: 'c', stage: 'dual' },
      ],
      'in prod at irsa, prepared and dual, on a, b and c: ',
    ],
  ])('that names %s', (_, differences, where) => {
    expect(messages(differences.map((one) => ({ ...SEEN, ...one })))).toEqual([`${where}a pod gets no role: it is so`]);
  });

  it.each<[string, Partial<Sighting>]>([
    ['another rule', { rule: 'proof-step' }],
    ['another target', { target: 'ledger' }],
    ['another step', { step: { from: 'irsa', to: 'prepared' } }],
    ['another pod', { who: 'another pod' }],
    ['another loss', { what: 'gets no credentials' }],
    ['another reason', { reason: { note: 'it is not so' } }],
  ])('but not with %s', (_, difference) => {
    expect(failuresOf(staged(), [SEEN, { ...SEEN, ...difference }])).toHaveLength(2);
  });

  it.each<[string, Sighting['mixture'], string]>([
    ['after the step', { association: 'new', annotation: 'new' }, ''],
    ['before its first change', { association: 'old', annotation: 'old' }, ' (before its first change)'],
    [
      'within it',
      { 'source trust': 'old', association: 'new', annotation: 'old' },
      ' (association new, source trust and annotation still old)',
    ],
  ])('that names the state of a step: %s', (_, mixture, state) => {
    expect(
      messages([{ ...SEEN, rule: 'proof-step', step: { from: 'dual', to: 'cutover' }, mixture: mixture! }]),
    ).toEqual([`in prod in the step dual → cutover${state}: a pod gets no role: it is so`]);
  });
});

describe('all attackers through one statement are one failure', () => {
  const attack = (who: string, statements = [KEPT]): Sighting => ({
    rule: 'proof-attack',
    stage: 'dual',
    who,
    what: 'can get role x',
    reason: decidedBy(statements),
  });
  const allowed = 'sts:AssumeRole is allowed by trust policy of prod-orders-api, statement 0.';

  it.each<[string, readonly string[], string]>([
    ['one', ['ana'], 'ana can get role x'],
    ['two', ['ana', 'ben'], 'ana can get role x (and 1 other kind of callers, such as ben)'],
    ['three', ['ana', 'ben', 'cleo'], 'ana can get role x (and 2 other kinds of callers, such as cleo)'],
    ['one twice', ['ana', 'ana'], 'ana can get role x'],
  ])('%s', (_, who, text) => {
    const failures = failuresOf(
      keeping(KEPT),
      who.map((one) => attack(one)),
    );
    expect(failures.map(({ message }) => message)).toEqual([`in prod at dual: ${text}: ${allowed}`]);
  });

  it('and through two statements two', () => {
    const other = { ...KEPT, Principal: '*' } as const;
    expect(failuresOf(keeping(KEPT, other), [attack('ana'), attack('ana', [other])])).toHaveLength(2);
  });
});

describe('a failure as data', () => {
  it('has only what is known', () => {
    expect(failuresOf(staged(), [SEEN])).toStrictEqual([
      {
        severity: 'error',
        rule: 'proof-path',
        path: AT,
        message: 'in prod: a pod gets no role: it is so',
        hint: PROOF_RULES['proof-path'].hint,
        environment: 'prod',
        workload: 'orders-api',
        clusters: [],
        stages: [],
        who: 'a pod',
        what: 'gets no role',
      },
    ]);
  });

  it('has the target, the step with its state, the others and the statement', () => {
    const step = { from: 'irsa', to: 'prepared' } as const;
    const mixture = { association: 'new' } as const;
    const reason = decidedBy([KEPT]);
    const sighting: Sighting = {
      ...SEEN,
      rule: 'proof-attack',
      target: 'ledger',
      step,
      mixture,
      reason,
      hint: 'Do x.',
    };
    const [failure] = failuresOf(staged({ targets: [targetOf()] }), [sighting, { ...sighting, who: 'another' }]);
    expect(failure).toMatchObject({
      path: `${AT}.targets.ledger`,
      target: 'ledger',
      step,
      mixture,
      also: ['another'],
      decidedBy: { index: 0 },
      hint: 'Do x.',
    });
  });
});

describe('a failure is at the statement of the inventory that decided', () => {
  const pathOf = (parts: WorkloadParts) => proveWorkload(staged(parts)).failures.map(({ path, rule }) => [path, rule]);
  const deny: PermissionStatement = { effect: 'Deny', actions: ['sts:AssumeRole'], resources: ['*'] };
  const none = { managedPolicies: [], statements: [], inlinePolicies: {} };
  const inline = {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' },
      { Effect: 'Deny', Action: 'sts:*', Resource: '*' },
    ],
  } as const;

  it('a named inline policy', () => {
    const permissions = {
      ...none,
      inlinePolicies: { other: { ...inline, Statement: inline.Statement[0] }, own: inline },
    };
    const { failures, accepted } = proveWorkload(staged({ targets: [targetOf()], permissions }));
    expect(accepted).toEqual([]);
    expect(new Set(failures.map(({ path }) => path))).toEqual(new Set([`${AT}.permissions.inlinePolicies.own`]));
    expect(failures[0]!.message).toMatch(
      /: sts:AssumeRole is denied: explicit deny by inline policy own of prod-orders-api, statement 1\.$/,
    );
    expect(failures[0]!.hint).toBe(PROOF_RULES['proof-path'].hint);
  });

  it('a named inline policy, which has no place for a reason', () => {
    const Condition = { NotIpAddress: { 'aws:SourceIp': '10.0.0.0/8' } };
    const denies = { ...inline, Statement: { Effect: 'Deny', Action: 'sts:*', Resource: '*', Condition } } as const;
    const own = { effect: 'Allow', actions: ['s3:GetObject'], resources: ['*'] } as const;
    const permissions = { ...none, statements: [own], inlinePolicies: { denies } };
    const { failures } = proveWorkload(staged({ targets: [targetOf()], permissions }));
    const conditional = failures.filter(({ dependsOn }) => dependsOn !== undefined);
    expect(conditional.length).toBeGreaterThan(0);
    expect(new Set(conditional.map(({ path, hint }) => `${path}: ${hint}`))).toEqual(
      new Set([`${AT}.permissions.inlinePolicies.denies: ${PROOF_RULES['proof-path'].hint}`]),
    );
  });

  it('a permission of the workload', () => {
    const [own] = workloadOf().permissions.statements;
    const paths = pathOf({ targets: [targetOf()], permissions: { ...none, statements: [own!, deny] } });
    expect(new Set(paths.map(([path]) => path))).toEqual(new Set([`${AT}.permissions.statements[1]`]));
  });

  it('a permission of the target whose session EKS gives instead', () => {
    const first = targetOf({ via: 'association', permissions: { ...none, statements: [deny] } });
    const second = targetOf({ key: 'second', role: { name: 'second', path: '/' } });
    const paths = pathOf({ targets: [first, second] });
    expect(paths).toContainEqual([`${AT}.targets.ledger.permissions.statements[0]`, 'proof-path']);
  });
});

describe('the hint names the line to add', () => {
  const hinted = (rule: Sighting['rule'], statement: KeptStatement, because?: string) => {
    const kept = because === undefined ? statement : { ...statement, because };
    const [failure] = failuresOf(keeping(kept), [{ ...SEEN, rule, reason: decidedBy([statement]) }]);
    return failure!.hint;
  };
  const line = `If this is intended, add to ${AT}.role.keepTrust[0]: because: "…"`;

  it.each<[string, Sighting['rule'], KeptStatement]>([
    ['others get the role', 'proof-attack', KEPT],
    ['others get the role under conditions', 'proof-attack', { ...KEPT, ...FROM_HOME }],
    ['the pods get it under conditions', 'proof-path', { ...KEPT, ...FROM_HOME }],
  ])('where %s', (_, rule, statement) => {
    expect(hinted(rule, statement)).toBe(`${PROOF_RULES[rule].hint} ${line}`);
  });

  it.each<[string, Sighting['rule'], KeptStatement]>([
    ['the pods do not get it at all', 'proof-path', { ...DENY, Condition: {} }],
    ['a mode stays open', 'proof-closed-mode', { ...KEPT, ...FROM_HOME }],
    ['a step closes the mode too late', 'proof-expected-loss', KEPT],
  ])('but not where %s', (_, rule, statement) => {
    expect(hinted(rule, statement)).toBe(PROOF_RULES[rule].hint);
  });

  it('of the first statement that has no reason yet', () => {
    const open = { ...KEPT, ...FROM_HOME };
    const reason = decidedBy([open, DENY]);
    const sighting: Sighting = { ...SEEN, reason };
    const [failure] = failuresOf(keeping({ ...open, because: 'known' }, DENY), [sighting]);
    expect(failure!.path).toBe(`${AT}.role.keepTrust[1]`);
    const [both] = failuresOf(keeping({ ...open, because: 'known' }, { ...DENY, because: 'known' }), [sighting]);
    expect(both!.path).toBe(`${AT}.role.keepTrust[0]`);
  });
});

describe('what the inventory accepts', () => {
  const accepts = (rule: Sighting['rule'], ...statements: readonly KeptStatement[]) => {
    const subject = keeping(...statements);
    const [failure] = failuresOf(subject, [{ ...SEEN, rule, reason: decidedBy(statements) }]);
    return isAccepted(subject, failure!);
  };
  const open = { ...KEPT, ...FROM_HOME };
  const because = 'it is intended';

  it.each<[string, boolean, Sighting['rule'], readonly KeptStatement[]]>([
    ['others, with a reason', true, 'proof-attack', [{ ...KEPT, because }]],
    ['others, without a reason', false, 'proof-attack', [KEPT]],
    ['a path under conditions, with a reason', true, 'proof-path', [{ ...open, because }]],
    [
      'a path under the conditions of two statements',
      true,
      'proof-path',
      [
        { ...open, because },
        { ...DENY, because },
      ],
    ],
    ['where one of them has no reason', false, 'proof-path', [{ ...open, because }, DENY]],
    ['a closed path', false, 'proof-path', [{ ...DENY, Condition: {}, because }]],
    ['others that no statement admits', false, 'proof-attack', []],
    ['a mode that stays open', false, 'proof-closed-mode', [{ ...KEPT, because }]],
    ['a loss that does not occur', false, 'proof-expected-loss', [{ ...KEPT, because }]],
  ])('%s: %s', (_, accepted, rule, statements) => {
    expect(accepts(rule, ...statements)).toBe(accepted);
  });

  it('of adopted trust with one reason for all of it', () => {
    const adoptedTrust = { oidc: [KEPT, open], because };
    const subject = staged({ role: roleSettingsOf({ name: 'prod-orders-api', adopt: true, adoptedTrust }) });
    const [failure] = failuresOf(subject, [{ ...SEEN, rule: 'proof-attack', reason: decidedBy([open]) }]);
    expect(failure!.path).toBe(`${AT}.role.adoptedTrust.oidc[1]`);
    expect(isAccepted(subject, failure!)).toBe(true);
  });

  it('of permissions with their own reason', () => {
    const statements: readonly PermissionStatement[] = [
      {
        effect: 'Deny',
        actions: ['sts:AssumeRole'],
        resources: ['*'],
        conditions: { NotIpAddress: { 'aws:SourceIp': '10.0.0.0/8' } },
      },
    ];
    const result = (reasons: Partial<PermissionStatement>) =>
      proveWorkload(
        staged({
          targets: [targetOf()],
          permissions: {
            managedPolicies: [],
            inlinePolicies: {},
            statements: statements.map((one) => ({ ...one, ...reasons })),
          },
        }),
      );
    const { failures } = result({});
    expect(failures[0]!.hint).toContain(`add to ${AT}.permissions.statements[0]: because`);
    const { failures: none, accepted } = result({ because });
    expect(none).toEqual([]);
    expect(new Set(accepted.map(({ path }) => path))).toEqual(new Set([`${AT}.permissions.statements[0]`]));
  });
});
