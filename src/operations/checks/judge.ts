import { isNoAnswer, type NoAnswer, settle } from '../../estate/ask';
import type { Answer } from '../../estate/aws/AwsPort';
import type { Estate } from '../../estate/Estate';
import { type Places, questionText } from '../../estate/places';
import { answerOf, type Question } from '../../estate/questions';
import type { RemedyStep } from '../../estate/Remedy';
import { compareContext } from '../../comparison/cluster';
import type { Cluster } from '../../inventory/Inventory';
import { aws, kubectl, noAnswerText, say } from '../remedies';
import { type CheckAsk, type Checked, type CheckResult, partsOf } from './Check';

/** What stands as `of` where the inventory itself answers. */
export const INVENTORY = 'inventory';

/** A result with the question that decided it. */
export interface Judged extends CheckResult {
  /** The question that has no answer, and why, for those who say once what many results have in common. */
  readonly noAnswer?: NoAnswer;
  /** The question: `eks:DescribeAddon eks-pod-identity-agent`, `get pods -n shop`, or a path of the inventory. */
  readonly asked: string;
  /** Who was asked: `apps-prod (333333333333) us-west-2`, `kubectl --context prod-main`, `inventory`. */
  readonly of: string;
}

/**
 * Takes a check to its end with the answers of an Estate. A question without an answer is a result of its own, `unknown`. `path` is that of the
 * inventory where no question is asked: `workloads.orders-api.sdk`. `cluster`: the one that the check is about.
 */
export function judge(
  checked: Checked,
  path: string,
  estate: Estate,
  places: Places,
  cluster: Cluster | undefined,
): readonly Judged[] {
  const answer = cluster === undefined ? undefined : ofOwnCluster(estate, cluster);
  const settled = (part: CheckAsk): readonly Judged[] => {
    const { value, questions } = settle<Checked | NoAnswer>(part, estate, answer);
    if (isNoAnswer(value)) return [unanswered(value, places)];
    const [first] = questions;
    if (first === undefined) throw new Error('an ask without questions');
    const { of } = questionText(first, places);
    const same = questions.map((question) => questionText(question, places)).filter((one) => one.of === of);
    const asked = [...new Set(same.map((one) => one.asked))].join(', ');
    return all(value, { asked, of, inspect: inspectCommand(first, places) });
  };
  const all = (parts: Checked, of: Pick<Judged, 'asked' | 'of' | 'inspect'>): readonly Judged[] =>
    partsOf(parts).flatMap((part) => ('questions' in part ? settled(part) : [{ ...of, ...part }]));
  return all(checked, { asked: path, of: INVENTORY });
}

function unanswered(noAnswer: NoAnswer, places: Places): Judged {
  const { noAnswer: question, answer } = noAnswer;
  return {
    state: 'unknown',
    ...noAnswerText(noAnswer, places),
    reason: answer.why,
    noAnswer,
    ...questionText(question, places),
    inspect: inspectCommand(question, places),
  };
}

/** The command by which a person reads what a question reads. */
function inspectCommand(question: Question, { accounts, clusters }: Places): RemedyStep {
  if ('account' in question) {
    const iam = aws(accounts.get(question.account)?.account ?? { key: question.account, id: question.account });
    switch (question.ask) {
      case 'role':
        return iam`iam get-role --role-name ${question.name}`;
      case 'roles':
        return iam`iam get-account-authorization-details --filter Role`;
      case 'rolePolicies':
        return iam`iam list-attached-role-policies --role-name ${question.name}`;
      case 'managedPolicy':
        return iam`iam get-policy --policy-arn ${question.arn}`;
      case 'oidcProvider':
        return iam`iam get-open-id-connect-provider --open-id-connect-provider-arn ${question.arn}`;
      case 'lastAccessed':
        return iam`iam generate-service-last-accessed-details --arn ${question.arn} --granularity ACTION_LEVEL`;
      case 'analyzers':
        return iam`accessanalyzer list-analyzers --region ${question.region}`;
      case 'unusedFindings':
        return iam`accessanalyzer list-findings-v2 --analyzer-arn ${question.analyzer} --region ${question.region}`;
      case 'events':
        return iam`cloudtrail lookup-events --region ${question.region}
          --lookup-attributes AttributeKey=EventName,AttributeValue=${question.name}`;
      case 'roleEvents':
        return iam`cloudtrail lookup-events --region ${question.region}
          --lookup-attributes AttributeKey=ResourceName,AttributeValue=${question.arn}`;
    }
  }
  const place = clusters.get(question.cluster);
  if (place === undefined) return say(`Inspect ${question.cluster}.`);
  const { account, cluster } = place;
  const { name, region } = cluster;
  const eks = aws(account);
  const all = kubectl(cluster);
  switch (question.ask) {
    case 'cluster':
      return eks`eks describe-cluster --name ${name} --region ${region}`;
    case 'addon':
      return eks`eks describe-addon --cluster-name ${name} --addon-name ${question.name} --region ${region}`;
    case 'addons':
      return eks`eks list-addons --cluster-name ${name} --region ${region}`;
    case 'nodeGroups':
      return eks`eks list-nodegroups --cluster-name ${name} --region ${region}`;
    case 'association':
      return eks`eks list-pod-identity-associations --cluster-name ${name} --namespace ${question.namespace}
        --service-account ${question.serviceAccount} --region ${region}`;
    case 'associations':
      return eks`eks list-pod-identity-associations --cluster-name ${name} --region ${region}`;
    case 'issuer':
      // Shows where the context leads. `get --raw` leaves out the path of a server behind a proxy.
      return all`config view --minify`;
    case 'serviceAccount':
      return kubectl(cluster, question.namespace)`get serviceaccount ${question.name} -o yaml`;
    case 'serviceAccounts':
      return all`get serviceaccounts -A`;
    case 'pods':
      return kubectl(cluster, question.namespace)`get pods -o wide`;
    case 'allPods':
      return all`get pods -A -o wide`;
    case 'templates':
      return kubectl(cluster, question.namespace)`get deployments,statefulsets,daemonsets,jobs,cronjobs -o yaml`;
    case 'allTemplates':
      return all`get deployments,statefulsets,daemonsets,jobs,cronjobs -A -o yaml`;
    case 'admission':
      return kubectl(cluster, question.namespace)`get serviceaccount ${question.serviceAccount} -o yaml`;
    case 'configMap':
      return kubectl(cluster, question.namespace)`get configmap ${question.name} -o yaml`;
    case 'secret':
      return kubectl(cluster, question.namespace)`get secret ${question.name}`;
    case 'nodes':
      return all`get nodes --show-labels`;
    case 'apiGroups':
      return all`api-versions`;
    case 'customObjects':
    case 'enginePolicies':
      return all`get ${question.resource} -A -o yaml`;
    case 'networkPolicies':
      return kubectl(cluster, question.namespace)`get networkpolicies -o yaml`;
  }
}

/** Questions that the API server of the context answers. */
const OF_API_SERVER: ReadonlySet<Question['ask']> = new Set([
  'serviceAccount',
  'serviceAccounts',
  'pods',
  'allPods',
  'templates',
  'allTemplates',
  'admission',
  'configMap',
  'secret',
  'nodes',
  'networkPolicies',
  'apiGroups',
  'customObjects',
  'enginePolicies',
] as const);

/**
 * The answers of an Estate without those of a cluster that is not known to be the one that is meant: the check `cluster` says why, and nothing is
 * concluded from what another cluster shows. A context that answers and only keeps its issuer to itself (`denied`) counts as the right one.
 */
function ofOwnCluster(estate: Estate, cluster: Cluster): (question: Question) => Answer<unknown> {
  const doubt = doubtOf(estate, cluster);
  return (question) =>
    doubt !== undefined && OF_API_SERVER.has(question.ask)
      ? { ok: false, why: 'not-judged', message: doubt }
      : answerOf(estate, question);
}

/** Why the context may lead to another cluster; nothing where it leads to the right one. */
function doubtOf(estate: Estate, cluster: Cluster): string | undefined {
  const issuer = answerOf(estate, { ask: 'issuer', cluster: cluster.arn });
  if (!issuer.ok)
    return issuer.why === 'denied' ? undefined : 'podlift could not verify the cluster of the kubeconfig context';
  const facts = answerOf(estate, { ask: 'cluster', cluster: cluster.arn });
  const own = (facts.ok ? facts.value?.issuer : undefined) ?? cluster.oidc?.issuer;
  if (own === undefined) return 'podlift could not verify that the kubeconfig context leads to this cluster';
  const [mismatch] = compareContext({}, issuer.value, { issuer: own });
  return mismatch === undefined ? undefined : 'the kubeconfig context leads to another cluster';
}
