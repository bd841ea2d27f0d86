import {
  type ControllerUse,
  kindsFor,
  neverMoves,
  type ObjectRef,
  oldImages,
  type OwnPods,
  resourcesOf,
  type UsedAccount,
  usesOf,
} from '../../comparison/controllerUse';
import { groupOf } from '../../catalogue/catalogue';
import { type Ask, ask, need, type NoAnswer } from '../../estate/ask';
import type { PodFacts, TemplateFacts } from '../../estate/kubernetes/KubernetesPort';
import type { Question } from '../../estate/questions';
import type { RemedyStep } from '../../estate/Remedy';
import { type Cluster, type Stage, STAGES } from '../../inventory/Inventory';
import { type Advice, kubectl, named, run } from '../remedies';
import {
  type CheckAsk,
  type Checked,
  type CheckFunction,
  type CheckResult,
  fail,
  pass,
  problem,
  type WorkloadOnCluster,
} from './Check';
import { ownPods } from './pods';

/**
 * No controller that podlift knows uses the role of the workload in a way that the next stage ends: by a token for the service account, by the
 * annotation, or by a field of its own that must change with the move. A kind that the cluster does not have is nothing to judge.
 */
export const controllers: CheckFunction = (subject) => {
  const { cluster, parts, questions, workload } = subject;
  const account = (pods: OwnPods): UsedAccount => {
    const { namespace, serviceAccount } = workload;
    return { namespace, name: serviceAccount.name, roleArn: parts.role.arn, pods };
  };
  const templates = { ask: 'templates', cluster: cluster.arn, namespace: workload.namespace } as const;
  return need([questions.pods, templates, { ask: 'apiGroups', cluster: cluster.arn }], (running, all, groups): Checked => {
    const own = podsOf(subject, running, all);
    const kinds = kindsFor({ pods: own }).filter(({ group }) => groups.includes(group));
    const uses = kinds.map((kind): Ask<readonly ControllerUse[] | NoAnswer> => {
      const resources = resourcesOf(kind).filter((resource) => groups.includes(groupOf(resource)));
      return need(
        resources.map((resource): Question => ({ ask: 'customObjects', cluster: cluster.arn, resource })),
        (...lists) => {
          const objects = new Map(resources.map((resource, index) => [resource, lists[index] as never]));
          return usesOf(kind, objects, account(own));
        },
      );
    });
    const old = ofOldImages(subject, own);
    return [...old, ...uses.map((one) => judged(one, subject)), noUse(uses, subject, old.length > 0)];
  });
};

/** The pods of the workload: running ones, and those of templates, also where no pod runs. */
function podsOf(
  subject: WorkloadOnCluster,
  running: readonly PodFacts[],
  templates: readonly TemplateFacts[],
): OwnPods {
  const { name } = subject.workload.serviceAccount;
  return [
    ...ownPods(subject, running),
    ...templates.filter(({ serviceAccount, finished }) => serviceAccount === name && finished !== true),
  ];
}
