import type { Answer } from '../aws/AwsPort';
import { CREDENTIAL_VARIABLES } from '../schema/kubernetesFacts';
import type { PodTemplate } from './podTemplate';

type Json = Readonly<Record<string, unknown>>;

/** The name of the pod that is never created. */
const NAME = 'podlift-admission';

/** Variables and volumes that the webhook and the API server have written into a pod; a new pod gets its own. */
const WRITTEN_VARIABLES: ReadonlySet<string> = new Set<string>(CREDENTIAL_VARIABLES);
const WRITTEN_VOLUMES = /^(aws-iam-token|eks-pod-identity-token|kube-api-access-.*)$/;

/**
 * The pod of a workload for a dry run: that of its template; where there is no template, a pod with the account alone. From a pod that runs, what
 * was written when it was admitted is left out.
 */
export function dryRunPod(namespace: string, serviceAccountName: string, template: PodTemplate | undefined): object {
  const { labels = {}, annotations = {}, spec = {} } = template ?? {};
  const { containers = [{ name: 'app', image: 'podlift.invalid/admission' }], ...rest } = spec as Json;
  const isPod = template?.of.startsWith('pod/') === true;
  const cleaned = isPod ? withoutAdmission({ ...rest, containers }) : { ...rest, containers };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: NAME, namespace, labels, annotations },
    spec: { ...cleaned, serviceAccountName },
  };
}

function withoutAdmission(spec: Json): Json {
  const { nodeName: _, serviceAccount: __, priority: ___, ...rest } = spec;
  const containersOf = (list: unknown) =>
    jsonList(list).map((container) => ({
      ...container,
      env: jsonList(container.env).filter(({ name }) => !WRITTEN_VARIABLES.has(String(name))),
      volumeMounts: jsonList(container.volumeMounts).filter(({ name }) => !WRITTEN_VOLUMES.test(String(name))),
    }));
  return {
    ...rest,
    containers: containersOf(spec.containers),
    ...(spec.initContainers !== undefined && { initContainers: containersOf(spec.initContainers) }),
    volumes: jsonList(spec.volumes).filter(({ name }) => !WRITTEN_VOLUMES.test(String(name))),
  };
}

function jsonList(value: unknown): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

/** What a rejection of a pod says, each with the name of who rejects it. */
const REJECTIONS: readonly { readonly saying: RegExp; readonly by: (name: string) => string }[] = [
  // Source: kubernetes/kubernetes staging/src/k8s.io/apiserver/pkg/admission/plugin/webhook/errors/statuserror.go
  { saying: /admission webhook "([^"]+)" denied the request/, by: (name) => name },
  // Source: staging/src/k8s.io/apiserver/pkg/admission/plugin/policy/validating/plugin.go
  { saying: /ValidatingAdmissionPolicy '([^']+)'/, by: (name) => name },
  // Source: staging/src/k8s.io/pod-security-admission/admission/admission.go
  { saying: /violates PodSecurity "([^"]+)"/, by: (name) => `PodSecurity ${name}` },
  // Source: staging/src/k8s.io/apiserver/pkg/admission/plugin/resourcequota/controller.go
  { saying: /exceeded quota: ([^,\s]+)/, by: (name) => `ResourceQuota ${name}` },
  { saying: /failed quota: ([^:\s]+)/, by: (name) => `ResourceQuota ${name}` },
  // Source: staging/src/k8s.io/apiserver/pkg/admission/plugin/webhook/errors/statuserror.go (NewFailedToCall)
  { saying: /failed calling webhook "([^"]+)"/, by: (name) => name },
];

/** The answer to a dry run; where a policy of the cluster rejects the pod, the message names it: nobody lacks a permission then. */
export function withRejection<V>(answer: Answer<V>): Answer<V> {
  if (answer.ok) return answer;
  for (const { saying, by } of REJECTIONS) {
    const [, name] = saying.exec(answer.message) ?? [];
    if (name !== undefined) {
      const { fix: _, ...rest } = answer;
      return { ...rest, why: 'failed', message: `rejected by ${by(name)}: ${answer.message}` };
    }
  }
  return answer;
}
