import type { AssociationState, ClusterState } from '../world/World';

/** What the webhook does to a new pod: which way it takes to its credentials, and the token that it needs for it. */
export interface WebhookPatch {
  readonly uses: 'pod-identity' | 'irsa';
  readonly audience: string;
  /** Seconds. */
  readonly tokenExpiration: number;
  /** Where the token stands below the pod's file system root. */
  readonly tokenPath: string;
  /** The environment for a token file at that place. */
  readonly env: (tokenFile: string) => Record<string, string>;
}

const PREFIX = 'eks.amazonaws.com/';
const DAY = 86_400;
const SHORTEST = 600;

function expiration(annotation: string | undefined): number {
  return annotation !== undefined && /^\d+$/.test(annotation) ? Math.max(SHORTEST, Number(annotation)) : DAY;
}

/**
 * What the webhook decides when a pod is admitted: container credentials as soon as there is an association, else web
 * identity as soon as there is an annotation, else nothing (undefined).
 * Source: aws/amazon-eks-pod-identity-webhook, pkg/handler/handler.go (buildPodPatchConfig, addEnvToContainer),
 * pkg/cache/cache.go (addSA) and main.go (defaults); EKS runs it with regional STS.
 */
export function webhookPatch(
  cluster: ClusterState,
  annotations: Readonly<Record<string, string>>,
  association: AssociationState | undefined,
  agentUrl: string,
): WebhookPatch | undefined {
  const roleArn = annotations[`${PREFIX}role-arn`];
  const regional =
    annotations[`${PREFIX}sts-regional-endpoints`] === 'false' ? {} : { AWS_STS_REGIONAL_ENDPOINTS: 'regional' };
  const common = { ...regional, AWS_DEFAULT_REGION: cluster.region, AWS_REGION: cluster.region };
  const tokenExpiration = expiration(annotations[`${PREFIX}token-expiration`]);
  if (association !== undefined) {
    return {
      uses: 'pod-identity',
      audience: 'pods.eks.amazonaws.com',
      tokenExpiration,
      tokenPath: 'var/run/secrets/pods.eks.amazonaws.com/serviceaccount/eks-pod-identity-token',
      env: (tokenFile) => ({
        ...common,
        AWS_CONTAINER_CREDENTIALS_FULL_URI: agentUrl,
        AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: tokenFile,
      }),
    };
  }
  if (roleArn === undefined || roleArn === '') return undefined;
  return {
    uses: 'irsa',
    audience: annotations[`${PREFIX}audience`] ?? 'sts.amazonaws.com',
    tokenExpiration,
    tokenPath: 'var/run/secrets/eks.amazonaws.com/serviceaccount/token',
    env: (tokenFile) => ({ ...common, AWS_ROLE_ARN: roleArn, AWS_WEB_IDENTITY_TOKEN_FILE: tokenFile }),
  };
}
