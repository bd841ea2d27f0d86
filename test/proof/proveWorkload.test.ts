import { readFileSync } from 'node:fs';
import { PROOF_RULES } from '../../src/proof/proofRules';
import { isService, KINDS, onTrust, provedWith, without } from './proofFixtures';

describe('what podlift compiles', () => {
  it.each(KINDS.map(({ key }) => key!))('holds for the workload %s, with both losses and no third', (key) => {
    const { failures, expected, counts } = provedWith(key, (parts) => parts);
    expect(failures.map(({ message }) => message)).toEqual([]);
    expect([...expected].sort()).toEqual([0, 1]);
    // Kinds of callers, each of them evaluated at once.
    expect(counts.attacks).toBeGreaterThan(25);
  });
});

describe('a failure', () => {
  it('says who, what, when, where, and which statement decided', () => {
    const [failure] = provedWith(
      'plain',
      onTrust((s) => without(s, 'kubernetes-namespace')),
    ).failures;
    expect(failure!.message).toBe(
      'in prod at prepared, dual, cutover and pod-identity: pods of other namespaces through Pod Identity can get role prod-plain: sts:AssumeRole is allowed by trust policy of prod-plain, statement 2.',
    );
    expect(failure).toMatchObject({
      severity: 'error',
      rule: 'proof-attack',
      path: 'workloads.plain',
      environment: 'prod',
      workload: 'plain',
      // Who else gets the role does not depend on a cluster.
      clusters: [],
      decidedBy: { policy: 'trust policy of prod-plain', index: 2 },
    });
  });

  it('names the half-finished state in which a pod loses its role', () => {
    const failures = provedWith(
      'plain',
      onTrust((s) => (isService(s) ? undefined : s), ['prepared']),
    ).failures;
    expect(failures.find(({ rule }) => rule === 'proof-association')).toMatchObject({
      step: { from: 'prepared', to: 'dual' },
      mixture: { association: 'new', 'source trust': 'old' },
    });
  });

  it('carries the conditions that kept a pod out', () => {
    const tamper = onTrust((s) =>
      isService(s) ? { ...s, Condition: { StringEquals: { 'aws:SourceAccount': '000000000000' } } } : s,
    );
    const failure = provedWith('plain', tamper).failures.find(({ rule }) => rule === 'proof-path');
    expect(failure!.failedConditions).toEqual([
      { operator: 'StringEquals', key: 'aws:SourceAccount', wanted: ['000000000000'], found: ['333333333333'] },
    ]);
  });

  it('says of a step that it changes nothing', () => {
    const annotations = { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::333333333333:role/prod-plain' };
    const { failures } = provedWith('plain', (parts) => ({
      ...parts,
      serviceAccounts: parts.serviceAccounts.map((account) => ({ ...account, annotations })),
    }));
    expect(failures.map(({ message }) => message)).toEqual([
      'in prod in the step dual → cutover: workload plain changes nothing: a step changes one kind of thing',
    ]);
  });
});

it('docs/PROOF.md has every rule as the code has it', () => {
  const page = readFileSync('docs/PROOF.md', 'utf8').replace(/ +/g, ' ');
  for (const [rule, { what }] of Object.entries(PROOF_RULES)) expect(page).toContain(`| \`${rule}\` | ${what} |`);
});
