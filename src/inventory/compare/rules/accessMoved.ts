import type { Cluster, Environment } from '../../Inventory';
import type { Found } from '../../rules/Rule';
import { matched, type Kept } from '../compare';
import type { CompareRule } from '../CompareRule';

/** By these Terraform and podlift reach an account and a cluster: another one is another owner, or another account or cluster, behind the same key. */
export const accessMoved: CompareRule = {
  name: 'access-moved',
  severities: ['warning'],
  what: "An account's `deployRole` and `readRole`, a cluster's `kubernetes.context` and its issuer stay the same.",
  example: 'the context of cluster "main" of prod goes from prod-main to prod-blue',
  *check({ accounts, environments }) {
    for (const { base, head } of accounts.kept) {
      for (const [field, name] of [
        ['deployRole', 'deploy role'],
        ['readRole', 'read role'],
      ] as const) {
        if (base[field] === head[field]) continue;
        yield moved(['accounts', head.key], field, `the ${name} of account "${head.key}"`, base[field], head[field]);
      }
    }
    for (const environment of environments.kept) {
      for (const cluster of matched(environment.base.clusters, environment.head.clusters).kept) {
        yield* clusterMoved(environment, cluster);
      }
    }
  },
};

function* clusterMoved(environment: Kept<Environment>, { base, head }: Kept<Cluster>): Generator<Found> {
  const path = ['environments', environment.head.key, 'clusters', head.key];
  const whose = `of cluster "${head.key}" of ${environment.head.key}`;
  const [context, nextContext] = [base.kubernetes?.context, head.kubernetes?.context];
  if (context !== nextContext)
    yield moved([...path, 'kubernetes'], 'context', `the context ${whose}`, context, nextContext);
  const [issuer, nextIssuer] = [base.oidc?.issuer, head.oidc?.issuer];
  // Another issuer under workloads is a finding of `cluster-swapped`; one that is gone opens nothing.
  const isReported = issuer !== undefined && environment.base.workloads.some((it) => it.clusters.includes(head.key));
  if (issuer === nextIssuer || nextIssuer === undefined || isReported) return;
  yield moved([...path, 'oidc'], 'issuer', `the issuer ${whose}`, issuer, nextIssuer);
}

function moved(
  place: readonly string[],
  field: string,
  what: string,
  from: string | undefined,
  to: string | undefined,
): Found {
  return {
    path: to === undefined ? place : [...place, field],
    message: `${what} goes from ${from ?? 'none'} to ${to ?? 'none'}`,
    hint: 'Have someone confirm in review that it is the same account or cluster, in the same hands.',
  };
}
