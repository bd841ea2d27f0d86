import type { Statement } from '../../src/iam/PolicyDocument';
import type { StageParts } from '../../src/proof/stagedWorkload';
import { isService, onTargets, onTrust, provedWith, without } from './proofFixtures';

const rulesOf = (key: string, tamper: (parts: StageParts) => StageParts) => [
  ...new Set(provedWith(key, tamper).failures.map(({ rule }) => rule)),
];
describe('a document that was tampered with', () => {
  it.each<[string, string, (parts: StageParts) => StageParts, string]>([
    ['a trust without the pod’s subject', 'plain', onTrust((s) => without(s, ':sub')), 'proof-attack'],
    [
      'a trust without the source account',
      'untagged-hops',
      onTrust((s) => without(s, 'aws:SourceAccount')),
      'proof-attack',
    ],
    ['a trust without the namespace', 'plain', onTrust((s) => without(s, 'kubernetes-namespace')), 'proof-attack'],
    [
      'a trust without the service account',
      'plain',
      onTrust((s) => without(s, 'kubernetes-service-account')),
      'proof-attack',
    ],
    ['a trust without the clusters', 'plain', onTrust((s) => without(s, 'eks-cluster-arn')), 'proof-attack'],
    [
      'a trust that asks for tags only where they are sent',
      'plain',
      onTrust((s) => (isService(s) ? { ...s, Condition: { StringEqualsIfExists: s.Condition!.StringEquals! } } : s)),
      'proof-attack',
    ],
    [
      'a trust for every service account that begins so',
      'plain',
      onTrust((s) => ({
        ...s,
        Condition: {
          StringLike: Object.fromEntries(
            Object.entries(s.Condition!.StringEquals!).map(([key, value]) => [
              key,
              key.endsWith(':sub') ? `${value as string}*` : value,
            ]),
          ),
        },
      })),
      'proof-attack',
    ],
    [
      'a trust for every service',
      'plain',
      onTrust((s) => (isService(s) ? { ...s, Principal: { Service: '*' } } : s)),
      'proof-path',
    ],
    [
      'a trust for another service too',
      'plain',
      onTrust((s) =>
        isService(s) ? { ...s, Principal: { Service: ['pods.eks.amazonaws.com', 'ec2.amazonaws.com'] } } : s,
      ),
      'proof-attack',
    ],
    ['a trust for everybody', 'plain', onTrust((s) => (isService(s) ? { ...s, Principal: '*' } : s)), 'proof-attack'],
    [
      'a trust that cannot tag sessions',
      'plain',
      onTrust((s) => (isService(s) ? { ...s, Action: 'sts:AssumeRole' } : s)),
      'proof-path',
    ],
    ['a target without its principal', 'hops', onTargets((s) => without(s, 'aws:PrincipalArn')), 'proof-attack'],
    [
      'a target without the tags',
      'hops',
      onTargets((s) =>
        s.Sid === 'TaggedHop' ? without(s, 'eks-cluster-arn', 'kubernetes-namespace', 'kubernetes-service-account') : s,
      ),
      'proof-attack',
    ],
    [
      'a target without the service account',
      'hops',
      onTargets((s) => without(s, 'kubernetes-service-account')),
      'proof-attack',
    ],
    [
      'a target that reads what the caller sends',
      'hops',
      onTargets((s) => JSON.parse(JSON.stringify(s).replaceAll('aws:PrincipalTag', 'aws:RequestTag')) as Statement),
      'proof-attack',
    ],
    ['a target that cannot be tagged', 'chained', onTargets((s) => ({ ...s, Action: 'sts:AssumeRole' })), 'proof-path'],
    [
      'a target without the external id',
      'untagged-chained',
      onTargets((s) => without(s, 'sts:ExternalId')),
      'proof-closed-mode',
    ],
    [
      'a target with an external id too many',
      'untagged-chained',
      onTargets((s) =>
        s.Sid === 'ExternalIdHop'
          ? { ...s, Condition: { ...s.Condition, StringLike: { 'sts:ExternalId': '*' }, StringEquals: {} } }
          : s,
      ),
      'proof-attack',
    ],
    [
      'no right to assume the target',
      'hops',
      (parts) => ({ ...parts, role: { ...parts.role, inline: { Version: '2012-10-17', Statement: [] } } }),
      'proof-path',
    ],
    [
      'an association with another role',
      'plain',
      (parts) => ({ ...parts, associations: parts.associations.map((a) => ({ ...a, roleArn: `${a.roleArn}-2` })) }),
      'proof-path',
    ],
    [
      'an association of another service account',
      'plain',
      (parts) => ({ ...parts, associations: parts.associations.map((a) => ({ ...a, serviceAccount: 'default' })) }),
      'proof-new-pod',
    ],
    [
      'an association with another target role',
      'chained',
      (parts) => ({
        ...parts,
        associations: parts.associations.map((a) => ({ ...a, targetRoleArn: `${a.targetRoleArn!}-2` })),
      }),
      'proof-path',
    ],
    [
      'an association without tags',
      'plain',
      (parts) => ({ ...parts, associations: parts.associations.map((a) => ({ ...a, disableSessionTags: true })) }),
      'proof-path',
    ],
    [
      'an annotation with another role',
      'plain',
      (parts) => ({
        ...parts,
        serviceAccounts: parts.serviceAccounts.map((a) => ({
          ...a,
          annotations: { 'eks.amazonaws.com/role-arn': 'x' },
        })),
      }),
      'proof-new-pod',
    ],
    [
      'an association on one cluster only',
      'plain',
      (parts) => ({ ...parts, associations: parts.associations.slice(0, 1) }),
      'proof-new-pod',
    ],
    [
      'OIDC trust gone a stage early',
      'plain',
      onTrust((s) => (isService(s) ? s : undefined), ['cutover']),
      'proof-step',
    ],
    [
      'OIDC trust that stays',
      'plain',
      (parts) => (parts.stage === 'pod-identity' ? { ...parts, role: { ...parts.role, trust: both } } : parts),
      'proof-expected-loss',
    ],
    [
      'Pod Identity trust that comes with the association',
      'plain',
      onTrust((s) => (isService(s) ? undefined : s), ['prepared']),
      'proof-association',
    ],
    [
      'Pod Identity trust that comes early',
      'plain',
      (parts) => (parts.stage === 'irsa' ? { ...parts, role: { ...parts.role, trust: both } } : parts),
      'proof-closed-mode',
    ],
    [
      'a step of two kinds',
      'plain',
      onTrust((s) => ({ ...s, Sid: 'New' }), ['dual', 'cutover', 'pod-identity']),
      'proof-one-change',
    ],
  ])('is found: %s', (_what, key, tamper, rule) => {
    expect(rulesOf(key, tamper)).toContain(rule);
  });

  it('is no failure: a trust without the audience, since STS accepts only audiences that the OIDC provider lists', () => {
    expect(
      rulesOf(
        'plain',
        onTrust((s) => without(s, ':aud')),
      ),
    ).toEqual([]);
  });

  let both: StageParts['role']['trust'];
  beforeAll(() => {
    provedWith('plain', (parts) => {
      if (parts.stage === 'dual') both = parts.role.trust;
      return parts;
    });
  });
});
