import type { Rule } from '../Rule';

/** An issuer is one cluster's: with it in two places, the pods of the one would get into the roles of the other. */
export const duplicateIssuer: Rule = {
  name: 'duplicate-issuer',
  severities: ['error'],
  what: 'An OIDC issuer belongs to one cluster.',
  example: 'the issuer is that of cluster prod-main (environments.prod.clusters.main) already',
  *check({ inventory }) {
    const owners = new Map<string, { readonly arn: string; readonly shown: string }>();
    for (const environment of inventory.environments) {
      for (const { key, arn, name, oidc } of environment.clusters) {
        if (!oidc) continue;
        const owner = owners.get(oidc.issuer);
        if (!owner)
          owners.set(oidc.issuer, { arn, shown: `${name} (environments.${environment.key}.clusters.${key})` });
        // The same cluster twice has a finding of its own.
        if (!owner || owner.arn === arn) continue;
        yield {
          path: ['environments', environment.key, 'clusters', key, 'oidc', 'issuer'],
          message: `the issuer is that of cluster ${owner.shown} already`,
          hint: `Copy it from: aws eks describe-cluster --name ${name} --query cluster.identity.oidc.issuer`,
        };
      }
    }
  },
};
