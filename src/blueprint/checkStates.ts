import type { Problem, RuleInfo } from '../inventory/Finding';
import type { Blueprint } from './Blueprint';
import { stacksOf } from './stacksOf';
import { locationText, placeKey, type StateLocation, stateLocation } from './stateLocation';

/** The rules about the places of states. They need every stack, so they check what the inventory compiles to. */
export const STATE_RULES = {
  duplicate: {
    name: 'duplicate-state',
    what: 'No two stacks have the same state, also where a backend takes capitals and small letters for the same.',
    example:
      'the stacks eu-prod-identity and prod-identity have the same state: https://app.terraform.io/app/acme/workspaces/eu-prod-identity',
  },
  name: {
    name: 'state-name',
    what: 'The backend accepts the name of each state: at most 90 characters of a workspace, 1,024 bytes of an object, 255 bytes of a file.',
    example: 'the workspace of stack prod-service-accounts-main has 97 characters: at most 90',
  },
} as const satisfies Record<string, RuleInfo>;

/** The longest name of a state. */
interface Longest {
  readonly what: string;
  readonly name: string;
  readonly limit: number;
}

interface PlacedStack {
  readonly environment: string;
  readonly name: string;
  readonly location: StateLocation;
  readonly path: string;
}

/**
 * The states of all environments: none is that of two stacks, and their backends accept their names. A plan with the state of another stack destroys what that stack
 * has.
 */
export function checkStates(blueprints: readonly Blueprint[]): readonly Problem[] {
  const stacks = blueprints.flatMap(stacksIn);
  const known = new Map<string, PlacedStack>();
  const doubled = stacks.flatMap((stack) => {
    const key = placeKey(stack.location);
    const first = known.get(key);
    if (first === undefined) known.set(key, stack);
    // Two stacks of one name are a finding of `duplicate-stack`.
    return first === undefined || first.name === stack.name ? [] : [sameState(first, stack)];
  });
  return [...doubled, ...blueprints.flatMap((blueprint) => longestIn(stacksIn(blueprint)))];
}

function stacksIn(blueprint: Blueprint): readonly PlacedStack[] {
  const { environment, state } = blueprint;
  return stacksOf(blueprint).map(({ name }) => ({
    environment,
    name,
    location: stateLocation(name, blueprint, undefined),
    path: `environments.${environment}${state === undefined ? '' : '.state'}`,
  }));
}

function sameState(first: PlacedStack, { name, location, path }: PlacedStack): Problem {
  return {
    severity: 'error',
    rule: STATE_RULES.duplicate.name,
    path,
    message: `the stacks ${first.name} and ${name} have the same state: ${locationText(location)}`,
    hint: 'Give the environment that has no state yet another place, such as another prefix.',
  };
}

/** The longest name that is too long, once for an environment. */
function longestIn(stacks: readonly PlacedStack[]): readonly Problem[] {
  const [worst] = stacks
    .flatMap((stack) => {
      const longest = nameOf(stack.location);
      return longest === undefined
        ? []
        : [{ ...longest, path: stack.path, stack: stack.name, length: Buffer.byteLength(longest.name) }];
    })
    .filter(({ length, limit }) => length > limit)
    .sort((one, other) => other.length - one.length);
  if (worst === undefined) return [];
  const { path, what, stack, length, limit } = worst;
  return [
    {
      severity: 'error',
      rule: STATE_RULES.name.name,
      path,
      message: `the ${what} of stack ${stack} has ${length} characters: at most ${limit}`,
      hint: 'Shorten the prefix or the name of the inventory. Before the first apply you can also shorten the keys of the environment and of the cluster or the account.',
    },
  ];
}

/**
 * - Workspaces: https://developer.hashicorp.com/terraform/cloud-docs/workspaces/create (names of at most 90 characters)
 * - S3: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html, for the lock file `<key>.tflock`
 * - Google: https://cloud.google.com/storage/docs/objects#naming
 * - Azure: https://learn.microsoft.com/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata
 * - Files: Terraform writes `.<name>.lock.info` beside the state. Source: hashicorp/terraform internal/states/statemgr/filesystem.go
 */
function nameOf(location: StateLocation): Longest | undefined {
  switch (location.backend) {
    case 'cloud':
    case 'remote':
      return { what: 'workspace', name: location.workspace, limit: 90 };
    case 's3':
      return { what: 'key', name: location.key, limit: 1024 - '.tflock'.length };
    case 'gcs':
      return { what: 'folder', name: location.prefix, limit: 1024 - '/default.tfstate'.length };
    case 'azurerm':
      return { what: 'blob', name: location.key, limit: 1024 };
    case 'local':
      return { what: 'file', name: location.path.split('/').at(-1) ?? '', limit: 255 - '..lock.info'.length };
    case 'http':
      return undefined;
  }
}
