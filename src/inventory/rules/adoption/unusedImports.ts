import { managedOn } from '../../Inventory';
import { subjectField } from '../../resolve/resolveSubjects';
import { clustersOf, type Rule } from '../Rule';

/** Terraform imports only what it manages. */
export const unusedImports: Rule = {
  name: 'unused-imports',
  severities: ['warning', 'error'],
  what: '`imports` of an OIDC provider needs `provider: managed`. `serviceAccount.imports` names clusters of the workload where `manage` is `create`.',
  example: 'the OIDC provider of cluster "main" has imports, but it is not managed',
  *check(model) {
    for (const { environment, cluster } of clustersOf(model)) {
      const { key, oidc } = cluster;
      if (oidc?.imports !== true || oidc.provider === 'managed') continue;
      yield {
        path: ['environments', environment.key, 'clusters', key, 'oidc', 'imports'],
        message: `the OIDC provider of cluster "${key}" has imports, but it is not managed`,
        hint: 'Write `provider: managed` if podlift should manage it, or remove `imports`.',
      };
    }
    for (const { workload, clusters, at } of model.placed) {
      for (const subject of workload.subjects)
        for (const [index, key] of (subject.imports ?? []).entries()) {
          const cluster = clusters.find((one) => one.key === key && subject.clusters.includes(key));
          if (cluster !== undefined && managedOn(workload, subject, cluster) === 'create') continue;
          yield {
            ...(cluster === undefined && { severity: 'error' as const }),
            path: at(...subjectField(subject), 'imports', index),
            message:
              cluster === undefined
                ? `imports lists cluster "${key}", where the workload does not run: clusters: ${subject.clusters.join(', ')}`
                : `podlift does not create the service account on cluster "${key}": there is nothing to import`,
            hint: cluster === undefined ? 'Write the key of a cluster of the workload, or remove it.' : 'Remove it.',
          };
        }
    }
  },
};
