import { identityStackName, serviceAccountsStackName } from '../../inventory/stackNames';
import type { ServiceAccount } from '../../blueprint/Blueprint';
import type { Cluster } from '../../inventory/Inventory';
import type { Answer } from '../aws/AwsPort';
import { annotateCommand, annotationRemedy, isManaged, ROLE_ANNOTATION } from '../evidence/annotationRemedy';
import { leadsTo } from '../evidence/clusterIdentity';
import { awsPlace, kubectlPlace } from '../evidence/places';
import { shellWord } from '../evidence/shellWord';
import type { KubernetesPort, ServiceAccountFacts } from '../kubernetes/KubernetesPort';
import type { Ports } from '../Ports';
import { answered, type Question } from './answered';
import type { Difference, Remedy, Unlike } from './Difference';
import { applied, type Scope } from './Scope';

/**
 * Asks a cluster for the service accounts of the workloads, whoever manages them: a stage needs its annotation. A cluster is first asked who
 * it is; another one that the context leads to says nothing about this one. Of several accounts all of the cluster are asked for at once.
 */
export function askAnnotations(
  scope: Scope,
  ports: Ports,
  cluster: Cluster,
): readonly Promise<readonly Difference[]>[] {
  const { environment, blueprint, workloads } = scope;
  const keys = new Set(workloads.map(({ key }) => key));
  const accounts = blueprint.serviceAccounts.filter((one) => one.cluster === cluster.key && keys.has(one.workload));
  if (accounts.length === 0) return [];
  const port = ports.kubernetes(environment.key, cluster);
  const identity = identityOf(scope, ports, port, cluster);
  const found = accounts.length === 1 ? undefined : port.serviceAccounts();
  return [
    identity,
    ...accounts.map(async (account) => {
      if ((await identity).length > 0) return [];
      const { namespace, name } = account;
      const answer = await (found === undefined
        ? port.serviceAccount(namespace, name)
        : found.then((all) => accountIn(all, account)));
      const question: Question = {
        kind: 'annotation',
        environment: environment.key,
        workload: account.workload,
        cluster: cluster.key,
        where: whereOf(account),
        asked: found === undefined ? `get serviceaccount ${name} -n ${namespace}` : 'get serviceaccounts -A',
        of: kubectlPlace(cluster),
        expected: account.annotations[ROLE_ANNOTATION] ?? 'none',
      };
      return answered(question, answer, (facts) => annotationDrift(environment.key, cluster, account, facts));
    }),
  ];
}

async function identityOf(
  { environment }: Scope,
  ports: Ports,
  port: KubernetesPort,
  cluster: Cluster,
): Promise<readonly Difference[]> {
  const question: Question = {
    kind: 'annotation',
    environment: environment.key,
    cluster: cluster.key,
    where: `every service account on ${cluster.name}`,
    asked: 'get --raw /.well-known/openid-configuration',
    of: kubectlPlace(cluster),
    expected: `the context leads to ${cluster.name}`,
  };
  const [issuer, facts] = await Promise.all([
    port.issuer(),
    ports.aws(environment.account, cluster.region).describeCluster(cluster.name),
  ]);
  if (!facts.ok) {
    const asked = `eks:DescribeCluster ${cluster.name}`;
    return answered({ ...question, asked, of: awsPlace(environment.account, cluster.region) }, facts, () => []);
  }
  if (!issuer.ok) return answered(question, issuer, () => []);
  const { holds, found, remedy = '' } = leadsTo(cluster, issuer.value, facts.value);
  return holds === 'yes' ? [] : [{ ...question, holds: 'unknown', found, remedy }];
}

function accountIn(
  all: Answer<readonly ServiceAccountFacts[]>,
  { namespace, name }: ServiceAccount,
): Answer<ServiceAccountFacts | undefined> {
  if (!all.ok) return all;
  return { ok: true, value: all.value.find((one) => one.namespace === namespace && one.name === name) };
}

function whereOf({ namespace, name, clusterName }: ServiceAccount): string {
  return `${namespace}/${name} on ${clusterName}`;
}

function annotationDrift(
  environment: string,
  cluster: Cluster,
  account: ServiceAccount,
  facts: ServiceAccountFacts | undefined,
): readonly Unlike[] {
  const wanted = account.annotations[ROLE_ANNOTATION];
  const found = facts?.annotations[ROLE_ANNOTATION];
  const made = isManaged(account) && account.manage === 'create';
  const there = facts !== undefined || (wanted === undefined && !made);
  // An add-on keeps its annotation when its workload has left IRSA: its association goes first.
  const asIs = found === wanted || (account.addon !== undefined && wanted === undefined);
  if (there && asIs) return [];
  return [
    {
      kind: 'annotation',
      where: whereOf(account),
      expected: wanted ?? 'none',
      found: facts === undefined ? 'no such service account' : (found ?? 'none'),
      effect: effectOf(facts, wanted, found),
      ...remedyOf(environment, cluster, account, facts),
    },
  ];
}

function effectOf(
  facts: ServiceAccountFacts | undefined,
  wanted: string | undefined,
  found: string | undefined,
): string {
  if (facts === undefined) return 'no pod can run as it';
  if (found === undefined) return 'new pods get no web identity';
  return wanted === undefined
    ? `new pods without an association get web identity for ${found}`
    : `new pods get web identity for ${found} instead`;
}

function remedyOf(
  environment: string,
  cluster: Cluster,
  account: ServiceAccount,
  facts: ServiceAccountFacts | undefined,
): Remedy {
  if (!isManaged(account))
    return {
      remedy: facts === undefined ? madeByHand(cluster, account) : annotationRemedy(environment, cluster, account),
    };
  return applied([
    identityStackName(environment),
    ...(account.addon === undefined ? [serviceAccountsStackName(environment, cluster.key)] : []),
  ]);
}

function madeByHand(cluster: Cluster, account: ServiceAccount): string {
  const { namespace, name, annotations } = account;
  return [
    'Its manifests are not podlift’s: make it where they are kept (GitOps), or by hand:',
    `${kubectlPlace(cluster)} -n ${shellWord(namespace)} create serviceaccount ${shellWord(name)}`,
    ...(annotations[ROLE_ANNOTATION] === undefined ? [] : [annotateCommand(cluster, account)]),
  ].join('\n');
}
