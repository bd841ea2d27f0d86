import { compareContext, knowsPodIdentity, PLATFORM_MINIMUMS } from '../../comparison/cluster';
import { need } from '../../estate/ask';
import type { ClusterFacts } from '../../estate/aws/AwsPort';
import { contextOf } from '../../estate/kubernetes/contextOf';
import { aws, say } from '../remedies';
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
  if (facts === undefined)
    return fail('problem', `there is no cluster ${wanted.name}`, [
      say(`Write the name that cluster ${wanted.key} has in EKS into the inventory:`),
      aws(environment.account, 'eks', 'list-clusters', '--region', wanted.region),
    ]);
  const found = `${wanted.name} is ${facts.status}, ${facts.version} ${facts.platformVersion}`;
  const knows = knowsPodIdentity(facts);
  if (!needsPodIdentity(subject) || knows === true) return pass(found);
  if (knows === undefined)
    return fail('unknown', `${found}: podlift does not know this version`, [
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
          : 'EKS raises the platform version by itself. An upgrade of the cluster does it at once.',
      ),
    ],
  );
}

function context(
  { environment, cluster: wanted }: WorkloadOnCluster,
  issuer: string,
  facts: ClusterFacts,
): CheckResult {
  const { key, name, region } = wanted;
  const [mismatch] = compareContext(wanted, issuer, facts);
  if (mismatch === undefined) return pass(`the context leads to ${name}`);
  const { what, wanted: own = '', found = '' } = mismatch;
  if (what === 'missing')
    return fail('problem', `EKS names no issuer of ${name}`, [
      say('Wait until the cluster is ACTIVE, then run the command again.'),
    ]);
  if (what === 'issuer')
    return fail('problem', `the issuer of ${name} is ${own}, and the inventory says ${found}`, [
      say(`Write oidc: { issuer: "${own}" } at cluster ${key} in the inventory.`),
    ]);
  return fail(
    'problem',
    `the context leads to another cluster: its issuer is ${found}, and that of ${name} is ${own}`,
    [
      say(`Let the context lead to ${name}:`),
      aws(
        environment.account,
        ...['eks', 'update-kubeconfig', '--name', name, '--region', region, `--alias=${contextOf(wanted)}`],
      ),
    ],
  );
}
