import type { Mode } from '../../comparison/access';
import { POD_IDENTITY_VARIABLES, WEB_IDENTITY_VARIABLES } from '../../comparison/podCredentials';
import type { ContainerFacts } from '../../estate/kubernetes/KubernetesPort';

/** Where an SDK gets credentials from. */
type CredentialSource = 'keys' | 'profile' | 'web-identity' | 'ecs' | 'pod-identity' | 'node';

interface Link {
  readonly source: CredentialSource;
  /** In the words of a finding. */
  readonly says: string;
  /** The variables that bring the SDK to it: any of them, or all together. */
  readonly variables: readonly string[];
  readonly together?: true;
}

/**
 * The links of the SDKs' default chain that a pod spec can show, in their order: the first that finds credentials ends the search.
 * A profile may find nothing; whatever it finds wins over the links after it.
 * Source: https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html and the pages of each SDK
 */
const CREDENTIAL_CHAIN: readonly Link[] = [
  {
    source: 'keys',
    says: 'access keys in its environment',
    variables: ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_ACCESS_KEY', 'AWS_SECRET_KEY'],
  },
  {
    source: 'profile',
    says: 'a profile of the shared files',
    variables: ['AWS_PROFILE', 'AWS_DEFAULT_PROFILE', 'AWS_SHARED_CREDENTIALS_FILE', 'AWS_CONFIG_FILE'],
  },
  { source: 'web-identity', says: 'web identity', variables: WEB_IDENTITY_VARIABLES, together: true },
  {
    source: 'ecs',
    says: 'the container credentials of ECS',
    variables: ['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI'],
  },
  { source: 'pod-identity', says: 'Pod Identity', variables: ['AWS_CONTAINER_CREDENTIALS_FULL_URI'] },
];

/** Variables that are set in a container: by name, with the object of `envFrom` that sets them, `''` where the container or the webhook does. */
export type SetVariables = ReadonlyMap<string, string>;

/** The variables that a container sets itself, and those that `from` gives it (by name, with the object). */
export function variablesOf({ env, earlier, cleared = [] }: ContainerFacts, from: SetVariables): SetVariables {
  const own = Object.entries(env);
  const hidden = new Set([...own.map(([name]) => name), ...cleared]);
  return new Map([
    ...[...from].filter(([name]) => !hidden.has(name)),
    ...own.filter(([, value]) => value !== '').map(([name]) => [name, ''] as const),
    ...earlier.map((name) => [name, ''] as const),
  ]);
}

/**
 * The variables of a container of a new pod that uses a mode: the webhook adds those of the mode, unless the container itself sets one of them.
 * They replace those of `envFrom`. Source: aws/amazon-eks-pod-identity-webhook, pkg/handler/handler.go (addEnvToContainer)
 */
export function withInjected(container: ContainerFacts, set: SetVariables, mode: Mode): SetVariables {
  const injected = mode === 'irsa' ? WEB_IDENTITY_VARIABLES : POD_IDENTITY_VARIABLES;
  if (injected.some((name) => container.env[name] !== undefined)) return set;
  return new Map([...set, ...injected.map((name) => [name, ''] as const)]);
}

/** `AWS_ROLE_ARN`, `AWS_ROLE_ARN of configmap settings`. */
export function variableText(name: string, from: string | undefined): string {
  return from === undefined || from === '' ? name : `${name} of ${from}`;
}

/** What an SDK finds first in a container, with the variables that lead it there, and profiles that it looks into before. */
export interface Picked {
  readonly source: Exclude<CredentialSource, 'profile'>;
  readonly says: string;
  readonly by: readonly string[];
  /** Variables that name a profile, whose content a pod spec does not show. */
  readonly profile: readonly string[];
}

/** Walks the chain. `supportsPodIdentity`: the SDK is new enough for that link; an old one passes it by. */
export function credentialSource(set: SetVariables, supportsPodIdentity: boolean): Picked {
  const found = CREDENTIAL_CHAIN.map(({ source, says, variables, together = false }) => {
    const there = variables.filter((name) => set.has(name));
    const by = together && there.length < variables.length ? [] : there;
    return { source, says, by: by.map((name) => variableText(name, set.get(name))) };
  }).filter(({ source, by }) => by.length > 0 && (supportsPodIdentity || source !== 'pod-identity'));
  const profile = found.find(({ source }) => source === 'profile')?.by ?? [];
  for (const { source, says, by } of found)
    if (source !== 'profile') return { source, says, by, profile: source === 'keys' ? [] : profile };
  return { source: 'node', says: 'the role of its node', by: [], profile };
}
