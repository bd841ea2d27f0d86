import { AGENT_ADDON } from '../../blueprint/agents';
import { cannotMove, computeOf, stuckPods } from '../../comparison/nodes';
import { obstacleOn } from '../../comparison/scheduling';
import { need } from '../../estate/ask';
import type { NodeFacts, PodFacts, TemplateFacts } from '../../estate/kubernetes/KubernetesPort';
import type { RemedyStep } from '../../estate/Remedy';
import { compareVersions } from '../../inventory/aws/addonVersions';
import { kubectl, named, run } from '../remedies';
import {
  type Checked,
  type CheckFunction,
  type CheckResult,
  fail,
  needsPodIdentity,
  pass,
  problem,
  type WorkloadOnCluster,
} from './Check';
import { inspectTemplate, ownPods, ownTemplates, ownerText, podsRun } from './pods';

/**
 * The pods are on nodes where the agent can run, wherever they need it; on IRSA any node will do. An association is for a service account, so that
 * one pod on Fargate or Windows is enough to fail, and one pod template that selects such nodes.
 */
export const compute: CheckFunction = (subject) => {
  const { workload, next, questions } = subject;
  if (next !== undefined && cannotMove(workload.compute))
    return problem(
      `the inventory has compute: ${workload.compute}, where no agent can run`,
      stay(subject, workload.compute),
    );
  return need([questions.pods, questions.templates, questions.nodes], (allPods, allTemplates, nodes): Checked => {
    const pods = ownPods(subject, allPods);
    const templates = ownTemplates(subject, allTemplates);
    return [judge(subject, pods, templates, nodes), ...[hybrid(subject, pods, templates, nodes) ?? []].flat()];
  });
};

function judge(
  subject: WorkloadOnCluster,
  pods: readonly PodFacts[],
  templates: readonly TemplateFacts[],
  nodes: readonly NodeFacts[],
): CheckResult {
  const { workload, cluster, serviceAccount, row, next } = subject;
  const stuck = stuckPods(pods, nodes);
  const [first] = stuck;
  const owners = new Set(stuck.flatMap(({ pod: { owner } }) => (owner === undefined ? [] : ownerText(owner))));
  const selecting = templates
    .map((template) => ({ template, on: selectedCompute(template, nodes) }))
    .filter(({ template, on }) => cannotMove(on) && !owners.has(ownerText(template)));
  const [selected] = selecting;
  const on = first?.compute ?? selected?.on;
  if (on === undefined) {
    const names = new Set(nodes.map(({ name }) => name));
    const lost = pods.filter(({ node }) => node !== undefined && !names.has(node));
    if (next === undefined || lost.length === 0)
      return pass(
        pods.length === 0
          ? `no pod runs now; the inventory has compute: ${workload.compute}`
          : `${podsRun(pods.length)}, none on Fargate or Windows`,
      );
    return fail(
      'unknown',
      `the nodes of ${named(lost.map(({ name }) => name))} are gone`,
      'Run the command again in a minute, when the cluster has settled.',
    );
  }
  if (next === undefined && row.newPodUses === 'irsa' && !row.association)
    return pass(
      first === undefined
        ? `${selecting.map(({ template }) => ownerText(template)).join(', ')} selects nodes with ${on}: IRSA works there`
        : `${podsRun(pods.length)}, ${stuck.length} of them on ${on}: IRSA works there`,
    );
  const places = [
    ...stuck.map(({ pod, compute: where }) => `${pod.name} on ${where}`),
    ...selecting.map(({ template, on: where }) => `${ownerText(template)} selects ${where ?? ''}`),
  ];
  const show =
    first === undefined && selected !== undefined
      ? inspectTemplate(cluster, selected.template)
      : kubectl(cluster, serviceAccount.namespace)`get pods -o wide`;
  return problem(`${named(places)}: no agent can run there`, [...stay(subject, on), show], {
    pods: stuck.map(({ pod }) => pod.name),
    ...(first === undefined && { inspect: show }),
  });
}

const OS = 'kubernetes.io/os';
const COMPUTE_TYPE = 'eks.amazonaws.com/compute-type';

/**
 * The compute that the labels of a pod template select: `windows`, `fargate`, `hybrid`, …; nothing where they leave a choice. Nodes of another label
 * count where the cluster has some, and all are of one compute. Which pods go to Fargate is set by profiles, which labels do not show.
 */
function selectedCompute(template: TemplateFacts, nodes: readonly NodeFacts[]): string | undefined {
  const labels = (key: string): ReadonlySet<string> | undefined => {
    const own = template.nodeSelector[key];
    if (own !== undefined) return new Set([own]);
    const terms = (template.nodeAffinity ?? []).map((term) =>
      term.find((one) => one.key === key && one.operator === 'In'),
    );
    if (terms.length === 0 || terms.includes(undefined)) return undefined;
    return new Set(terms.flatMap((one) => one?.values ?? []));
  };
  const only = (key: string) => {
    const [value, ...others] = labels(key) ?? [];
    return others.length === 0 ? value : undefined;
  };
  if (only(OS) === 'windows') return 'windows';
  const type = only(COMPUTE_TYPE);
  if (type !== undefined) return type;
  const selects = Object.keys(template.nodeSelector).length > 0 || template.nodeAffinity !== undefined;
  if (!selects) return undefined;
  const [first, ...more] = new Set(nodes.filter((node) => obstacleOn(template, node) === undefined).map(computeOf));
  return more.length === 0 ? first : undefined;
}

/** What to do with pods where no agent can run. From `dual` on, an entry at `irsa` would take the association from pods that use it: the wave goes back first. */
function stay({ workload, environment, row }: WorkloadOnCluster, on: string): readonly (string | RemedyStep)[] {
  const move = 'Move its pods to Linux nodes (Fargate profile, nodeSelector kubernetes.io/os: linux).';
  const keep = `in workloads.${workload.key}, replace wave by stage: irsa and because: runs on ${on}.`;
  if (!row.association || workload.wave === undefined) return [`${move} Or keep the workload on IRSA: ${keep}`];
  return [
    `${move} Or keep the workload on IRSA. First take its wave back, step by step, with the restarts that each step prints:`,
    run`npx podlift rollback ${workload.wave} --environment ${environment.key} --to irsa`,
    `At irsa, ${keep}`,
  ];
}

/**
 * The first versions of the add-on with an agent for hybrid nodes, and for those with Bottlerocket.
 * Source: https://docs.aws.amazon.com/eks/latest/userguide/hybrid-nodes-add-ons.html
 */
const HYBRID_AGENT = 'v1.3.3-eksbuild.1';
const BOTTLEROCKET_AGENT = 'v1.3.7-eksbuild.2';

/** The version of the agent's add-on, where pods need it on hybrid nodes; the version that the inventory installs, where there is no add-on yet. */
function hybrid(
  subject: WorkloadOnCluster,
  pods: readonly PodFacts[],
  templates: readonly TemplateFacts[],
  nodes: readonly NodeFacts[],
): Checked {
  if (!needsPodIdentity(subject)) return undefined;
  const { cluster } = subject;
  const used = nodes.filter((node) => computeOf(node) === 'hybrid' && pods.some((pod) => pod.node === node.name));
  const selecting = templates.filter((template) => selectedCompute(template, nodes) === 'hybrid');
  if (used.length === 0 && selecting.length === 0) return undefined;
  const bottlerocket = used.some(({ labels = {} }) =>
    Object.keys(labels).some((key) => key.startsWith('os.bottlerocket.aws/')),
  );
  const first = bottlerocket ? BOTTLEROCKET_AGENT : HYBRID_AGENT;
  const who = used.length > 0 ? named(used.map(({ name }) => name)) : named(selecting.map(ownerText));
  return need([{ ask: 'addon', cluster: cluster.arn, name: AGENT_ADDON }], (addon): Checked => {
    const version = addon?.version ?? cluster.agent?.version;
    if (version === undefined) return undefined;
    if (compareVersions(version, first) >= 0) return pass(`the agent ${version} runs on hybrid nodes (${who})`);
    return problem(
      `the agent ${version} does not run on hybrid nodes (${who}): the first version that does is ${first}`,
      `Write agent: { version: ${first} } or a later version into cluster ${cluster.key} of the inventory, then apply.`,
    );
  });
}
