import { compareAnnotation, roleAnnotation } from '../../comparison/annotation';
import { compareContext } from '../../comparison/cluster';
import { ask, need } from '../../estate/ask';
import type { ServiceAccountFacts } from '../../estate/kubernetes/KubernetesPort';
import type { Cluster } from '../../inventory/Inventory';
import { type AnnotatedAccount, annotationRemedy } from '../annotationRemedy';
import { contextText, noClusterText } from '../contextText';
import type { Comparison, Found, Scope } from './Difference';

/**
 * The service accounts of the workloads on a cluster, whoever manages them: a stage needs its annotation. The context must lead to the cluster
 * first: another cluster says nothing about this one.
 */
export function annotationComparisons(scope: Scope, cluster: Cluster): readonly Comparison[] {
  const { environment, blueprint, workloads } = scope;
  const stages = new Map(workloads.map(({ key, stage }) => [key, stage]));
  const accounts = blueprint.serviceAccounts.flatMap((account): AnnotatedAccount[] => {
    const stage = stages.get(account.workload);
    if (account.cluster !== cluster.key || stage === undefined) return [];
    return [{ environment: environment.key, cluster, account, stage }];
  });
  if (accounts.length === 0) return [];
  const subject = { kind: 'annotation', cluster: cluster.key } as const;
  const issuer = { ask: 'issuer', cluster: cluster.arn } as const;
  const facts = { ask: 'cluster', cluster: cluster.arn } as const;
  return [
    {
      ...subject,
      where: `every service account on ${cluster.name}`,
      expected: `the context leads to ${cluster.name}`,
      differences: need([issuer, facts], (answered, found) =>
        compareContext(cluster, answered, found).map((mismatch) => ({
          holds: 'unknown',
          ...(found === undefined
            ? noClusterText(environment.account, cluster)
            : contextText(environment.account, cluster, mismatch)),
        })),
      ),
    },
    ...accounts.map((one): Comparison => {
      const { workload, namespace, name, clusterName } = one.account;
      const question = { ask: 'serviceAccount', cluster: cluster.arn, namespace, name } as const;
      return {
        ...subject,
        workload,
        where: `${namespace}/${name} on ${clusterName}`,
        expected: roleAnnotation(one.account) ?? 'none',
        differences: ask([issuer, facts], (answered, found) => {
          const known = found.ok && answered.ok;
          if (!known || compareContext(cluster, answered.value, found.value).length > 0) return [];
          return need([question], (account) => annotationDifferences(one, account));
        }),
      };
    }),
  ];
}

function annotationDifferences(one: AnnotatedAccount, facts: ServiceAccountFacts | undefined): readonly Found[] {
  return compareAnnotation(one.account, facts).map(({ what, wanted, found }) => ({
    found: what === 'missing' ? 'no such service account' : (found ?? 'none'),
    effect: what === 'missing' ? 'no pod can run with it' : effectOf(wanted, found),
    ...annotationRemedy(one, facts),
  }));
}

function effectOf(wanted: string | undefined, found: string | undefined): string {
  if (found === undefined) return 'new pods get no web identity (IRSA)';
  return wanted === undefined
    ? `new pods without an association get web identity (IRSA) for ${found}`
    : `new pods get web identity (IRSA) for ${found} instead`;
}
