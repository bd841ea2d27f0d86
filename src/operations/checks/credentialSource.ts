import type { ContainerFacts } from '../../estate/kubernetes/KubernetesPort';

/** Where an SDK gets credentials from. */
export type CredentialSource = 'keys' | 'profile' | 'web-identity' | 'ecs' | 'pod-identity' | 'node';

interface Link {
  readonly source: CredentialSource;
  /** In the words of a finding. */
  readonly says: string;
  /** The variables of the container that bring the SDK to it. */
  readonly by: (container: ContainerFacts) => readonly string[];
}

const earlier =
  (...wanted: readonly string[]) =>
  ({ earlier: set }: ContainerFacts): readonly string[] =>
    set.filter((name) => wanted.includes(name));

/**
 * The links of the SDKs' default chain that a pod spec can show, in their order: the first that finds credentials ends the search.
 * A profile may find nothing; whatever it finds wins over the links after it.
 * Source: https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html and the pages of each SDK
 */
export const CREDENTIAL_CHAIN: readonly Link[] = [
  {
    source: 'keys',
    says: 'access keys in its environment',
    by: earlier('AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'),
  },
  {
    source: 'profile',
    says: 'a profile of the shared files',
    by: earlier('AWS_PROFILE', 'AWS_SHARED_CREDENTIALS_FILE', 'AWS_CONFIG_FILE'),
  },
  {
    source: 'web-identity',
    says: 'web identity',
    by: ({ env }) =>
      env.AWS_WEB_IDENTITY_TOKEN_FILE === undefined || env.AWS_ROLE_ARN === undefined
        ? []
        : ['AWS_ROLE_ARN', 'AWS_WEB_IDENTITY_TOKEN_FILE'],
  },
  {
    source: 'ecs',
    says: 'the container credentials of ECS',
    by: earlier('AWS_CONTAINER_CREDENTIALS_RELATIVE_URI'),
  },
  {
    source: 'pod-identity',
    says: 'Pod Identity',
    by: ({ env }) =>
      env.AWS_CONTAINER_CREDENTIALS_FULL_URI === undefined ? [] : ['AWS_CONTAINER_CREDENTIALS_FULL_URI'],
  },
  { source: 'node', says: 'the role of its node', by: () => ['no other'] },
];

/** What an SDK finds first in a container, with the variables that lead it there, and profiles that it looks into before. */
export interface Picked {
  readonly source: Exclude<CredentialSource, 'profile'>;
  readonly says: string;
  readonly by: readonly string[];
  /** Variables that name a profile, whose content a pod spec does not show. */
  readonly profile: readonly string[];
}

/** Walks the chain. `knowsPodIdentity`: the SDK is new enough for that link; an old one passes it by. */
export function credentialSource(container: ContainerFacts, knowsPodIdentity: boolean): Picked {
  const found = CREDENTIAL_CHAIN.map(({ source, says, by }) => ({ source, says, by: by(container) })).filter(
    ({ source, by }) => by.length > 0 && (knowsPodIdentity || source !== 'pod-identity'),
  );
  const profile = found.find(({ source }) => source === 'profile')?.by ?? [];
  for (const { source, says, by } of found)
    if (source !== 'profile') return { source, says, by, profile: source === 'keys' ? [] : profile };
  return { source: 'node', says: 'the role of its node', by: [], profile };
}
