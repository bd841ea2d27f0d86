import { oidcProviderArn } from '../../blueprint/arns';
import type { Answer } from '../../estate/aws/AwsPort';
import { askOnce } from '../../estate/askOnce';
import type { Ports } from '../../estate/Ports';
import { askRole } from './askRole';
import { roleAnnotation } from '../../estate/kubernetes/roleAnnotation';
import type { ClusterSurvey, SurveyPlace, SurveyProgress } from './ClusterSurvey';

/**
 * Asks AWS and a cluster for all that `propose` judges: the cluster, its OIDC provider, add-ons and associations, its service accounts,
 * pods and nodes, and each role that an annotation or association names, once. Changes nothing, and throws for nothing that is answered.
 *
 * @param progress called after each answer
 */
export async function survey(
  place: SurveyPlace,
  ports: Ports,
  progress: (progress: SurveyProgress) => void = () => undefined,
): Promise<ClusterSurvey> {
  const { environment, cluster } = place;
  const few = askOnce(ports);
  const aws = few.aws(environment.account, cluster.region);
  const kubernetes = few.kubernetes(environment.key, cluster);
  const { told } = counter(progress);

  const facts = await told('cluster', aws.describeCluster(cluster.name));
  if (!facts.ok || facts.value === undefined) return { ...UNASKED, cluster: facts };
  const { issuer } = facts.value;
  const [contextIssuer, oidcProvider, addons, associations, serviceAccounts, pods, nodes] = await Promise.all([
    told('issuer', kubernetes.issuer()),
    issuer === undefined
      ? NOTHING
      : told('OIDC provider', aws.oidcProvider(oidcProviderArn(environment.partition, environment.account.id, issuer))),
    told('add-ons', aws.addons(cluster.name)),
    told('associations', aws.associations(cluster.name)),
    told('service accounts', kubernetes.serviceAccounts()),
    told('pods', kubernetes.allPods()),
    told('nodes', kubernetes.nodes()),
  ]);
  const named = new Set([
    ...valueOf(serviceAccounts).flatMap((one) => roleAnnotation(one) ?? []),
    ...valueOf(associations).map(({ roleArn }) => roleArn),
  ]);
  const roles = await Promise.all(
    [...named].map(async (arn) => [arn, await told(`role ${arn}`, askRole(place, few, arn))] as const),
  );
  return {
    cluster: facts,
    contextIssuer,
    oidcProvider,
    addons,
    associations,
    serviceAccounts,
    pods,
    nodes,
    roles: Object.fromEntries(roles),
  };
}

/** Counts questions as they are put and answered. */
function counter(progress: (progress: SurveyProgress) => void) {
  let done = 0;
  let total = 0;
  const told = async <T>(what: string, question: Promise<T>): Promise<T> => {
    total += 1;
    const answer = await question;
    done += 1;
    progress({ done, total, what });
    return answer;
  };
  return { told };
}

const NOTHING = Promise.resolve({ ok: true, value: undefined } as const);

/** Of a cluster that is not there, or not known to be, nothing further is asked. */
const NOT_ASKED = { ok: false, why: 'failed', message: 'not asked: the cluster itself was not found' } as const;
const UNASKED = {
  contextIssuer: NOT_ASKED,
  oidcProvider: NOT_ASKED,
  addons: NOT_ASKED,
  associations: NOT_ASKED,
  serviceAccounts: NOT_ASKED,
  pods: NOT_ASKED,
  nodes: NOT_ASKED,
  roles: {},
};

function valueOf<T>(answer: Answer<readonly T[]>): readonly T[] {
  return answer.ok ? answer.value : [];
}
