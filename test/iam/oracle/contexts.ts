import fc from 'fast-check';
import type { Context } from '../../../src/iam/Request';

const HOME = '111122223333';
const AWAY = '444455556666';

/** Mostly one of the plain values, now and then a queer one. */
function plainOr(plain: readonly string[], queer: string): fc.Arbitrary<string> {
  return fc.oneof({ weight: 25, arbitrary: fc.constantFrom(...plain) }, { weight: 1, arbitrary: fc.constant(queer) });
}

const TAG_KEYS = ['eks-cluster-arn', 'kubernetes-namespace', 'kubernetes-pod-name'];
const CLUSTERS = [`arn:aws:eks:us-west-2:${HOME}:cluster/main`, `arn:aws:eks:us-west-2:${HOME}:cluster/a:b`];

/** What requests carry; three keys always, the others now and then. */
export const contexts: fc.Arbitrary<Context> = fc.record(
  {
    'aws:SourceAccount': fc.constantFrom(HOME, AWAY),
    'aws:RequestTag/kubernetes-namespace': fc.constantFrom('production', 'media', 'Production'),
    'aws:PrincipalTag/kubernetes-namespace': fc.constantFrom('production', 'media', '*', 'pro'),
    'aws:SourceArn': plainOr(CLUSTERS, 'no-arn'),
    'aws:TagKeys': fc.oneof(
      { weight: 25, arbitrary: fc.subarray(TAG_KEYS, { minLength: 1 }) },
      { weight: 1, arbitrary: fc.constantFrom([], [''], ['', 'kubernetes-namespace']) },
    ),
    'aws:SourceIp': plainOr(['10.1.2.3', '192.0.2.7', '2001:db8::7'], 'nowhere'),
    'aws:CurrentTime': plainOr(['2026-11-21T10:00:00Z', '2025-01-01T00:00:00Z'], 'soon'),
    'aws:MultiFactorAuthPresent': fc.constantFrom('true', 'false'),
    'aws:MultiFactorAuthAge': plainOr(['10', '3600', '3600.0'], 'old'),
    'oidc.eks.us-west-2.amazonaws.com/id/D1D1:sub': fc.constantFrom(
      'system:serviceaccount:production:orders-api',
      'system:serviceaccount:media:thumbnails',
    ),
    'oidc.eks.us-west-2.amazonaws.com/id/D1D1:aud': fc.constantFrom('sts.amazonaws.com', 'vault'),
  },
  { requiredKeys: ['aws:SourceAccount', 'aws:RequestTag/kubernetes-namespace', 'aws:TagKeys'] },
);
