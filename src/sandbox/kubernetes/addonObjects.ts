import { createHash } from 'node:crypto';
import { parse } from 'yaml';
import type { SandboxState } from '../api/SandboxState';
import { AGENT } from '../../inventory/aws/knownAddons';
import { type AddonObjects, catalogueObjects } from '../eks/addonCatalogue';
import type { AddonState, ClusterState } from '../world/World';
import { KubeError } from './KubeError';
import type { KubeObject } from './KubeObject';
import type { Writer } from './fields/fieldOwners';
import { applyConfig } from './fields/managedFields';
import { isJson, type Json, omit, textsAt } from './json';
import { deleteObject, deletionOf } from './deleteObject';
import { applyAs, findObject, type NewObject, removeObject, replaceAs } from './objects';
import { serviceAccountOf } from './serviceAccounts';

const ROLE_ARN = 'eks.amazonaws.com/role-arn';

/** The field manager of EKS for its add-ons. Source: https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-field-management.html */
const MANAGER = 'eks';

/** The annotation of an add-on's workload with the state of the add-on that it was created for. */
const REVISION = 'eks.amazonaws.com/addon-revision';
const RESTARTED = 'kubectl.kubernetes.io/restartedAt';

/** The namespace of an add-on's objects. */
export function namespaceOf({ name, namespace }: Pick<AddonState, 'name' | 'namespace'>): string {
  return namespace ?? catalogueObjects(name)?.namespace ?? 'kube-system';
}

function pluralOfWorkload({ workload }: AddonObjects): string {
  return workload.kind === 'Deployment' ? 'deployments' : 'daemonsets';
}

function revisionOf({ version, restartedAt = '', configurationValues = '' }: AddonState): string {
  const hash = createHash('sha256').update(configurationValues).digest('hex').slice(0, 8);
  return [version, restartedAt, configurationValues === '' ? '' : hash].filter((part) => part !== '').join(' ');
}

function workloadOf(cluster: ClusterState, addon: AddonState, parts: AddonObjects): NewObject {
  const { workload } = parts;
  const namespace = namespaceOf(addon);
  const { kind, name, serviceAccount, image, args, hostPorts } = workload;
  const labels = { 'app.kubernetes.io/name': addon.name, 'app.kubernetes.io/instance': addon.name };
  const container = {
    name,
    image: `${image}:${addon.version}`,
    ...(args === undefined ? {} : { args: [...args, '--cluster-name', cluster.name] }),
    ...(hostPorts === undefined
      ? {}
      : { ports: hostPorts.map((port) => ({ containerPort: port, hostPort: port, protocol: 'TCP' })) }),
  };
  const annotations = addon.restartedAt === undefined ? {} : { annotations: { [RESTARTED]: addon.restartedAt } };
  const spec = {
    serviceAccountName: serviceAccount,
    ...(hostPorts === undefined ? {} : { hostNetwork: true }),
    ...(addon.name === AGENT ? agentScheduling(addon) : {}),
    containers: [container],
  };
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name, namespace, labels, annotations: { [REVISION]: revisionOf(addon) } },
    spec: {
      ...(kind === 'Deployment' ? { replicas: 2 } : {}),
      selector: { matchLabels: labels },
      template: { metadata: { labels, ...annotations }, spec },
    },
  };
}

/** The labels of the nodes for the agent. Source: aws/eks-pod-identity-agent, charts/eks-pod-identity-agent/values.yaml (`affinity`) */
const AGENT_NODES = [
  { key: 'kubernetes.io/os', operator: 'In', values: ['linux'] },
  { key: 'kubernetes.io/arch', operator: 'In', values: ['amd64', 'arm64'] },
  { key: 'eks.amazonaws.com/compute-type', operator: 'NotIn', values: ['fargate', 'auto'] },
];

/**
 * What decides about the nodes of the agent: the configuration of the add-on, else the defaults of its chart. The sandbox has one DaemonSet for all nodes; EKS
 * has another one for hybrid nodes. Source: the same file
 */
function agentScheduling({ configurationValues = '{}' }: AddonState): Json {
  const values: unknown = parse(configurationValues);
  const { affinity, nodeSelector, tolerations } = isJson(values) ? values : {};
  const required = { nodeSelectorTerms: [{ matchExpressions: AGENT_NODES }] };
  return {
    affinity: affinity ?? { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } },
    ...(nodeSelector === undefined ? {} : { nodeSelector }),
    tolerations: tolerations ?? [{ operator: 'Exists' }],
  };
}

function isMadeByAddon({ metadata }: KubeObject): boolean {
  return metadata.name === AGENT || textsAt(metadata, 'annotations')[REVISION] !== undefined;
}

/** Updates the objects of an add-on to its version and its last restart. A workload that somebody else created with that name stays. */
export function reconcileAddon(cluster: ClusterState, addon: AddonState, time: Date): void {
  const parts = catalogueObjects(addon.name);
  if (parts === undefined || addon.conflict !== undefined) return;
  const { serviceAccounts, workload } = parts;
  const namespace = namespaceOf(addon);
  for (const name of [...serviceAccounts, workload.serviceAccount]) serviceAccountOf(cluster, namespace, name, time);
  const plural = pluralOfWorkload(parts);
  const found = findObject(cluster, plural, namespace, workload.name);
  const isOld = found === undefined || textsAt(found.metadata, 'annotations')[REVISION] !== revisionOf(addon);
  if (!isOld || (found !== undefined && !isMadeByAddon(found))) return;
  applyAs(cluster, plural, workloadOf(cluster, addon, parts), { manager: MANAGER, time });
}

const CONFLICTS = 'Conflicts found when trying to apply. Will not continue due to resolve conflicts mode. Conflicts:';

/**
 * Takes over a workload that is there under the add-on's name, before EKS applies the add-on. OVERWRITE changes the fields of other owners, PRESERVE
 * keeps the workload as it is. With NONE a field that another owner set to another value stops the change: the result is the text of the conflict.
 * Sources: https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-field-management.html; text: eksctl-io/eksctl #5880,
 * terraform-aws-modules/terraform-aws-eks #2829. EKS compares all objects of an add-on; the sandbox has its workload.
 */
export function takeWorkload(cluster: ClusterState, addon: AddonState, mode: string, time: Date): string | undefined {
  const parts = catalogueObjects(addon.name);
  if (parts === undefined) return undefined;
  const plural = pluralOfWorkload(parts);
  const { kind, name } = parts.workload;
  const found = findObject(cluster, plural, namespaceOf(addon), name);
  if (found === undefined) return undefined;
  const config = workloadOf(cluster, addon, parts);
  const writer = { manager: MANAGER, time };
  const fields = mode === 'OVERWRITE' ? [] : conflictingFields(found, config, writer);
  if (fields.length === 0) {
    applyAs(cluster, plural, config, writer);
    return undefined;
  }
  if (mode === 'NONE') return [CONFLICTS, ...fields.map((field) => `${kind}.apps ${name} - ${field}`)].join('\n');
  const annotations = { ...textsAt(found.metadata, 'annotations'), [REVISION]: revisionOf(addon) };
  replaceAs(cluster, plural, { ...found, metadata: { ...found.metadata, annotations } }, writer);
  return undefined;
}

/** The fields of a config that other owners of the object set to another value. */
function conflictingFields(found: KubeObject, config: NewObject, writer: Writer): readonly string[] {
  try {
    applyConfig(found, config, writer, false);
    return [];
  } catch (error) {
    if (!(error instanceof KubeError) || error.reason !== 'Conflict') throw error;
    const fields = (error.details.causes as readonly { readonly field: string }[]).map(({ field }) => field);
    // The sandbox's own marks.
    return fields.filter((field) => !field.includes(REVISION) && !field.includes(RESTARTED));
  }
}

/** Removes the objects of an add-on, also its service accounts. With `preserve` they stay and do not belong to the add-on any more. */
export function removeAddonObjects(
  state: SandboxState,
  cluster: ClusterState,
  addon: AddonState,
  preserve: boolean,
): void {
  const time = state.clock();
  const parts = catalogueObjects(addon.name);
  if (parts === undefined) return;
  const { serviceAccounts, workload } = parts;
  const namespace = namespaceOf(addon);
  const plural = pluralOfWorkload(parts);
  const found = findObject(cluster, plural, namespace, workload.name);
  if (found !== undefined && isMadeByAddon(found)) {
    const annotations = omit(textsAt(found.metadata, 'annotations'), REVISION);
    if (preserve)
      replaceAs(
        cluster,
        plural,
        { ...found, metadata: { ...found.metadata, annotations } },
        { manager: MANAGER, time },
      );
    else deleteObject(cluster, plural, found, deletionOf(state));
  }
  if (preserve) return;
  for (const name of new Set([...serviceAccounts, workload.serviceAccount])) {
    const account = findObject(cluster, 'serviceaccounts', namespace, name);
    if (account !== undefined) removeObject(cluster, 'serviceaccounts', account);
  }
}

/**
 * Writes an add-on's IRSA role into the annotation of its service account, or removes it. An annotation that a person writes stays until the
 * add-on's role changes.
 */
export function annotateServiceAccount(cluster: ClusterState, addon: AddonState, time: Date): void {
  const { serviceAccounts: [name] = [] } = catalogueObjects(addon.name) ?? {};
  if (name === undefined) return;
  const namespace = namespaceOf(addon);
  serviceAccountOf(cluster, namespace, name, time);
  const { serviceAccountRoleArn: role } = addon;
  const annotations = role === undefined ? {} : { annotations: { [ROLE_ARN]: role } };
  const config = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace, ...annotations } };
  applyAs(cluster, 'serviceaccounts', config, { manager: MANAGER, time });
}
