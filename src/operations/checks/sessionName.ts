import { need } from '../../estate/ask';
import { SESSION_NAME_VARIABLE } from '../../estate/schema/kubernetesFacts';
import type { ContainerFacts } from '../../estate/kubernetes/KubernetesPort';
import { listOf } from '../../iam/PolicyDocument';
import { sessionConnections } from '../../iam/sessionConnections';
import { inspectPod, named } from '../remedies';
import {
  type CheckAsk,
  type Checked,
  type CheckFunction,
  type CheckResult,
  fail,
  isBack,
  judgedRow,
  pass,
  type WorkloadOnCluster,
} from './Check';
import { inspectPods, inspectTemplate, ownerText, ownPods, ownTemplates } from './pods';
import { type LiveRole, needPermissions } from './rolePermissions';
import { variableText } from './sdkChain';
import { type FromSources, withSources } from './variableSources';

/**
 * Nothing relies on the name of the pods' session, which EKS chooses on Pod Identity and changes at each refresh: no `AWS_ROLE_SESSION_NAME` in pods and
 * pod templates, and no permission for a service that authenticates a connection by the session. The doctor warns from `prepared` on, and the gate of the
 * step after which pods use Pod Identity: whether the app relies on the name, AWS and the cluster do not show.
 * Source: https://docs.aws.amazon.com/eks/latest/APIReference/API_auth_AssumedRoleUser.html (the name of the session)
 */
export const sessionName: CheckFunction = (subject) => {
  const { row, next } = subject;
  const turns = next !== undefined && row.newPodUses !== judgedRow(subject).newPodUses;
  if (isBack(subject) || (next === undefined ? !row.trustsPodIdentity : !turns)) return [];
  return [ofVariables(subject), ofConnections(subject)];
};

/** The pods and the pod templates that name their sessions. */
function ofVariables(subject: WorkloadOnCluster): CheckAsk {
  const { cluster, questions } = subject;
  return need([questions.pods, questions.templates], (allPods, allTemplates): Checked => {
    const specs = [
      ...ownTemplates(subject, allTemplates).map((template) => ({
        owner: ownerText(template),
        containers: template.containers,
        inspect: inspectTemplate(cluster, template),
        pod: undefined,
      })),
      ...ownPods(subject, allPods).map((pod) => ({
        owner: pod.owner === undefined ? `pod/${pod.name}` : ownerText(pod.owner),
        containers: pod.containers,
        inspect: inspectPod(cluster, pod),
        pod: pod.name,
      })),
    ];
    const containers = specs.flatMap((spec) => spec.containers);
    return withSources(subject, containers, (from): CheckResult | undefined => {
      const found = specs.flatMap(({ owner, inspect, pod, containers: own }) =>
        own.flatMap((container) => {
          const text = variableIn(container, from(container));
          return text === undefined ? [] : [{ text: `${owner} ${container.name}: ${text}`, inspect, pods: pod ?? [] }];
        }),
      );
      const [first] = found;
      if (first !== undefined) {
        const texts = named(new Set(found.map(({ text }) => text)), 3);
        const more = { inspect: first.inspect, pods: [...new Set(found.flatMap(({ pods }) => pods))] };
        return fail(
          'warning',
          `${SESSION_NAME_VARIABLE} has no effect on Pod Identity, where EKS names the session: ${texts}`,
          ADVICE,
          more,
        );
      }
      // The check credential-chain names the objects that could not be read.
      if (containers.some((container) => from(container).unread.length > 0)) return undefined;
      return pass(`no pod and no pod template sets ${SESSION_NAME_VARIABLE}`, inspectPods(subject));
    });
  });
}

const ADVICE = [
  'On Pod Identity the name is eks-CLUSTER-POD-UUID, and new at each refresh. Before the step, change what relies on the name: policies with aws:userid or sts:RoleSessionName, filters on CloudTrail and access logs, and services that authenticate a connection by the session (Amazon MSK). The session tags identify a pod instead: aws:PrincipalTag/kubernetes-namespace, aws:PrincipalTag/kubernetes-service-account.',
  `Remove ${SESSION_NAME_VARIABLE} from the pod template at the stage pod-identity: until then, a step back needs it.`,
];

function variableIn({ namesSession, cleared = [] }: ContainerFacts, { variables }: FromSources): string | undefined {
  if (namesSession === true) return SESSION_NAME_VARIABLE;
  const source = cleared.includes(SESSION_NAME_VARIABLE) ? undefined : variables.get(SESSION_NAME_VARIABLE);
  return source === undefined ? undefined : variableText(SESSION_NAME_VARIABLE, source);
}

/** What the role whose credentials the pods get may connect to: that of the workload, or the target role of the association. */
function ofConnections({ environment, workload, parts }: WorkloadOnCluster): CheckAsk {
  const instead = parts.targetRoles.find(({ via }) => via === 'association');
  const { account, name } = instead ?? { account: environment.account, name: parts.role.name };
  return needPermissions(account, name, (own) => (own === undefined ? undefined : connections(workload.key, own)));
}

function connections(key: string, { role, identity }: LiveRole): CheckResult {
  const found = identity.flatMap((policy) =>
    listOf(policy.document.Statement)
      .flatMap(sessionConnections)
      .map((action) => `${action} (${policy.name})`),
  );
  if (found.length === 0) return pass(`${role.name} has no permission for a service that authenticates a connection`);
  return fail(
    'warning',
    `Amazon MSK closes the connections of the pods at each refresh on Pod Identity, because the session has a new name then: ${named(new Set(found), 3)}`,
    connectionAdvice(key),
  );
}

/** Source: https://github.com/aws/aws-msk-iam-auth (awsRoleArn, awsRoleSessionName), https://github.com/aws/containers-roadmap/issues/2362 */
function connectionAdvice(key: string): readonly string[] {
  return [
    `Give the permissions to a target role too: workloads.${key}.targets, with via: workload. Let the Kafka client assume it under a fixed name (awsRoleArn and awsRoleSessionName of aws-msk-iam-auth). Then remove the permissions from the role of the workload.`,
    'Or test that the client connects again by itself after "Cannot change principals during re-authentication". Or keep the workload at irsa, with because.',
  ];
}
