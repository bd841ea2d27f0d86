import type { TemplateFacts } from './KubernetesPort';
import { type PodSpecJson, readPodParts } from './readPod';

/** The parts of a workload's JSON that podlift reads. Source: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/ */
export interface WorkloadJson {
  readonly kind?: string;
  readonly metadata?: {
    readonly namespace?: string;
    readonly name?: string;
    readonly ownerReferences?: readonly { readonly kind: string; readonly controller?: boolean }[];
  };
  readonly spec?: {
    readonly replicas?: number;
    readonly template?: TemplateJson;
    readonly schedule?: string;
    readonly timeZone?: string;
    readonly suspend?: boolean;
    readonly jobTemplate?: { readonly spec?: { readonly template?: TemplateJson } };
  };
  readonly status?: {
    readonly lastScheduleTime?: string;
    readonly lastSuccessfulTime?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

interface TemplateJson {
  readonly metadata?: { readonly labels?: Readonly<Record<string, string>> };
  readonly spec?: PodSpecJson & SchedulingJson;
}

/** Source: https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/ */
interface SchedulingJson {
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly affinity?: {
    readonly nodeAffinity?: {
      readonly requiredDuringSchedulingIgnoredDuringExecution?: {
        readonly nodeSelectorTerms?: readonly { readonly matchExpressions?: readonly RequirementJson[] }[];
      };
    };
  };
  readonly tolerations?: readonly {
    readonly key?: string;
    readonly operator?: string;
    readonly value?: string;
    readonly effect?: string;
  }[];
}

/** A condition on labels. Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#resources-that-support-set-based-requirements */
export interface RequirementJson {
  readonly key: string;
  readonly operator: Requirement['operator'];
  readonly values?: readonly string[];
}

type Requirement = NonNullable<TemplateFacts['nodeAffinity']>[number][number];

/** A condition on labels, as podlift keeps it. */
export function readRequirement({ key, operator, values = [] }: RequirementJson): Requirement {
  return { key, operator, values };
}

/**
 * The pod templates of workloads, as `kubectl get deployments,… -o json` lists them, cut down to what podlift reads. The Jobs of a CronJob are left
 * out: its own template makes the next one.
 */
export function readTemplates(workloads: readonly WorkloadJson[]): TemplateFacts[] {
  return workloads
    .filter(
      ({ kind, metadata: { ownerReferences = [] } = {} }) =>
        kind !== 'Job' || !ownerReferences.some((owner) => owner.kind === 'CronJob' && owner.controller === true),
    )
    .map(readTemplate);
}

const WITH_REPLICAS: ReadonlySet<string> = new Set(['Deployment', 'StatefulSet']);

function readTemplate({ kind = '', metadata = {}, spec = {}, status = {} }: WorkloadJson): TemplateFacts {
  const template = spec.template ?? spec.jobTemplate?.spec?.template ?? {};
  const { nodeSelector = {}, affinity, tolerations = [], ...podSpec } = template.spec ?? {};
  const terms = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  const finished = (status.conditions ?? []).some(
    (condition) => (condition.type === 'Complete' || condition.type === 'Failed') && condition.status === 'True',
  );
  return {
    namespace: metadata.namespace ?? '',
    kind,
    name: metadata.name ?? '',
    ...(WITH_REPLICAS.has(kind) && { replicas: spec.replicas ?? 1 }),
    ...(kind === 'Job' && finished && { finished: true }),
    ...(kind === 'CronJob' && { cron: cronOf(spec, status) }),
    ...readPodParts(template.metadata?.labels ?? {}, podSpec),
    nodeSelector,
    ...(terms !== undefined && {
      nodeAffinity: terms.map(({ matchExpressions = [] }) => matchExpressions.map(readRequirement)),
    }),
    tolerations: tolerations.map(({ key, operator, value, effect }) => ({
      ...(key !== undefined && { key }),
      ...(operator !== undefined && { operator }),
      ...(value !== undefined && { value }),
      ...(effect !== undefined && { effect }),
    })),
  };
}

/** Source: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/cron-job-v1/ */
function cronOf(
  { schedule = '', timeZone, suspend = false }: NonNullable<WorkloadJson['spec']>,
  { lastScheduleTime, lastSuccessfulTime }: NonNullable<WorkloadJson['status']>,
): NonNullable<TemplateFacts['cron']> {
  return {
    schedule,
    ...(timeZone !== undefined && { timeZone }),
    suspended: suspend,
    ...(lastScheduleTime !== undefined && { lastScheduled: lastScheduleTime }),
    ...(lastSuccessfulTime !== undefined && { lastSuccessful: lastSuccessfulTime }),
  };
}
