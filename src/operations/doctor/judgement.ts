import { identityStackName } from '../../inventory/stackNames';
import type { Account } from '../../inventory/Inventory';
import type { Answer } from '../../estate/aws/AwsPort';
import { APPLY_STAGE, applyCommands } from '../evidence/applyCommands';
import { unanswered } from '../evidence/evidenceOf';
import { inspectPod } from '../evidence/inspectPod';
import { awsPlace, kubectlPlace } from '../evidence/places';
import { shellWord } from '../../estate/shellWord';
import type { PodFacts } from '../../estate/kubernetes/KubernetesPort';
import type { Judgement, State } from './DoctorFinding';
import { isNotJudged } from './ownCluster';
import type { Patient } from './Patient';

/** Whom a check asks, and the command by which a person sees the same. */
export interface Look {
  readonly of: string;
  readonly shows: string;
}

/** All is well. */
export function well(look: Look, found: string): Judgement {
  return { state: 'ok', found, ...look };
}

/** Something is found, with what to do. `pods` are those that it is about. */
export function ill(
  look: Look,
  state: Exclude<State, 'ok'>,
  found: string,
  mends: string,
  pods: readonly string[] = [],
): Judgement {
  return { state, found, ...look, mends, ...(pods.length > 0 ? { pods } : {}) };
}

/** A question without an answer. `asked` is what is asked for: a permission of AWS (`iam:GetRole`), or a kubectl verb. */
export function unknown(look: Look, asked: string, answer: Answer<unknown> & { readonly ok: false }): Judgement {
  if (isNotJudged(answer))
    return ill(look, 'unknown', answer.message, 'Mend what `cluster` says first, then ask again.');
  const { found, remedy = '' } = unanswered({ asked, of: look.of }, answer);
  return ill(look, 'unknown', found, remedy);
}

/** A command to the EKS API of the patient's cluster. */
export function eksLook({ environment, cluster }: Patient, command: string): Look {
  return {
    of: awsPlace(environment.account, cluster.region),
    shows: `aws eks ${command} --region ${cluster.region}`,
  };
}

/** A command to IAM in an account. */
export function iamLook({ environment }: Patient, command: string, account: Account = environment.account): Look {
  return { of: awsPlace(account, environment.region), shows: `aws iam ${command}` };
}

/** A command to the patient's cluster; in a namespace, where one is given. */
export function kubectlLook({ cluster }: Patient, command: string, namespace?: string): Look {
  const place = kubectlPlace(cluster);
  return { of: place, shows: `${place}${namespace === undefined ? '' : ` -n ${shellWord(namespace)}`} ${command}` };
}

/** The command that shows a pod of the patient's cluster. */
export function podLook({ cluster }: Patient, pod: Pick<PodFacts, 'namespace' | 'name'>): Look {
  return { of: kubectlPlace(cluster), shows: inspectPod(cluster, pod) };
}

/** The commands that make AWS into what the inventory says: of the identity stack, or of those that are given. */
export function applyStage({ environment, mustNotApply }: Patient, stacks: readonly string[] = []): string {
  if (mustNotApply !== undefined) return mustNotApply;
  const all = stacks.length > 0 ? stacks : [identityStackName(environment.key)];
  return [APPLY_STAGE, ...applyCommands(all)].join('\n');
}
