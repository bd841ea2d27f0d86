import type { PodTemplate } from '../../estate/kubernetes/podTemplate';
import type { Role } from '../../blueprint/Blueprint';

/** A call of a probe: by which container, and the role whose session is the answer. */
export interface ProbeCall {
  /** The container's name. */
  readonly container: string;
  readonly call: 'sts:GetCallerIdentity' | 'sts:AssumeRole';
  readonly role: Pick<Role, 'arn' | 'name'>;
}

/** What a probe is made of. */
export interface ProbeJob {
  readonly name: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly image: string;
  readonly calls: readonly ProbeCall[];
  /** Whose labels, node selection and tolerations it has; absent: the workload has no pod template and no pod. */
  readonly like?: PodTemplate;
}

/** How long a probe may run, and how long its Job stays when podlift cannot delete it, in seconds. */
export const PROBE_SECONDS = 120;
const STAYS_SECONDS = 60;

/** Nobody sets this condition: the pod is never ready, so no Service sends requests to it. */
const NEVER_READY = 'podlift.invalid/never-ready';

/**
 * A Job that uses the role of a workload once: a container for each call, with the workload's account, labels, node selection and tolerations. It
 * answers no request of others:
 *
 * - its readiness gate is never set, so an EndpointSlice has its address as not ready
 *   (https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-readiness-gate);
 * - its containers are not ready either: the AWS Load Balancer Controller registers a pod by its IP whose containers are ready
 *   (kubernetes-sigs/aws-load-balancer-controller pkg/backend/endpoint_resolver.go).
 *
 * It prints ARNs and no credentials: `kubectl logs` is open to more people than the role.
 */
export function probeJob({ name, namespace, serviceAccount, image, calls, like }: ProbeJob): object {
  const { spec = {}, labels = {} } = like ?? {};
  const nodeAffinity = spec.affinity?.nodeAffinity;
  const env = copiedEnv(spec);
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, namespace, labels: { 'app.kubernetes.io/managed-by': 'podlift' } },
    spec: {
      backoffLimit: 0,
      activeDeadlineSeconds: PROBE_SECONDS,
      ttlSecondsAfterFinished: STAYS_SECONDS,
      template: {
        metadata: { labels: { ...labels, ...WITHOUT_SIDECARS }, annotations: { 'linkerd.io/inject': 'disabled' } },
        spec: {
          serviceAccountName: serviceAccount,
          automountServiceAccountToken: false,
          restartPolicy: 'Never',
          readinessGates: [{ conditionType: NEVER_READY }],
          ...(spec.nodeSelector && { nodeSelector: spec.nodeSelector }),
          ...(nodeAffinity && { affinity: { nodeAffinity } }),
          ...(spec.tolerations && { tolerations: spec.tolerations }),
          ...(spec.imagePullSecrets && { imagePullSecrets: spec.imagePullSecrets }),
          ...(spec.hostNetwork === true && { hostNetwork: true, dnsPolicy: 'ClusterFirstWithHostNet' }),
          securityContext: {
            runAsNonRoot: true,
            runAsUser: NOBODY,
            runAsGroup: NOBODY,
            fsGroup: NOBODY,
            seccompProfile: { type: 'RuntimeDefault' },
          },
          containers: calls.map((call) => ({
            name: call.container,
            image,
            command: commandOf(call),
            env: [{ name: 'HOME', value: '/tmp' }, ...env],
            terminationMessagePolicy: 'FallbackToLogsOnError',
            readinessProbe: { tcpSocket: { port: 1 }, initialDelaySeconds: 3600 },
            securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
            resources: { requests: { cpu: '50m', memory: '128Mi' }, limits: { cpu: '1', memory: '512Mi' } },
          })),
        },
      },
    },
  };
}

/** The user `nobody`: a namespace with the Pod Security Standard "restricted" takes no root. */
const NOBODY = 65534;

/** A sidecar would let the pod run until its deadline. Sources: istio.io, Sidecar injection; linkerd.io, Proxy injection. */
const WITHOUT_SIDECARS = { 'sidecar.istio.io/inject': 'false' };

function commandOf({ call, role }: ProbeCall): readonly string[] {
  if (call === 'sts:GetCallerIdentity')
    return ['aws', 'sts', 'get-caller-identity', '--query', 'Arn', '--output', 'text'];
  const assume = ['aws', 'sts', 'assume-role', '--role-arn', role.arn, '--role-session-name', 'podlift-probe'];
  return [...assume, '--query', 'AssumedRoleUser.Arn', '--output', 'text'];
}

/** Variables without which the workload itself would not reach AWS. */
const COPIED: ReadonlySet<string> = new Set([
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY'].flatMap((name) => [name, name.toLowerCase()]),
  'AWS_REGION',
  'AWS_DEFAULT_REGION',
  'AWS_STS_REGIONAL_ENDPOINTS',
  'AWS_USE_FIPS_ENDPOINT',
  'AWS_USE_DUALSTACK_ENDPOINT',
]);

/** The variables of the first container that has any; those without a value in the spec come from objects that podlift does not read. */
function copiedEnv({
  containers = [],
}: PodTemplate['spec']): readonly { readonly name: string; readonly value: string }[] {
  const all = containers.map(({ env = [] }) =>
    env.flatMap(({ name, value }) => (value !== undefined && COPIED.has(name) ? [{ name, value }] : [])),
  );
  return all.find((one) => one.length > 0) ?? [];
}
