import type { ServiceAccount } from '../../blueprint/Blueprint';
import type { Cluster } from '../../inventory/Inventory';
import type { Answer } from '../../estate/aws/AwsPort';
import type { AnnotatedAccount } from '../annotationRemedy';
import { annotationRemedy, isMissing, keepsAnnotation } from '../evidence/annotationRemedy';
import { leadsTo } from '../evidence/clusterIdentity';
import { awsPlace, kubectlPlace } from '../evidence/places';
import type { KubernetesPort, ServiceAccountFacts } from '../../estate/kubernetes/KubernetesPort';
import { roleAnnotation } from '../../estate/kubernetes/roleAnnotation';
import type { Ports } from '../../estate/Ports';
import { answered, type Question } from './answered';
import type { Difference, Unlike } from './Difference';
import type { Scope } from './Scope';

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
  const stages = new Map(workloads.map(({ key, stage }) => [key, stage]));
  const places = blueprint.serviceAccounts.flatMap((account): AnnotatedAccount[] => {
    const stage = stages.get(account.workload);
    if (account.cluster !== cluster.key || stage === undefined) return [];
    return [{ environment: environment.key, cluster, account, stage }];
  });
  if (places.length === 0) return [];
  const port = ports.kubernetes(environment.key, cluster);
  const identity = identityOf(scope, ports, port, cluster);
  const found = places.length === 1 ? undefined : port.serviceAccounts();
  return [
    identity,
    ...places.map(async (place) => {
      const { account } = place;
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
        expected: roleAnnotation(account) ?? 'none',
      };
      return answered(question, answer, (facts) => annotationDrift(place, facts));
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

function annotationDrift(place: AnnotatedAccount, facts: ServiceAccountFacts | undefined): readonly Unlike[] {
  const { account } = place;
  const wanted = roleAnnotation(account);
  const found = roleAnnotation(facts);
  if (!isMissing(account, facts) && (found === wanted || keepsAnnotation(account))) return [];
  return [
    {
      kind: 'annotation',
      where: whereOf(account),
      expected: wanted ?? 'none',
      found: facts === undefined ? 'no such service account' : (found ?? 'none'),
      effect: effectOf(facts, wanted, found),
      ...annotationRemedy(place, facts),
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
