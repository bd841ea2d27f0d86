import { isNoAnswer, type NoAnswer, settle } from '../../estate/ask';
import type { Answer } from '../../estate/aws/AwsPort';
import type { Estate } from '../../estate/Estate';
import { type Places, questionText } from '../../estate/places';
import { answerOf, type Question } from '../../estate/questions';
import type { RemedyStep } from '../../estate/Remedy';
import { compareContext } from '../../comparison/cluster';
import type { Cluster } from '../../inventory/Inventory';
import { aws, kubectl, noAnswerText, say } from '../remedies';
import type { CheckAsk, Checked, CheckResult } from './Check';

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
 * inventory where no question is asked: `workloads.orders-api.sdk`.
 */
export function judge(
  checked: Checked,
  path: string,
  estate: Estate,
  places: Places,
  answer: (question: Question) => Answer<unknown> = (question) => answerOf(estate, question),
): readonly Judged[] {
  return checked.flatMap((one): readonly Judged[] =>
    'questions' in one ? judgeAsk(one, estate, places, answer) : [{ ...one, asked: path, of: INVENTORY }],
  );
}

function judgeAsk(
  ask: CheckAsk,
  estate: Estate,
  places: Places,
  answer: (question: Question) => Answer<unknown>,
): readonly Judged[] {
  const { value, questions } = settle<Checked | NoAnswer>(ask, estate, answer);
  if (isNoAnswer(value)) return [unanswered(value, places)];
  const [first] = questions;
  if (first === undefined) throw new Error('an ask without questions');
  const { of } = questionText(first, places);
  const same = questions.map((question) => questionText(question, places)).filter((one) => one.of === of);
  const asked = [...new Set(same.map((one) => one.asked))].join(', ');
  const inspect = inspectCommand(first, places);
  return value.flatMap((one): readonly Judged[] =>
    'questions' in one ? judgeAsk(one, estate, places, answer) : [{ inspect, ...one, asked, of }],
  );
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
export function inspectCommand(question: Question, { accounts, clusters }: Places): RemedyStep {
  if ('account' in question) {
    const account = accounts.get(question.account)?.account ?? { key: question.account, id: question.account };
    switch (question.ask) {
      case 'role':
        return aws(account, 'iam', 'get-role', '--role-name', question.name);
      case 'rolePolicies':
        return aws(account, 'iam', 'list-attached-role-policies', '--role-name', question.name);
      case 'managedPolicy':
        return aws(account, 'iam', 'get-policy', '--policy-arn', question.arn);
      case 'oidcProvider':
        return aws(account, ...['iam', 'get-open-id-connect-provider', '--open-id-connect-provider-arn', question.arn]);
      case 'events':
        return aws(
          account,
          ...['cloudtrail', 'lookup-events', '--region', question.region],
          ...['--lookup-attributes', `AttributeKey=EventName,AttributeValue=${question.name}`],
        );
    }
  }
  const place = clusters.get(question.cluster);
  if (place === undefined) return say(`Inspect ${question.cluster}.`);
  const { account, cluster } = place;
  const eks = (command: string, ...argv: readonly string[]) =>
    aws(account, 'eks', command, ...argv, '--region', cluster.region);
  switch (question.ask) {
    case 'cluster':
      return eks('describe-cluster', '--name', cluster.name);
    case 'addon':
      return eks('describe-addon', '--cluster-name', cluster.name, '--addon-name', question.name);
    case 'addons':
      return eks('list-addons', '--cluster-name', cluster.name);
    case 'nodeGroups':
      return eks('list-nodegroups', '--cluster-name', cluster.name);
    case 'association':
      return eks(
        'list-pod-identity-associations',
        ...['--cluster-name', cluster.name, '--namespace', question.namespace],
        ...['--service-account', question.serviceAccount],
      );
    case 'associations':
      return eks('list-pod-identity-associations', '--cluster-name', cluster.name);
    case 'issuer':
      return kubectl(cluster, undefined, 'get', '--raw', '/.well-known/openid-configuration');
    case 'serviceAccount':
      return kubectl(cluster, question.namespace, 'get', 'serviceaccount', question.name, '-o', 'yaml');
    case 'serviceAccounts':
      return kubectl(cluster, undefined, 'get', 'serviceaccounts', '-A');
    case 'pods':
      return kubectl(cluster, question.namespace, 'get', 'pods', '-o', 'wide');
    case 'allPods':
      return kubectl(cluster, undefined, 'get', 'pods', '-A', '-o', 'wide');
    case 'nodes':
      return kubectl(cluster, undefined, 'get', 'nodes', '--show-labels');
    case 'networkPolicies':
      return kubectl(cluster, question.namespace, 'get', 'networkpolicies', '-o', 'yaml');
  }
}

/** Questions that the API server of the context answers. */
const OF_API_SERVER: ReadonlySet<Question['ask']> = new Set([
  'serviceAccount',
  'serviceAccounts',
  'pods',
  'allPods',
  'nodes',
  'networkPolicies',
] as const);

/**
 * The answers of an Estate without those of a cluster that is not known to be the one that is meant: the check `cluster` says why, and nothing is
 * concluded from what another cluster shows. A context that answers and only keeps its issuer to itself (`denied`) counts as the right one.
 */
export function ofOwnCluster(estate: Estate, cluster: Cluster): (question: Question) => Answer<unknown> {
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
