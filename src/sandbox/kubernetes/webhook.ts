import type { ClusterState } from '../world/World';
import { isJson, type Json, listAt, objectAt, textAt, textsAt } from './json';
import type { NewObject } from './objects';

/** The credentials that the webhook sets up for a new pod. */
interface WebhookPatch {
  readonly uses: 'pod-identity' | 'irsa';
  readonly audience: string;
  /** Seconds. */
  readonly tokenExpiration: number;
  readonly volume: string;
  readonly mountPath: string;
  /** The name of the token below `mountPath`. */
  readonly tokenName: string;
  /** The SDK uses the regional STS endpoint. */
  readonly regionalSts: boolean;
  /** The two variables for the SDK. A container that sets one of them itself gets neither. */
  readonly env: Readonly<Record<string, string>>;
}

const PREFIX = 'eks.amazonaws.com/';
const DAY = 86_400;
const SHORTEST = 600;
/** The URL of the agent on every node. */
export const AGENT_URL = 'http://169.254.170.23/v1/credentials';
const CREDENTIALS_MOUNT = '/var/run/secrets/pods.eks.amazonaws.com/serviceaccount';
const IDENTITY_MOUNT = '/var/run/secrets/eks.amazonaws.com/serviceaccount';
const CREDENTIALS_TOKEN = 'eks-pod-identity-token';

function expiration(annotation: string | undefined): number {
  return annotation !== undefined && /^\d+$/.test(annotation) ? Math.max(SHORTEST, Number(annotation)) : DAY;
}

/**
 * The credentials of a new pod: container credentials with an association, else web identity with an annotation, else none (undefined).
 * `podAnnotations` can set the expiration of the token.
 * Source: aws/amazon-eks-pod-identity-webhook, pkg/handler/handler.go (buildPodPatchConfig, parsePodAnnotations), pkg/cache/cache.go (addSA)
 * and main.go (defaults); EKS runs it with regional STS.
 */
function webhookPatch(
  annotations: Readonly<Record<string, string>>,
  podAnnotations: Readonly<Record<string, string>>,
  hasAssociation: boolean,
): WebhookPatch | undefined {
  const tokenExpiration = expiration(
    podAnnotations[`${PREFIX}token-expiration`] ?? annotations[`${PREFIX}token-expiration`],
  );
  const common = { tokenExpiration, regionalSts: annotations[`${PREFIX}sts-regional-endpoints`] !== 'false' };
  if (hasAssociation) {
    return {
      ...common,
      uses: 'pod-identity',
      audience: 'pods.eks.amazonaws.com',
      volume: CREDENTIALS_TOKEN,
      mountPath: CREDENTIALS_MOUNT,
      tokenName: CREDENTIALS_TOKEN,
      env: {
        AWS_CONTAINER_CREDENTIALS_FULL_URI: AGENT_URL,
        AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: `${CREDENTIALS_MOUNT}/${CREDENTIALS_TOKEN}`,
      },
    };
  }
  const roleArn = annotations[`${PREFIX}role-arn`];
  if (roleArn === undefined || roleArn === '') return undefined;
  return {
    ...common,
    uses: 'irsa',
    audience: annotations[`${PREFIX}audience`] ?? 'sts.amazonaws.com',
    volume: 'aws-iam-token',
    mountPath: IDENTITY_MOUNT,
    tokenName: 'token',
    env: { AWS_ROLE_ARN: roleArn, AWS_WEB_IDENTITY_TOKEN_FILE: `${IDENTITY_MOUNT}/token` },
  };
}

/** The variables that the webhook adds to those of a container, in its order. */
function webhookEnv(
  patch: WebhookPatch,
  cluster: ClusterState,
  own: ReadonlySet<string>,
): readonly { readonly name: string; readonly value: string }[] {
  const sts =
    patch.regionalSts && !own.has('AWS_STS_REGIONAL_ENDPOINTS') ? { AWS_STS_REGIONAL_ENDPOINTS: 'regional' } : {};
  const region =
    own.has('AWS_REGION') || own.has('AWS_DEFAULT_REGION')
      ? {}
      : { AWS_DEFAULT_REGION: cluster.region, AWS_REGION: cluster.region };
  const credentials = Object.keys(patch.env).some((name) => own.has(name)) ? {} : patch.env;
  return Object.entries({ ...sts, ...region, ...credentials }).map(([name, value]) => ({ name, value }));
}

function mutatedContainer(container: Json, patch: WebhookPatch, cluster: ClusterState): Json {
  const env = listAt(container, 'env');
  const own = new Set(env.flatMap((entry) => textAt(entry, 'name') ?? []));
  const mounts = listAt(container, 'volumeMounts');
  const mount = { name: patch.volume, readOnly: true, mountPath: patch.mountPath };
  const isMounted = mounts.some((other) => textAt(other, 'name') === patch.volume);
  return {
    ...container,
    env: [...env, ...webhookEnv(patch, cluster, own)],
    volumeMounts: isMounted ? mounts : [...mounts, mount],
  };
}

/**
 * A pod after the webhook: every container that is not skipped has the variables and the mount, the pod has the projected token and, for
 * container credentials, the label. `annotations` are those of the service account. `hasAssociation`: the list of the webhook has the service
 * account; the list has no roles.
 * Source: aws/amazon-eks-pod-identity-webhook, pkg/handler/handler.go (getPodSpecPatch, addEnvToContainer)
 */
export function mutatePod(
  pod: NewObject,
  cluster: ClusterState,
  annotations: Readonly<Record<string, string>>,
  hasAssociation: boolean,
): NewObject {
  const podAnnotations = textsAt(pod.metadata, 'annotations');
  const patch = webhookPatch(annotations, podAnnotations, hasAssociation);
  if (patch === undefined) return pod;
  const spec = objectAt(pod, 'spec');
  const skipped = new Set((podAnnotations[`${PREFIX}skip-containers`] ?? '').split(','));
  const containersOf = (key: string): Json[] =>
    listAt(spec, key)
      .filter(isJson)
      .map((container) =>
        skipped.has(textAt(container, 'name') ?? '') ? container : mutatedContainer(container, patch, cluster),
      );
  const { audience, tokenExpiration: expirationSeconds, tokenName: path, volume } = patch;
  const token = { serviceAccountToken: { audience, expirationSeconds, path } };
  const volumes = listAt(spec, 'volumes');
  const exists = volumes.some((other) => textAt(other, 'name') === volume);
  const labels = textsAt(pod.metadata, 'labels');
  return {
    ...pod,
    metadata: {
      ...pod.metadata,
      ...(patch.uses === 'pod-identity' ? { labels: { ...labels, [`${PREFIX}pod-identity`]: 'enabled' } } : {}),
    },
    spec: {
      ...spec,
      containers: containersOf('containers'),
      ...(listAt(spec, 'initContainers').length === 0 ? {} : { initContainers: containersOf('initContainers') }),
      volumes: exists ? volumes : [{ name: volume, projected: { sources: [token], defaultMode: 420 } }, ...volumes],
    },
  };
}
