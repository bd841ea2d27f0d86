import { AUDIENCE_ANNOTATION } from '../comparison/annotation';
import { ROLE_ANNOTATION } from '../blueprint/serviceAccounts';
import type { NoAnswer } from '../estate/ask';
import type { PodFacts } from '../estate/kubernetes/KubernetesPort';
import { contextOf, permissionFor, type Places, questionText } from '../estate/places';
import type { Question } from '../estate/questions';
import type { Remedy, RemedyStep } from '../estate/Remedy';
import { identityStackName, serviceAccountsStackName, targetsStackName } from '../inventory/stackNames';
import type { Account, Cluster, Environment } from '../inventory/Inventory';
import { listed } from '../inventory/suggest';

/** What to do, as it is written in code: a sentence, a command, or several of these in order. */
export type Advice = string | RemedyStep | readonly Advice[];

/** Advice as plain data. */
export function remedyOf(...advice: readonly Advice[]): Remedy {
  return advice.flatMap((one): Remedy =>
    typeof one === 'string' ? [{ say: one }] : 'say' in one || 'run' in one ? [one] : remedyOf(...one),
  );
}

/** Names for a sentence: at most `most` of them, with the number of the others. */
export function named(names: Iterable<string>, most = 5): string {
  const all = [...names];
  return all.length === 0 ? '' : listed(all, most);
}

export function say(text: string): RemedyStep {
  return { say: text };
}

/** A template that is a command: white space in its text separates words. A value never does; a list gives a word for each of its values. */
type CommandTemplate = (text: TemplateStringsArray, ...values: readonly CommandValue[]) => RemedyStep;
type CommandValue = string | readonly string[];

function argvOf(text: TemplateStringsArray, values: readonly CommandValue[]): readonly string[] {
  const marked = text.map((part, index) => (index === 0 ? part : `\0${index - 1}\0${part}`)).join('');
  const words = marked
    .trim()
    .split(/\s+/)
    .map((word) => word.split('\0'));
  // Each second part is the number of a value; a list stands alone, between two empty parts.
  return words.reduce<readonly string[]>((argv, parts) => {
    const filled = parts.map((part, index) => (index % 2 === 0 ? part : (values[Number(part)] ?? '')));
    const list = filled.find((one) => typeof one !== 'string');
    const word = filled.join('');
    const option = argv.at(-1) ?? '';
    // A name such as `-x` would be the next option.
    const isValue = list === undefined && parts[0] === '' && word.startsWith('-') && option.startsWith('--');
    return isValue ? [...argv.slice(0, -1), `${option}=${word}`] : [...argv, ...(list ?? [word])];
  }, []);
}

/** A command that needs no credentials but the operator's own: run`npx podlift gate ${wave}`. */
export const run: CommandTemplate = (text, ...values) => ({ run: argvOf(text, values) });

/** A command of the AWS CLI. podlift itself uses the account's role, a shell does not: the step names whose credentials it needs. */
export function aws(account: Account): CommandTemplate {
  const { readRole = account.deployRole } = account;
  return (text, ...values) => ({
    run: ['aws', ...argvOf(text, values)],
    ...(readRole !== undefined && { account: accountText(account) }),
  });
}

/** `apps-prod (333333333333)`, or the id alone. */
export function accountText({ key, id }: { readonly key?: string; readonly id: string }): string {
  return key === undefined ? id : `${key} (${id})`;
}

/** A command of kubectl in the context of a cluster; in a namespace, where one is given. */
export function kubectl(cluster: Cluster, namespace?: string): CommandTemplate {
  const place = ['--context', contextOf(cluster), ...(namespace === undefined ? [] : ['-n', namespace])];
  return (text, ...values) => ({ run: ['kubectl', ...place, ...argvOf(text, values)] });
}

/** Shows a pod as a list of one: the ClusterRole `podlift-read` of docs/permissions.md has the verb list on pods, and not get. */
export function inspectPod(cluster: Cluster, { namespace, name }: Pick<PodFacts, 'namespace' | 'name'>): RemedyStep {
  return kubectl(cluster, namespace)`get pods --field-selector ${`metadata.name=${name}`} -o yaml`;
}

/** Shows the trust policy of a role. */
export function inspectTrust(account: Account, role: string): RemedyStep {
  return aws(account)`iam get-role --role-name ${role} --query Role.AssumeRolePolicyDocument`;
}

/** Lets a service account's annotation name a role (its ARN), or removes the annotation where there is none. */
export function annotate(
  cluster: Cluster,
  { namespace, name }: { readonly namespace: string; readonly name: string },
  role: string | undefined,
): RemedyStep {
  const change = role === undefined ? [`${ROLE_ANNOTATION}-`] : ['--overwrite', `${ROLE_ANNOTATION}=${role}`];
  return kubectl(cluster, namespace)`annotate serviceaccount ${name} ${change}`;
}

/** Removes the audience that a service account names for the tokens of its pods. */
export function removeAudience(
  cluster: Cluster,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): RemedyStep {
  return kubectl(cluster, namespace)`annotate serviceaccount ${name} ${AUDIENCE_ANNOTATION}-`;
}

/** Deletes an association of a cluster by its id. */
export function deleteAssociation(account: Account, { name, region }: Cluster, id: string): RemedyStep {
  return aws(
    account,
  )`eks delete-pod-identity-association --cluster-name ${name} --association-id ${id} --region ${region}`;
}

/** The sentence before the commands of an apply. */
export const APPLY_STAGE = 'Compare with the plan, then apply the stage that the inventory has:';

/** Shows and applies stacks. cdktf applies a stack only together with those that it depends on: name them too. */
export function applyStacks(stacks: readonly string[], sentence: string = APPLY_STAGE): Remedy {
  return remedyOf(
    sentence,
    stacks.map((stack) => run`npx cdktf plan ${stack}`),
    stacks.length > 0 ? run`npx cdktf apply ${stacks}` : [],
  );
}

/** The stacks whose apply changes what is in the account of an environment, in a target's account, or on a cluster, with those that they depend on. */
export const stacks = {
  identity: ({ key }: Pick<Environment, 'key'>): readonly string[] => [identityStackName(key)],
  target: ({ key, account }: Pick<Environment, 'key' | 'account'>, target: Account): readonly string[] =>
    target.key === account.key ? [identityStackName(key)] : [targetsStackName(key, target.key)],
  serviceAccounts: ({ key }: Pick<Environment, 'key'>, cluster: string): readonly string[] => [
    identityStackName(key),
    serviceAccountsStackName(key, cluster),
  ],
};

const ROLLED_OUT: ReadonlySet<string> = new Set(['Deployment', 'StatefulSet', 'DaemonSet']);

/** Restarts pods, a step for each owner. Pods that are ending need none. */
export function restartPods(cluster: Cluster, pods: readonly PodFacts[]): Remedy {
  const steps = pods.filter(({ ending }) => !ending).map((pod) => restartOf(cluster, pod));
  return [...new Map(steps.map((step) => [JSON.stringify(step), step])).values()];
}

function restartOf(cluster: Cluster, { namespace, name, owner }: PodFacts): RemedyStep {
  if (owner === undefined) return say(`Pod ${namespace}/${name} was created by hand: delete it and create it again.`);
  switch (restartWay(owner)) {
    case 'rollout':
      return kubectl(cluster, namespace)`rollout restart ${owner.kind.toLowerCase()}/${owner.name}`;
    case 'by hand':
      return say(
        `Job ${namespace}/${owner.name}: wait until it ends, or delete it. A CronJob creates the next Job by itself; create any other Job again.`,
      );
    case 'delete':
      return kubectl(cluster, namespace)`delete pod ${name}`;
  }
}

/**
 * How the pods of an owner are restarted. Whatever is neither rolled out nor a Job (a bare ReplicaSet, an operator's own kind) creates a new pod for a deleted one; nobody creates
 * a pod without an owner again.
 */
export function restartWay(owner: PodFacts['owner']): 'rollout' | 'delete' | 'by hand' {
  if (owner === undefined || owner.kind === 'Job') return 'by hand';
  return ROLLED_OUT.has(owner.kind) ? 'rollout' : 'delete';
}

/** Why a question has no value. */
export type Reason = NoAnswer['answer']['why'];

const NEXT: Readonly<Record<Reason, (permissions: string, of: string) => string>> = {
  denied: (permissions, of) =>
    `For ${of}, log in with credentials that allow ${permissions}. Then run the command again.`,
  throttled: () => 'podlift retried with back-off. Run the command again in a minute.',
  unreachable: (_, of) => `Check the network to ${of} (VPN, proxy, endpoint), then run the command again.`,
  timeout: () => 'Run the command again. A login that waits for input can be the reason.',
  failed: (_, of) => `Fix this error of ${of}, then run the command again.`,
  'not-asked': () => 'Save the Estate again, with this command and --save-estate FILE.',
  'not-judged': () => 'Fix the check `cluster` first, then run the command again.',
};

const REASON_TEXT: Readonly<Partial<Record<Reason, string>>> = {
  'not-asked': 'not in the Estate',
  'not-judged': 'not checked',
};

/** How to get answers from an account or a cluster (`of`) to questions that had none for the same reason. */
export function answerRemedy(
  reason: Reason,
  questions: readonly Question[],
  of: string,
  fix: Remedy | undefined,
): Remedy {
  const permissions = named(new Set(questions.map(permissionFor)));
  return [say(NEXT[reason](permissions, of)), ...(fix ?? [])];
}

/** Why a question has no answer, for people, and what to do. */
export function noAnswerText(
  { noAnswer, answer: { why, message, fix } }: NoAnswer,
  places: Places,
): { readonly found: string; readonly remedy: Remedy } {
  const { of } = questionText(noAnswer, places);
  const text = REASON_TEXT[why] ?? why;
  return { found: why === 'not-asked' ? text : `${text}: ${message}`, remedy: answerRemedy(why, [noAnswer], of, fix) };
}
