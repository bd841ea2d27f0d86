import { identityStackName, serviceAccountsStackName } from '../../inventory/stackNames';
import type { ServiceAccount } from '../../blueprint/Blueprint';
import type { Cluster } from '../../inventory/Inventory';
import type { ServiceAccountFacts } from '../kubernetes/KubernetesPort';
import { applyCommands } from './applyCommands';
import type { Check, Step } from './Check';
import { judged, type Verdict } from './evidenceOf';
import { kubectlPlace } from './places';
import { shellWord } from './shellWord';
import { partsAt, workloadsOnClusters } from './workloadsOnClusters';

/** Source: aws/amazon-eks-pod-identity-webhook, README. */
const ROLE_ANNOTATION = 'eks.amazonaws.com/role-arn';

/** The service account on each cluster carries the role's annotation exactly where the stage says so. */
export const annotationAgrees: Check = (step, ports, now) =>
  Promise.all(
    workloadsOnClusters(step).map(async ({ workload, cluster }) => {
      const { namespace, serviceAccount } = workload;
      const question = {
        check: 'annotation-agrees',
        workload: workload.key,
        cluster: cluster.key,
        asked: `get serviceaccount ${serviceAccount.name} -n ${namespace}`,
        of: kubectlPlace(cluster),
      } as const;
      const wanted = partsAt(step, workload, step.from).serviceAccounts.find((one) => one.cluster === cluster.key);
      const answer = await ports
        .kubernetes(step.environment.key, cluster)
        .serviceAccount(namespace, serviceAccount.name);
      return judged(step, now, question, answer, (facts) => judge(step, cluster, wanted, facts));
    }),
  );

function judge(
  step: Step,
  cluster: Cluster,
  account: ServiceAccount | undefined,
  facts: ServiceAccountFacts | undefined,
): Verdict {
  const wanted = account?.annotations[ROLE_ANNOTATION];
  const found = facts?.annotations[ROLE_ANNOTATION];
  if (facts === undefined && wanted !== undefined)
    return { found: 'there is no such service account', holds: 'no', remedy: remedyOf(step, cluster, account, wanted) };
  if (found === wanted)
    return {
      found: wanted === undefined ? `no annotation, as at ${step.from}` : `annotated, as at ${step.from}`,
      holds: 'yes',
    };
  const should = wanted ?? `none at ${step.from}`;
  return {
    found: `${ROLE_ANNOTATION} is ${found ?? 'not there'}, should be ${should}`,
    holds: 'no',
    remedy: remedyOf(step, cluster, account, wanted),
  };
}

function remedyOf(
  { environment }: Step,
  cluster: Cluster,
  account: ServiceAccount | undefined,
  wanted: string | undefined,
): string {
  if (account === undefined) return '';
  const { context, manage, namespace, name } = account;
  if (context !== undefined && manage !== 'none') {
    const stacks = [identityStackName(environment.key), serviceAccountsStackName(environment.key, cluster.key)];
    return ['Apply the stage that the inventory has:', ...applyCommands(stacks)].join('\n');
  }
  const change = wanted === undefined ? `${ROLE_ANNOTATION}-` : `--overwrite ${ROLE_ANNOTATION}=${wanted}`;
  return `Its manifests are not podlift’s: change them where they are kept (GitOps), or by hand:\n${kubectlPlace(cluster)} -n ${shellWord(namespace)} annotate serviceaccount ${shellWord(name)} ${change}`;
}
