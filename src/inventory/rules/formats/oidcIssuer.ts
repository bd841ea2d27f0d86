import type { Format } from '../Format';
import { region } from './region';

/** Only real regions: `oidc.eks.s3.amazonaws.com` is anyone's bucket. */
const REGION = region.pattern.source.slice(1, -1);

/**
 * An OIDC issuer is one of EKS: the owner of any other host could mint tokens for every role that trusts it.
 * Source: https://docs.aws.amazon.com/eks/latest/userguide/enable-iam-roles-for-service-accounts.html and, for the dual-stack form,
 * https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html
 */
export const oidcIssuer: Format = {
  name: 'oidc-issuer',
  severities: ['error'],
  what: 'An OIDC issuer is one of EKS, without a trailing slash or query: the owner of another host could mint tokens for every role.',
  example: '"https://oidc.example.com" is not the OIDC issuer of an EKS cluster',
  subject: 'the OIDC issuer of an EKS cluster',
  pattern: new RegExp(
    String.raw`^https:\/\/(?:oidc\.eks\.${REGION}\.amazonaws\.com(?:\.cn)?|oidc-eks\.${REGION}\.api\.(?:aws|amazonwebservices\.com\.cn))\/id\/[A-Za-z0-9]{1,128}$`,
  ),
  expected:
    'https://oidc.eks.<region>.amazonaws.com/id/<letters and digits> (or its dual-stack form, oidc-eks.<region>.api.aws; the domains of China there), without query, port or trailing slash',
  hint: 'Copy it from: aws eks describe-cluster --query cluster.identity.oidc.issuer',
};
