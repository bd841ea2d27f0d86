import { compareContext, knowsPodIdentity, PLATFORM_MINIMUMS } from '../../comparison/cluster';
import { need } from '../../estate/ask';
import type { ClusterFacts } from '../../estate/aws/AwsPort';
import { contextText, noClusterText } from '../contextText';
import { say } from '../remedies';
import { type CheckFunction, type CheckResult, fail, needsPodIdentity, pass, type WorkloadOnCluster } from './Check';

/** The cluster exists, knows Pod Identity where the stage needs it, and is the one to which the kubeconfig context leads. */
export const cluster: CheckFunction = (subject) => {
  const { arn } = subject.cluster;
  return [
    need([{ ask: 'cluster', cluster: arn }], (facts) => [version(subject, facts)]),
    need(
      [
        { ask: 'issuer', cluster: arn },
        { ask: 'cluster', cluster: arn },
      ],
      (issuer, facts) => (facts === undefined ? [] : [context(subject, issuer, facts)]),
    ),
  ];
};

function version(subject: WorkloadOnCluster, facts: ClusterFacts | undefined): CheckResult {
  const { environment, cluster: wanted } = subject;
  if (facts === undefined) {
    const { found, remedy } = noClusterText(environment.account, wanted);
    return fail('problem', found, remedy);
  }
  const found = `${wanted.name} is ${facts.status}, ${facts.version} ${facts.platformVersion}`;
  const knows = knowsPodIdentity(facts);
  if (!needsPodIdentity(subject) || knows === true) return pass(found);
  if (knows === undefined)
    return fail('unknown', `${found}: this version is unknown to podlift`, [
      say('Check by hand whether the version supports Pod Identity.'),
    ]);
  const minimum = PLATFORM_MINIMUMS[facts.version];
  return fail(
    'problem',
    `${found}: Pod Identity needs ${minimum === undefined ? '1.24 or later' : `eks.${minimum} or later`}`,
    [
      say(
        minimum === undefined
          ? 'Upgrade the cluster first.'
          : 'EKS updates the platform version automatically. An upgrade of the cluster updates it at once.',
      ),
    ],
  );
}

function context(
  { environment, cluster: wanted }: WorkloadOnCluster,
  issuer: string,
  facts: ClusterFacts,
): CheckResult {
  const [mismatch] = compareContext(wanted, issuer, facts);
  if (mismatch === undefined) return pass(`the context leads to ${wanted.name}`);
  const { found, remedy } = contextText(environment.account, wanted, mismatch);
  return fail('problem', found, remedy);
}
