import type { ContainerFacts, PodFacts } from '../estate/kubernetes/KubernetesPort';

/** Where the webhook puts the tokens, and the volumes from which they come. Source: aws/amazon-eks-pod-identity-webhook, main.go and pkg/handler/handler.go. */
const IRSA_TOKEN = '/var/run/secrets/eks.amazonaws.com/serviceaccount/token';
const IRSA_VOLUME = 'aws-iam-token';
const POD_IDENTITY_VOLUME = 'eks-pod-identity-token';
const POD_IDENTITY_TOKEN = '/var/run/secrets/pods.eks.amazonaws.com/serviceaccount/eks-pod-identity-token';

/** The variables of each way. Source: the same. */
export const WEB_IDENTITY_VARIABLES = ['AWS_ROLE_ARN', 'AWS_WEB_IDENTITY_TOKEN_FILE'] as const;
export const POD_IDENTITY_VARIABLES = [
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE',
] as const;

/** By which ways a pod's SDKs find credentials. Both: web identity goes first, in every SDK. */
export interface PodCredentials {
  readonly webIdentity: boolean;
  readonly podIdentity: boolean;
}

/**
 * Reads from a pod's containers which way it was given. One container is enough: a sidecar that was injected after the webhook, or
 * that `eks.amazonaws.com/skip-containers` names, has no variables and is not the workload.
 */
export function podCredentials({ containers }: PodFacts): PodCredentials {
  return {
    webIdentity: containers.some(({ env }) => env.AWS_WEB_IDENTITY_TOKEN_FILE !== undefined),
    podIdentity: containers.some(
      ({ env }) =>
        env.AWS_CONTAINER_CREDENTIALS_FULL_URI !== undefined &&
        env.AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE?.endsWith(POD_IDENTITY_TOKEN) === true,
    ),
  };
}

/**
 * The variables of IRSA that the webhook did not put into a pod, as `container: NAME=value`.
 *
 * The webhook's own are known by three signs together: `AWS_WEB_IDENTITY_TOKEN_FILE` at its path, `AWS_ROLE_ARN` as the
 * annotation has it (`roleArn`), and the projected volume `aws-iam-token`, which it adds in the same patch; and it never adds them
 * beside the variables of Pod Identity. It keeps what a pod spec sets, so any other value, and one that comes from a ConfigMap or a
 * Secret, was written by a person. A spec that repeats the webhook's very values cannot be told from the webhook before `dual`;
 * there such pods show, since they have both ways and `pods-restarted` refuses them.
 */
export function hardCoded(pod: PodFacts, roleArn: string): string[] {
  const injectedHere = IRSA_VOLUME in pod.tokenVolumes && !podCredentials(pod).podIdentity;
  return pod.containers.flatMap((container) => foreign(container, roleArn, injectedHere));
}

/**
 * The containers of a pod as its spec was before the webhook: without the variables that `hardCoded` takes for the webhook's own, and without those
 * of Pod Identity beside the webhook's volume.
 */
export function withoutInjected(pod: PodFacts, roleArn: string): readonly ContainerFacts[] {
  const podIdentity = POD_IDENTITY_VOLUME in pod.tokenVolumes;
  const webIdentity = IRSA_VOLUME in pod.tokenVolumes && !podCredentials(pod).podIdentity;
  return pod.containers.map((container) => {
    const { AWS_ROLE_ARN, AWS_WEB_IDENTITY_TOKEN_FILE, ...others } = container.env;
    const { AWS_CONTAINER_CREDENTIALS_FULL_URI, AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE, ...neither } = others;
    const own = foreign(container, roleArn, webIdentity).length > 0;
    const injected = podIdentity && AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE?.endsWith(POD_IDENTITY_TOKEN) === true;
    const web = {
      ...(AWS_ROLE_ARN !== undefined && { AWS_ROLE_ARN }),
      ...(AWS_WEB_IDENTITY_TOKEN_FILE !== undefined && { AWS_WEB_IDENTITY_TOKEN_FILE }),
    };
    return { ...container, env: { ...(own && web), ...(injected ? neither : others) } };
  });
}

function foreign({ name, env }: ContainerFacts, roleArn: string, injectedHere: boolean): string[] {
  const { AWS_ROLE_ARN: role, AWS_WEB_IDENTITY_TOKEN_FILE: token } = env;
  const asInjected = injectedHere && role !== undefined && token !== undefined;
  return [
    ...(role === undefined || (asInjected && role === roleArn) ? [] : [`${name}: AWS_ROLE_ARN=${role}`]),
    ...(token === undefined || (asInjected && token.endsWith(IRSA_TOKEN))
      ? []
      : [`${name}: AWS_WEB_IDENTITY_TOKEN_FILE=${token}`]),
  ];
}
