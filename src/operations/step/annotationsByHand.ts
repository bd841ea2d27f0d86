import { isDeepStrictEqual } from 'node:util';
import type { Blueprint, ServiceAccount } from '../../blueprint/Blueprint';
import { isWritten, ROLE_ANNOTATION, roleAnnotation } from '../../comparison/annotation';
import { type Ask, ask } from '../../estate/ask';
import type { Remedy } from '../../estate/Remedy';
import type { Environment, Stage } from '../../inventory/Inventory';
import { annotationRemedy } from '../annotationRemedy';
import { annotate, remedyOf } from '../remedies';

/** A service account whose annotation the step changes, and that podlift's stacks do not write. */
export interface HandAnnotation {
  readonly workload: string;
  readonly cluster: string;
  /** `shop/api`. */
  readonly serviceAccount: string;
  /** What changes, as a sentence. */
  readonly change: string;
  /** How: where its manifests are kept, or by these commands. */
  readonly steps: Remedy;
}

/**
 * The annotations that a step changes by hand: the service accounts of GitOps and of people. What stands on the cluster decides how: whether the service
 * account exists, and who sets the annotation again.
 */
export function annotationsByHand(
  before: Blueprint,
  after: Blueprint,
  environment: Environment,
): Ask<readonly HandAnnotation[]> {
  const id = ({ cluster, namespace, name }: ServiceAccount): string => `${cluster} ${namespace}/${name}`;
  const old = new Map(before.serviceAccounts.map((account) => [id(account), account]));
  const changed = after.serviceAccounts.flatMap((account) => {
    const cluster = environment.clusters.find(({ key }) => key === account.cluster);
    const earlier = old.get(id(account))?.annotations ?? {};
    // Terraform tells an add-on which annotation its service account has.
    const byStack = isWritten(account) || account.addon !== undefined;
    return byStack || cluster === undefined || isDeepStrictEqual(earlier, account.annotations)
      ? []
      : [{ account, cluster }];
  });
  return ask(
    changed.map(({ account: { namespace, name }, cluster: { arn } }) => {
      return { ask: 'serviceAccount', cluster: arn, namespace, name } as const;
    }),
    (...answers) =>
      changed.map(({ account, cluster }, index): HandAnnotation => {
        const answer = answers[index];
        const role = roleAnnotation(account);
        const name = `service account ${account.namespace}/${account.name} on cluster ${account.cluster}`;
        const one = { environment: environment.key, cluster, account, stage: stageOf(environment, account) };
        return {
          workload: account.workload,
          cluster: account.cluster,
          serviceAccount: `${account.namespace}/${account.name}`,
          change:
            role === undefined
              ? `${name}: remove the annotation ${ROLE_ANNOTATION}`
              : `${name}: set the annotation ${ROLE_ANNOTATION}: ${role}`,
          steps:
            answer?.ok === true
              ? annotationRemedy(one, answer.value).remedy
              : remedyOf(
                  `podlift could not read the service account (${answer?.message ?? ''}). Change the annotation where its manifests are kept (GitOps), or run:`,
                  annotate(cluster, account, role),
                ),
        };
      }),
  );
}

function stageOf({ workloads }: Environment, { workload }: ServiceAccount): Stage {
  return workloads.find(({ key }) => key === workload)?.stage ?? 'irsa';
}
