import type { CompareRule } from '../compare';

/** Another role, context or issuer under the same key can mean other people, or another account or cluster. */
export const accessMoved: CompareRule = {
  name: 'access-moved',
  severities: ['warning'],
  what: "An account's `deployRole` and `readRole`, a cluster's `kubernetes.context` and its issuer stay the same.",
  example: 'the context of cluster "main" of prod changes from prod-main to prod-blue',
  *check({ accounts, clusters: keptClusters }) {
    // An account with another key is the same account if its id is.
    const renamed = accounts.removed.flatMap((base) =>
      accounts.added.filter(({ id }) => id === base.id).map((head) => ({ base, head })),
    );
    for (const { base, head } of [...accounts.kept, ...renamed]) {
      for (const [field, name] of ROLES) {
        if (base[field] === head[field]) continue;
        yield moved(['accounts', head.key], field, `the ${name} of account "${head.key}"`, base[field], head[field]);
      }
    }
    for (const { base, head, environment } of keptClusters) {
      const path = ['environments', environment.head.key, 'clusters', head.key];
      const owner = `of cluster "${head.key}" of ${environment.head.key}`;
      const [context, nextContext] = [base.kubernetes?.context, head.kubernetes?.context];
      if (context !== nextContext)
        yield moved([...path, 'kubernetes'], 'context', `the context ${owner}`, context, nextContext);
      const [issuer, nextIssuer] = [base.oidc?.issuer, head.oidc?.issuer];
      // Another issuer under workloads is a finding of `cluster-swapped`. A removed issuer gives no new access.
      const isReported =
        issuer !== undefined && environment.base.workloads.some(({ clusters }) => clusters.includes(head.key));
      if (issuer === nextIssuer || nextIssuer === undefined || isReported) continue;
      yield moved([...path, 'oidc'], 'issuer', `the issuer ${owner}`, issuer, nextIssuer);
    }
  },
};

const ROLES = [
  ['deployRole', 'deploy role'],
  ['readRole', 'read role'],
] as const;

function moved(
  parent: readonly string[],
  field: string,
  what: string,
  from: string | undefined,
  to: string | undefined,
) {
  return {
    path: to === undefined ? parent : [...parent, field],
    message: `${what} changes from ${from ?? 'none'} to ${to ?? 'none'}`,
    hint: 'Have a reviewer confirm that it is the same account or cluster, and that the same people control it.',
  };
}
