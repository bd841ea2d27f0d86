import { partitionOf } from '../../resolve/partitionOf';
import { fits } from '../../formats/Format';
import { region as regionFormat } from '../../formats/awsFormats';
import type { Rule } from '../Rule';

/**
 * EKS's own issuers name the region of their cluster; others are left alone.
 * Source: https://docs.aws.amazon.com/eks/latest/userguide/enable-iam-roles-for-service-accounts.html
 */
const EKS_ISSUER =
  /^https:\/\/oidc[.-]eks\.([a-z0-9-]+)\.(amazonaws\.com(?:\.cn)?|api\.aws|api\.amazonwebservices\.com\.cn)\/id\//;

const USUAL = ['amazonaws.com', 'api.aws'];
const CHINESE = ['amazonaws.com.cn', 'api.amazonwebservices.com.cn'];

/** An issuer of another region is another cluster's: the trust would be for its service accounts. */
export const issuerRegion: Rule = {
  name: 'issuer-region',
  severities: ['error'],
  what: "An issuer of EKS's own is of its cluster's region, with the domain of that region's partition.",
  example: 'the issuer is of region us-east-1, but cluster "main" is in us-west-2',
  *check({ inventory }) {
    for (const environment of inventory.environments) {
      for (const { key, region, oidc } of environment.clusters) {
        const [, named, domain] = EKS_ISSUER.exec(oidc?.issuer ?? '') ?? [];
        // A region that is none, or of another partition than the environment's, has a finding of its own.
        if (named === undefined || !fits(regionFormat, region) || partitionOf(region) !== environment.partition)
          continue;
        const wanted = partitionOf(region) === 'aws-cn' ? CHINESE : USUAL;
        if (named === region && wanted.includes(domain ?? '')) continue;
        yield {
          path: ['environments', environment.key, 'clusters', key, 'oidc', 'issuer'],
          message:
            named === region
              ? `the issuer is in domain ${domain ?? ''}, but issuers of region ${region} are in ${wanted.join(' or ')}`
              : `the issuer is of region ${named}, but cluster "${key}" is in ${region}`,
          hint: 'Copy it from: aws eks describe-cluster --query cluster.identity.oidc.issuer',
        };
      }
    }
  },
};
