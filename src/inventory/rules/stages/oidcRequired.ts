import { clustersRunning, type Rule } from '../Rule';
import { showIssuer } from '../../showCommands';

/** Every stage except `pod-identity` trusts the cluster's OIDC provider. Source: the stage table of docs/MIGRATION.md. */
export const oidcRequired: Rule = {
  name: 'oidc-required',
  what: 'A cluster with a workload before the stage `pod-identity` has `oidc`.',
  example: 'cluster "main" has no oidc, but workload "billing" at irsa trusts its OIDC provider',
  *check({ staged }) {
    const isSelected = ({ stage }: { stage: string }) => stage !== 'pod-identity';
    for (const { environment, cluster, workload } of clustersRunning(staged, isSelected)) {
      if (cluster.oidc) continue;
      yield {
        path: ['environments', environment.key, 'clusters', cluster.key],
        message: `cluster "${cluster.key}" has no oidc, but workload "${workload.key}" at ${workload.stage} trusts its OIDC provider`,
        hint: `Add oidc: { issuer: ISSUER }. Take ISSUER from:\n${showIssuer(cluster)}`,
        at: 'key',
      };
    }
  },
};
