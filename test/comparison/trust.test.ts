import fc from 'fast-check';
import { compileWorkload } from '../../src/blueprint/compileWorkload';
import type { PolicyDocument, Statement } from '../../src/iam/PolicyDocument';
import { STAGES } from '../../src/inventory/Inventory';
import { compareTrust } from '../../src/comparison/trust';
import { clusterOf, environmentOf, targetOf, workloadOf } from '../blueprint/inventoryOf';

/** How many statements are missing, and how many are too many. */
function trustCounts(found: PolicyDocument, wanted: PolicyDocument) {
  const { missing, extra } = compareTrust(wanted, found);
  return { missing: missing.length, extra: extra.length };
}

const environment = environmentOf({ clusters: [clusterOf(), clusterOf({ key: 'batch' })] });
const partsAt = (stage: (typeof STAGES)[number]) =>
  compileWorkload(environment, workloadOf({ stage, clusters: ['main', 'batch'], targets: [targetOf()] }));
const documents = STAGES.map((stage) => ({ stage, trust: partsAt(stage).role.trust }));

/** The same document, written otherwise: order, lists, Sids, case. */
function rewritten(document: PolicyDocument, seed: number): PolicyDocument {
  const turn = <T>(values: readonly T[]) => [
    ...values.slice(seed % (values.length || 1)),
    ...values.slice(0, seed % (values.length || 1)),
  ];
  const list = (value: unknown) => turn([value].flat());
  const statements = [document.Statement].flat<unknown[]>() as Statement[];
  return {
    Version: '2012-10-17',
    Statement: turn(statements).map((statement, index) => ({
      ...statement,
      Sid: `S${index}`,
      Action: list(statement.Action).map((action) => (seed % 2 ? String(action).toUpperCase() : String(action))),
      Condition: Object.fromEntries(
        turn(Object.entries(statement.Condition ?? {})).map(([operator, keys]) => [
          operator,
          Object.fromEntries(turn(Object.entries(keys)).map(([key, values]) => [key, list(values) as string[]])),
        ]),
      ),
    })),
  };
}

describe('the comparison of trust policies', () => {
  it('does not care how a document is written', () => {
    fc.assert(
      fc.property(fc.constantFrom(...documents), fc.nat(50), ({ trust }, seed) => {
        expect(trustCounts(rewritten(trust, seed), trust)).toEqual({ missing: 0, extra: 0 });
      }),
    );
  });

  it('takes an account and its root’s ARN for the same', () => {
    const to = (AWS: string): PolicyDocument => ({
      Statement: { Effect: 'Allow', Principal: { AWS }, Action: 'sts:AssumeRole' },
    });
    expect(trustCounts(to('333333333333'), to('arn:aws:iam::333333333333:root'))).toEqual({ missing: 0, extra: 0 });
    expect(trustCounts(to('333333333334'), to('arn:aws:iam::333333333333:root'))).toEqual({ missing: 1, extra: 1 });
  });

  it.each<[string, { missing: number; extra: number }, (statement: Statement) => Statement]>([
    ['another effect', { missing: 1, extra: 1 }, (statement) => ({ ...statement, Effect: 'Deny' })],
    ['one action less', { missing: 1, extra: 0 }, (statement) => ({ ...statement, Action: 'sts:AssumeRole' })],
    [
      'no condition',
      { missing: 0, extra: 1 },
      (statement) => ({ Effect: statement.Effect, Principal: statement.Principal!, Action: statement.Action! }),
    ],
    [
      'another operator',
      { missing: 1, extra: 1 },
      (statement) => ({ ...statement, Condition: { StringNotEquals: statement.Condition!.StringEquals! } }),
    ],
    [
      'another value, though only in its case',
      { missing: 1, extra: 1 },
      (statement) => ({
        ...statement,
        Condition: {
          StringEquals: { ...statement.Condition!.StringEquals, 'aws:RequestTag/kubernetes-namespace': 'Production' },
        },
      }),
    ],
    [
      'another principal',
      { missing: 1, extra: 1 },
      (statement) => ({ ...statement, Principal: { Service: 'ec2.amazonaws.com' } }),
    ],
    ['everyone', { missing: 0, extra: 1 }, (statement) => ({ ...statement, Principal: '*' })],
    [
      'a condition more',
      { missing: 1, extra: 0 },
      (statement) => ({ ...statement, Condition: { ...statement.Condition, Bool: { 'aws:SecureTransport': true } } }),
    ],
  ])('sees %s', (_, counted, change) => {
    const { trust } = partsAt('pod-identity').role;
    const [statement] = trust.Statement as Statement[];
    expect(trustCounts({ ...trust, Statement: [change(statement!)] }, trust)).toEqual(counted);
  });

  it('counts what is missing and what is too many', () => {
    const [irsa, dual] = [partsAt('irsa').role.trust, partsAt('dual').role.trust];
    expect(trustCounts(irsa, dual)).toEqual({ missing: 1, extra: 0 });
    expect(trustCounts(dual, irsa)).toEqual({ missing: 0, extra: 1 });
  });
});
