import type { Statement } from '../../src/iam/PolicyDocument';
import type { StageParts } from '../../src/proof/stagedWorkload';
import { isService, onTargets, onTrust, provedWith, without } from './proofFixtures';

type Tamper = (parts: StageParts) => StageParts;

const all =
  (...tampers: readonly Tamper[]): Tamper =>
  (parts) =>
    tampers.reduce((changed, tamper) => tamper(changed), parts);

function at(stages: readonly string[], tamper: Tamper): Tamper {
  return (parts) => (stages.includes(parts.stage) ? tamper(parts) : parts);
}

const noPermissions: Tamper = (parts) => ({
  ...parts,
  role: { ...parts.role, inline: { Version: '2012-10-17', Statement: [] } },
});
const noAssociations: Tamper = (parts) => ({ ...parts, associations: [] });
const noAnnotations: Tamper = (parts) => ({
  ...parts,
  serviceAccounts: parts.serviceAccounts.map((one) => ({ ...one, annotations: {} })),
});

let dual: StageParts | undefined;
beforeAll(() => {
  provedWith('plain', (parts) => {
    if (parts.stage === 'dual') dual = parts;
    return parts;
  });
});

/** Which pods lose what in which step: the failures of rule 2 on the cluster main. */
function lossesOf(key: string, tamper: Tamper): readonly string[] {
  return provedWith(key, tamper)
    .failures.filter(
      ({ step, rule, clusters }) => step !== undefined && rule !== 'proof-one-change' && clusters.includes('main'),
    )
    .map(({ step, mixture, who, what }) => {
      const state = Object.entries(mixture ?? {}).map(([slot, age]) => `${age} ${slot}`);
      return `${step!.from} → ${step!.to} (${state.join(', ')}): ${who} ${what}`;
    });
}

describe('a failure of a stage is not reported again for the steps that begin or end there', () => {
  it.each<[string, string, Tamper]>([
    [
      'an association that EKS refuses',
      'plain',
      onTrust((s) => (isService(s) ? { ...s, Action: 'sts:AssumeRole' } : s)),
    ],
    ['permissions that are missing', 'hops', noPermissions],
    ['a service account without the annotation', 'plain', at(['irsa', 'prepared'], noAnnotations)],
  ])('%s', (_, key, tamper) => {
    const losses = lossesOf(key, tamper).filter((line) => !line.includes('gets no credentials'));
    expect(losses).toEqual([]);
  });
});

describe('pods that are admitted between two stages', () => {
  it('lose what only the end of the step has, and not again what the stage lacks that the step leads to', () => {
    expect(lossesOf('hops', at(['irsa', 'prepared'], noPermissions))).toEqual([
      'prepared → dual (old inline policy, new association): a new pod of production/hops on Pod Identity cannot assume role prod-hops-ledger in data-prod (target ledger)',
    ]);
  });

  it('get nothing where the association comes after the annotation went', () => {
    const tamper = at(['dual'], noAnnotations);
    expect(lossesOf('plain', tamper)).toEqual([
      'prepared → dual (old association, new annotation): a new pod of production/plain gets no credentials',
      'dual → prepared (new association, old annotation): a new pod of production/plain gets no credentials',
    ]);
    const [failure] = provedWith('plain', tamper).failures.filter(({ rule }) => rule === 'proof-step');
    expect(failure!.message).toBe(
      'in prod in the step prepared → dual (annotation new, association still old), on main and batch: a new pod of production/plain gets no credentials: without an association and without the annotation the SDK falls through to the node role',
    );
  });

  it('get nothing, which is one failure for all targets', () => {
    expect(lossesOf('hops', at(['dual'], noAnnotations))).toHaveLength(2);
  });

  it('lose their target in the first state that can follow', () => {
    const tamper = at(['dual'], noPermissions);
    expect(lossesOf('hops', tamper)).toEqual([
      'prepared → dual (new inline policy, old association): a running pod of production/hops on IRSA cannot assume role prod-hops-ledger in data-prod (target ledger)',
      'dual → prepared (old inline policy, new association): a new pod of production/hops on IRSA cannot assume role prod-hops-ledger in data-prod (target ledger)',
      'cutover → dual (new inline policy, old annotation): a running pod of production/hops on Pod Identity cannot assume role prod-hops-ledger in data-prod (target ledger)',
    ]);
  });
});

describe('a loss that no gate guards is a failure', () => {
  const noTokens = onTrust((s) => (isService(s) ? s : undefined), ['dual']);
  const noService = (stage: string) => onTrust((s) => (isService(s) ? undefined : s), [stage]);

  it('of IRSA in a step forward', () => {
    expect(lossesOf('plain', noTokens)).toEqual([
      'prepared → dual (new source trust, old association): a running pod of production/plain on IRSA does not get role prod-plain',
      'dual → prepared (old source trust, new association): a new pod of production/plain on IRSA does not get role prod-plain',
    ]);
  });

  it('of Pod Identity in a step of the same target stage as a guarded one', () => {
    const early = (parts: StageParts): StageParts =>
      parts.stage === 'irsa'
        ? { ...parts, associations: dual!.associations, role: { ...parts.role, trust: dual!.role.trust } }
        : parts;
    expect(lossesOf('plain', early).map((line) => line.split(' (')[0])).toContain('irsa → prepared');
  });

  it('of Pod Identity in a step that begins like a guarded one', () => {
    expect(lossesOf('plain', noService('cutover'))).toContain(
      'dual → cutover (new source trust, old annotation): a running pod of production/plain on Pod Identity does not get role prod-plain',
    );
  });

  it('of Pod Identity in the step that must close IRSA alone', () => {
    const tamper = onTrust((s) => ({ ...s, Action: 'sts:AssumeRole' }), ['pod-identity']);
    expect(lossesOf('plain', tamper)).toEqual([
      'cutover → pod-identity (new source trust): a running pod of production/plain on Pod Identity does not get role prod-plain',
    ]);
  });

  it('of one target of two', () => {
    const second: Tamper = (parts) => ({
      ...parts,
      targetRoles: parts.targetRoles.map((role) =>
        role.target === 'second' ? { ...role, trust: { ...role.trust, Statement: [] } } : role,
      ),
    });
    const { failures } = provedWith('hops', at(['cutover'], second));
    expect(new Set(failures.filter(({ rule }) => rule !== 'proof-one-change').map(({ target }) => target))).toEqual(
      new Set(['second']),
    );
  });
});

describe('the changes of a step are of one kind', () => {
  const closed = onTargets((s: Statement) => without(s, 'aws:PrincipalArn'));

  it.each<[string, string, Tamper, readonly string[]]>([
    [
      'trust of a target beside annotations',
      'hops',
      at(['cutover'], closed),
      ['dual → cutover: changes trust policies and annotations at once'],
    ],
    [
      'permissions of a target beside associations',
      'hops',
      at(['irsa', 'prepared'], (parts) => ({
        ...parts,
        targetRoles: parts.targetRoles.map((role) => ({ ...role, inline: { Statement: [] } })),
      })),
      ['prepared → dual: changes permissions and associations at once'],
    ],
    [
      'everything at once',
      'plain',
      at(
        ['irsa', 'prepared'],
        all(
          noPermissions,
          noAssociations,
          noAnnotations,
          onTrust((s) => ({ ...s, Sid: 'X' })),
        ),
      ),
      ['prepared → dual: changes trust policies and permissions and associations and annotations at once'],
    ],
  ])('%s', (_, key, tamper, changes) => {
    const found = provedWith(key, tamper)
      .failures.filter(({ rule }) => rule === 'proof-one-change')
      .map(({ step, what }) => `${step!.from} → ${step!.to}: ${what}`);
    expect(found).toEqual(expect.arrayContaining([...changes]));
  });
});
