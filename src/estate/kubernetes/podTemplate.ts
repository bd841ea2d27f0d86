/** An object of a cluster as its API gives it, cut down to the parts that lead to a pod. */
interface OwnerJson {
  readonly kind: string;
  readonly metadata?: {
    readonly name?: string;
    readonly ownerReferences?: readonly unknown[];
    readonly labels?: Texts;
    readonly annotations?: Texts;
  };
  readonly spec?: {
    readonly template?: TemplateJson;
    readonly jobTemplate?: { readonly spec?: { readonly template?: TemplateJson } };
  };
}

type Texts = Readonly<Record<string, string>>;

interface TemplateJson {
  readonly metadata?: { readonly labels?: Texts; readonly annotations?: Texts };
  readonly spec?: PodSpecJson;
}

/** The parts of a pod's spec that podlift copies. Source: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/ */
export interface PodSpecJson {
  readonly serviceAccountName?: string;
  readonly nodeSelector?: Texts;
  readonly affinity?: { readonly nodeAffinity?: object };
  readonly tolerations?: readonly object[];
  readonly imagePullSecrets?: readonly object[];
  readonly hostNetwork?: boolean;
  readonly containers?: readonly {
    readonly name?: string;
    readonly image?: string;
    readonly env?: readonly { readonly name: string; readonly value?: string }[];
  }[];
}

/** A pod of a workload, before a controller or the webhook added anything. */
export interface PodTemplate {
  /** `deployment/orders`: where it comes from. */
  readonly of: string;
  readonly labels: Texts;
  readonly annotations: Texts;
  readonly spec: PodSpecJson;
}

/** The resources with pod templates, for `kubectl get`, with their groups: a kind of another group can have the same short name. */
export const TEMPLATE_RESOURCES = 'deployments.apps,statefulsets.apps,daemonsets.apps,jobs.batch,cronjobs.batch';

/** In this order: what runs longest is most like the workload. */
const KINDS = ['Deployment', 'StatefulSet', 'DaemonSet', 'CronJob', 'Job', 'Pod'];

/**
 * The pod template of a service account: of the first Deployment that has it, else of the first StatefulSet, DaemonSet, CronJob or Job, else a pod.
 *
 * @param items the items of `kubectl get TEMPLATE_RESOURCES,pods -o json`; a pod shows the workloads of other controllers
 */
export function podTemplate(items: readonly unknown[], serviceAccount: string): PodTemplate | undefined {
  const templates = (items as readonly OwnerJson[])
    .filter(
      ({ kind, metadata }) => KINDS.includes(kind) && !(kind === 'Job' && metadata?.ownerReferences !== undefined),
    )
    .map((owner) => ({ owner, template: templateOf(owner) }))
    .filter(({ template }) => (template?.spec?.serviceAccountName ?? 'default') === serviceAccount)
    .toSorted((one, other) => KINDS.indexOf(one.owner.kind) - KINDS.indexOf(other.owner.kind));
  const [first] = templates;
  if (first === undefined) return undefined;
  const { owner, template } = first;
  const labels = Object.entries(template?.metadata?.labels ?? {}).filter(([key]) => !OF_CONTROLLERS.test(key));
  return {
    of: `${owner.kind.toLowerCase()}/${owner.metadata?.name ?? ''}`,
    labels: Object.fromEntries(labels),
    annotations: template?.metadata?.annotations ?? {},
    spec: template?.spec ?? {},
  };
}

function templateOf(owner: OwnerJson): TemplateJson | undefined {
  if (owner.kind === 'Pod') return owner as TemplateJson;
  return owner.kind === 'CronJob' ? owner.spec?.jobTemplate?.spec?.template : owner.spec?.template;
}

/**
 * Labels that controllers, EKS and its webhook set on a pod: with one of them, a pod would count as one of the controller's own.
 * Source: https://kubernetes.io/docs/reference/labels-annotations-taints/
 */
const OF_CONTROLLERS =
  /^(pod-template-hash|pod-template-generation|controller-revision-hash|controller-uid|job-name|rollouts-pod-template-hash|statefulset\.kubernetes\.io\/.*|apps\.kubernetes\.io\/pod-index|batch\.kubernetes\.io\/.*|eks\.amazonaws\.com\/.*)$/;
