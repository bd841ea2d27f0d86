import type { AdoptedTrust, KeptStatement, Stage } from '../../src/inventory/Inventory';
import { proveInventory } from '../../src/proof/proveInventory';
import { clusterOf, environmentOf, inventoryOf, roleSettingsOf, workloadOf } from '../blueprint/inventoryOf';

const CLUSTER = clusterOf();
const ISSUER = CLUSTER.oidc!.issuer.replace('https://', '');
const PROVIDER = `arn:aws:iam::333333333333:oidc-provider/${ISSUER}`;
const POD_IDENTITY: KeptStatement = {
  Effect: 'Allow',
  Principal: { Service: 'pods.eks.amazonaws.com' },
  Action: ['sts:AssumeRole', 'sts:TagSession'],
};
const web = (condition: KeptStatement['Condition']): KeptStatement => ({
  Effect: 'Allow',
  Principal: { Federated: PROVIDER },
  Action: 'sts:AssumeRoleWithWebIdentity',
  ...(condition && { Condition: condition }),
});

function proofOf(adoptedTrust: AdoptedTrust, stage: Stage = 'irsa', sessionTags = true) {
  const role = roleSettingsOf({ name: 'legacy', adopt: true, adoptedTrust });
  const workload = workloadOf({ stage, role, sessionTags });
  return proveInventory(inventoryOf(environmentOf({ clusters: [CLUSTER], workloads: [workload] })), {
    oncePerGroup: true,
  });
}

describe('trust that was found and adopted', () => {
  it('holds where it says the same in other words', () => {
    const same = web({
      StringEquals: { [`${ISSUER}:sub`]: ['system:serviceaccount:production:orders-api'] },
      StringLike: { [`${ISSUER}:aud`]: 'sts.amazonaws.com' },
    });
    expect(proofOf({ oidc: [same] })).toMatchObject({ failures: [], accepted: [] });
  });

  it('holds without an audience, since STS accepts only audiences that the OIDC provider lists', () => {
    const anyAudience = web({ StringEquals: { [`${ISSUER}:sub`]: 'system:serviceaccount:production:orders-api' } });
    expect(proofOf({ oidc: [anyAudience] })).toMatchObject({ failures: [], accepted: [] });
  });

  it.each<[string, AdoptedTrust, string, RegExp]>([
    ['whoever has an association', { podIdentity: [POD_IDENTITY] }, 'podIdentity', /through Pod Identity/],
    [
      'the whole namespace',
      {
        oidc: [
          web({
            StringLike: { [`${ISSUER}:sub`]: 'system:serviceaccount:production:*' },
            StringEquals: { [`${ISSUER}:aud`]: 'sts.amazonaws.com' },
          }),
        ],
      },
      'oidc',
      /with other subjects, by .*production:\*/,
    ],
  ])('that lets in %s is a failure at its line, and accepted with a reason', (_whom, trust, field, who) => {
    const { failures, accepted } = proofOf(trust);
    expect(accepted).toEqual([]);
    expect(failures.length).toBeGreaterThan(0);
    for (const failure of failures) {
      expect(failure).toMatchObject({
        severity: 'error',
        rule: 'proof-attack',
        path: `workloads.orders-api.role.adoptedTrust.${field}[0]`,
      });
      expect([failure.who, ...(failure.also ?? [])].join('; ')).toMatch(who);
    }
    const reasoned = proofOf({ ...trust, because: 'as it was found' });
    expect(reasoned.failures).toEqual([]);
    expect(reasoned.accepted.map(({ severity, who: whom }) => [severity, whom])).toEqual(
      failures.map(({ who: whom }) => ['warning', whom]),
    );
  });

  it('is accepted with a reason in the statement, which covers this statement alone', () => {
    const everyPod = web({ StringLike: { [`${ISSUER}:sub`]: 'system:serviceaccount:*' } });
    const both = (...[oidc, podIdentity]: readonly [KeptStatement, KeptStatement]) =>
      proofOf({ oidc: [oidc], podIdentity: [podIdentity] });
    const because = 'as it was found';
    expect(both(everyPod, { ...POD_IDENTITY, because }).failures.map(({ path }) => path)).toEqual([
      'workloads.orders-api.role.adoptedTrust.oidc[0]',
    ]);
    expect(both({ ...everyPod, because }, { ...POD_IDENTITY, because }).failures).toEqual([]);
  });

  it('is not accepted, whatever the reason, where it shuts out the workload’s own pods', () => {
    const wrong = web({ StringEquals: { [`${ISSUER}:sub`]: 'system:serviceaccount:production:other' } });
    const { failures } = proofOf({ oidc: [wrong], because: 'as it was found' });
    expect(failures.map(({ rule }) => rule)).toContain('proof-path');
  });
  it.each([true, false])('fails without sts:TagSession, with session tags: %s', (sessionTags) => {
    const half: KeptStatement = { ...POD_IDENTITY, Action: 'sts:AssumeRole' };
    const rulesOf = (podIdentity: KeptStatement) =>
      proofOf({ podIdentity: [podIdentity], because: 'as it was found' }, 'pod-identity', sessionTags).failures;
    expect(rulesOf(POD_IDENTITY)).toEqual([]);
    expect(rulesOf(half).map(({ rule }) => rule)).toContain('proof-path');
  });
});
