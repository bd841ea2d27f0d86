import { partitionOf } from '../../Inventory';
import { fits } from '../../formats/Format';
import { region as regionFormat } from '../../formats/awsFormats';
import { clustersOf, type Rule } from '../Rule';
import { showIssuer } from '../../showCommands';

/**
 * Issuers of EKS contain the region of their cluster. Other issuers are not checked.
 * Source: https://docs.aws.amazon.com/eks/latest/userguide/enable-iam-roles-for-service-accounts.html
 */
const EKS_ISSUER =
  /^https:\/\/oidc[.-]eks\.([a-z0-9-]+)\.(amazonaws\.com(?:\.cn)?|api\.aws|api\.amazonwebservices\.com\.cn)\/id\//;

const USUAL = ['amazonaws.com', 'api.aws'];
const CHINESE = ['amazonaws.com.cn', 'api.amazonwebservices.com.cn'];

/** An issuer of another region belongs to another cluster, whose service accounts the role would trust. */
export const issuerRegion: Rule = {
  name: 'issuer-region',
  what: "An issuer of EKS is of its cluster's region, with the domain of that region's partition.",
  example: 'the issuer is of region us-east-1, but cluster "main" is in us-west-2',
  *check(model) {
    for (const { environment, cluster } of clustersOf(model)) {
      const { key, region, oidc } = cluster;
      const [, named, domain] = EKS_ISSUER.exec(oidc?.issuer ?? '') ?? [];
      // An invalid region, and a region of another partition, have findings already.
      if (named === undefined || !fits(regionFormat, region) || partitionOf(region) !== environment.partition) continue;
      const wanted = partitionOf(region) === 'aws-cn' ? CHINESE : USUAL;
      if (named === region && wanted.includes(domain ?? '')) continue;
      yield {
        path: ['environments', environment.key, 'clusters', key, 'oidc', 'issuer'],
        message:
          named === region
            ? `the issuer has the domain ${domain ?? ''}, but issuers of region ${region} have ${wanted.join(' or ')}`
            : `the issuer is of region ${named}, but cluster "${key}" is in ${region}`,
        hint: `Copy it from:\n${showIssuer(cluster)}`,
      };
    }
  },
};
