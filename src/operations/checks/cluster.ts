import { compareContext, knowsPodIdentity, PLATFORM_MINIMUMS } from '../../comparison/cluster';
import { ask, need } from '../../estate/ask';
import type { ClusterFacts } from '../../estate/aws/AwsPort';
import { contextText, noClusterText } from '../contextText';
import {
  type CheckFunction,
  type CheckResult,
  fail,
  needsPodIdentity,
  pass,
  problem,
  type WorkloadOnCluster,
} from './Check';

/** The cluster exists, supports Pod Identity where the stage needs it, and is the one to which the kubeconfig context leads. */
export const cluster: CheckFunction = (subject) => {
  const { cluster: wanted, questions } = subject;
  return [
    need([questions.cluster], (facts) => version(subject, facts)),
    ask([{ ask: 'issuer', cluster: wanted.arn }, questions.cluster], (issuer, facts) => {
      // Without an answer of EKS the inventory says which issuer the cluster has, and the question above has a result of its own.
      if (issuer.ok && !facts.ok && wanted.oidc !== undefined)
        return issuer.value === wanted.oidc.issuer ? [] : context(subject, issuer.value, wanted.oidc);
      return need([{ ask: 'issuer', cluster: wanted.arn }, questions.cluster], (value, known) =>
        known === undefined ? [] : context(subject, value, known),
      );
    }),
  ];
};

/** Whether the kubeconfig context leads to the cluster that has an issuer. */
function context(
  { environment, cluster: wanted }: WorkloadOnCluster,
  issuer: string,
  facts: Pick<ClusterFacts, 'issuer'>,
): CheckResult {
  const [mismatch] = compareContext(wanted, issuer, facts);
  if (mismatch === undefined) return pass(`the context leads to ${wanted.name}`);
  const { found, remedy } = contextText(environment.account, wanted, mismatch);
  return problem(found, remedy, { identity: true });
}

function version(subject: WorkloadOnCluster, facts: ClusterFacts | undefined): CheckResult {
  const { environment, cluster: wanted } = subject;
  if (facts === undefined) {
    const { found, remedy } = noClusterText(environment.account, wanted);
    return problem(found, remedy);
  }
  const found = `${wanted.name} is ${facts.status}, ${facts.version} ${facts.platformVersion}`;
  const supports = knowsPodIdentity(facts);
  if (!needsPodIdentity(subject) || supports === true) return pass(found);
  if (supports === undefined)
    return fail(
      'unknown',
      `${found}: this version is unknown to podlift`,
      'Check by hand whether the version supports Pod Identity.',
    );
  const minimum = PLATFORM_MINIMUMS[facts.version];
  return minimum === undefined
    ? problem(`${found}: Pod Identity needs 1.24 or later`, 'Upgrade the cluster first.')
    : problem(
        `${found}: Pod Identity needs eks.${minimum} or later`,
        'EKS updates the platform version automatically. An upgrade of the cluster updates it at once.',
      );
}
