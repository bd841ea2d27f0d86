import type { AssociationState, ClusterState } from '../world/World';

/** What the webhook does to a new pod: which way it takes to its credentials, and the token that it needs for it. */
export interface WebhookPatch {
  readonly uses: 'pod-identity' | 'irsa';
  readonly audience: string;
  /** Seconds. */
  readonly tokenExpiration: number;
  readonly volume: string;
  readonly mountPath: string;
  /** The token's name below `mountPath`. */
  readonly tokenName: string;
  /** Regional STS endpoints are asked for. */
  readonly regionalSts: boolean;
  /** The two variables that lead the SDK this way; a container that sets one of them itself gets neither. */
  readonly env: Readonly<Record<string, string>>;
}

const PREFIX = 'eks.amazonaws.com/';
const DAY = 86_400;
const SHORTEST = 600;
/** Where the agent answers on every node. */
export const AGENT_URL = 'http://169.254.170.23/v1/credentials';
const CREDENTIALS_MOUNT = '/var/run/secrets/pods.eks.amazonaws.com/serviceaccount';
const IDENTITY_MOUNT = '/var/run/secrets/eks.amazonaws.com/serviceaccount';
const CREDENTIALS_TOKEN = 'eks-pod-identity-token';

function expiration(annotation: string | undefined): number {
  return annotation !== undefined && /^\d+$/.test(annotation) ? Math.max(SHORTEST, Number(annotation)) : DAY;
}

/**
 * What the webhook decides when a pod is admitted: container credentials as soon as there is an association, else web
 * identity as soon as there is an annotation, else nothing (undefined). `podAnnotations` may ask for a shorter or longer token.
 * Source: aws/amazon-eks-pod-identity-webhook, pkg/handler/handler.go (buildPodPatchConfig, parsePodAnnotations),
 * pkg/cache/cache.go (addSA) and main.go (defaults); EKS runs it with regional STS.
 */
export function webhookPatch(
  annotations: Readonly<Record<string, string>>,
  podAnnotations: Readonly<Record<string, string>>,
  association: AssociationState | undefined,
): WebhookPatch | undefined {
  const tokenExpiration = expiration(
    podAnnotations[`${PREFIX}token-expiration`] ?? annotations[`${PREFIX}token-expiration`],
  );
  const common = { tokenExpiration, regionalSts: annotations[`${PREFIX}sts-regional-endpoints`] !== 'false' };
  if (association !== undefined) {
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

/** The variables that a container gets beside its own, in the order in which the webhook appends them. */
export function webhookEnv(
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
