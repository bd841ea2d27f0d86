import type { Rule } from '../Rule';

/** Every stage but `pod-identity` trusts the cluster's OIDC provider. Source: the stage table of docs/MIGRATION.md. */
export const oidcRequired: Rule = {
  name: 'oidc-required',
  severities: ['error'],
  what: 'A cluster with a workload before the stage `pod-identity` has `oidc`.',
  example: 'cluster "main" has no oidc, but workload "billing" at irsa trusts its OIDC provider',
  *check({ staged }) {
    const seen = new Set<string>();
    for (const { workload, clusters, environment } of staged) {
      if (workload.stage === 'pod-identity') continue;
      for (const cluster of clusters) {
        if (cluster.oidc || seen.has(cluster.arn + environment.key)) continue;
        seen.add(cluster.arn + environment.key);
        yield {
          path: ['environments', environment.key, 'clusters', cluster.key],
          message: `cluster "${cluster.key}" has no oidc, but workload "${workload.key}" at ${workload.stage} trusts its OIDC provider`,
          hint: `Add oidc: { issuer: … } from: aws eks describe-cluster --name ${cluster.name} --query cluster.identity.oidc.issuer`,
          at: 'key',
        };
      }
    }
  },
};
