import type { InlineDocument, Inventory } from '../../inventory/Inventory';
import type { inventorySchema } from '../../inventory/schema/inventorySchema';
import type { Facts } from '../schema/Facts';
import {
  byKey,
  type Change,
  type Changes,
  conditionValues,
  each,
  fields,
  freeText,
  keep,
  policyOf,
  type Redactor,
  statementOf,
} from './Redactor';
import { configurationOf } from './redactEstate';

/** An inventory as it is written, all files as one. */
export type Written = Facts<typeof inventorySchema>;

type Of<K extends Exclude<keyof Written, 'version' | 'include'>> = NonNullable<Written[K]>[string];
type Environment = Of<'environments'>;
type Cluster = NonNullable<Environment['clusters']>[string];
type State = NonNullable<Environment['state']>;
type Addon = NonNullable<Cluster['addons']>[string];
type Wave = Of<'waves'>;
type Workload = Of<'workloads'>;
type Override = NonNullable<Workload['overrides']>[string];
type Role = NonNullable<Workload['role']>;
type AdoptedTrust = NonNullable<Role['adoptedTrust']>;
type Imports = NonNullable<Role['imports']>;
type Permissions = NonNullable<Workload['permissions']>;
type Statement = NonNullable<Permissions['statements']>[number];
type Target = NonNullable<Override['targets']>[string];
type ServiceAccount = NonNullable<Override['serviceAccount']>;

/** An inventory without the names that it has, and without what free texts say. Keys are replaced too. */
export function redactInventory(redactor: Redactor): Change<Written> {
  const { text } = redactor;
  return fields<Written>({
    version: keep,
    include: () => [],
    accounts: byKey(text, fields<Of<'accounts'>>({ id: text, deployRole: text, readRole: text })),
    environments: byKey(text, environmentOf(redactor)),
    waves: byKey(text, waveOf(text)),
    workloads: byKey(text, workloadOf(redactor)),
  });
}

function environmentOf(redactor: Redactor): Change<Environment> {
  const { text, key } = redactor;
  const configuration = configurationOf(text) as Change<Readonly<Record<string, unknown>>>;
  const addon = fields<Addon>({ version: keep, configuration, serviceAccounts: byKey(text, text), adopt: keep });
  const cluster = fields<Cluster>({
    name: text,
    region: keep,
    version: keep,
    oidc: fields<NonNullable<Cluster['oidc']>>({ issuer: text, provider: keep, adopt: keep }),
    agent: fields<NonNullable<Cluster['agent']>>({ version: keep, configuration, adopt: keep }),
    addons: byKey(keep, addon),
    kubernetes: fields({ context: text }),
    autoMode: keep,
  });
  return fields<Environment>({
    account: text,
    region: keep,
    state: fields<State>({ s3: fields<State['s3']>({ bucket: text, region: keep, prefix: text }) }),
    tags: byKey(key, text),
    role: fields(roleDefaults(text)),
    quotas: keep,
    clusters: byKey(text, cluster),
    values: byKey(text, text),
  });
}

function waveOf(text: Change<string>): Change<Wave> {
  const stage = fields<Exclude<NonNullable<Wave['stages']>[string], string>>({
    stage: keep,
    since: keep,
    because: freeText,
  });
  return fields<Wave>({
    description: freeText,
    after: text,
    soak: keep,
    stages: byKey(text, (value) => (typeof value === 'string' ? value : stage(value))),
  });
}

function workloadOf(redactor: Redactor): Change<Workload> {
  const { text } = redactor;
  const permissions = permissionsOf(redactor);
  const target = fields<Target>({
    account: text,
    environments: each(text),
    via: keep,
    role: fields<NonNullable<Target['role']>>({ name: text, ...roleDefaults(text) }),
    permissions,
  });
  const serviceAccount: Change<ServiceAccount> = (value) =>
    typeof value === 'string'
      ? text(value)
      : fields<Exclude<ServiceAccount, string>>({ name: text, manage: keep, adopt: keep })(value);
  const both: Changes<Override> = {
    wave: text,
    stage: keep,
    found: keep,
    released: keep,
    because: freeText,
    compute: keep,
    sessionTags: keep,
    clusters: each(text),
    role: workloadRoleOf(redactor),
    permissions,
    namespace: text,
    serviceAccount,
    sdk: keep,
    targets: byKey(text, target),
  };
  return fields<Workload>({
    ...(both as unknown as Changes<Workload>),
    environments: each(text),
    overrides: byKey(text, fields<Override>(both)),
  });
}

function roleDefaults(
  text: Change<string>,
): Changes<Pick<Role, 'path' | 'permissionsBoundary' | 'maxSessionDuration'>> {
  return { path: text, permissionsBoundary: text, maxSessionDuration: keep };
}

function workloadRoleOf(redactor: Redactor): Change<Role> {
  const { text, key } = redactor;
  const statements = each(statementOf(redactor)) as Change<NonNullable<Role['keepTrust']>>;
  return fields<Role>({
    name: text,
    ...roleDefaults(text),
    adopt: keep,
    description: text,
    tags: byKey(key, text),
    keepTrust: statements,
    adoptedTrust: fields<AdoptedTrust>({ oidc: statements, podIdentity: statements, because: freeText }),
    imports: fields<Imports>({
      managedPolicies: each(text),
      inlinePolicies: each(text),
      associations: byKey(text, text),
    }),
  });
}

function permissionsOf(redactor: Redactor): Change<Permissions> {
  const { text, conditionKey } = redactor;
  const statement = fields<Statement>({
    sid: text,
    effect: keep,
    actions: keep,
    resources: each(text),
    conditions: byKey(keep, byKey(conditionKey, conditionValues(text))),
    because: freeText,
  });
  return fields<Permissions>({
    // The name alone is that of a policy of AWS.
    managedPolicies: each((policy) => (/[:{]/.test(policy) ? text(policy) : policy)),
    statements: each(statement),
    inlinePolicies: byKey(text, policyOf(redactor) as Change<InlineDocument>),
  });
}

/** Long default names of roles end in a hash, which would be another for other names: they are written out. */
export function withLongNames(written: Written, { environments }: Pick<Inventory, 'environments'>): Written {
  const workloads = { ...written.workloads };
  for (const environment of environments)
    for (const { key, role, targets } of [...environment.workloads, ...(environment.released ?? [])]) {
      const workload = workloads[key];
      const override = workload?.overrides?.[environment.key] ?? {};
      const isLong = (name: string, ...parts: readonly string[]) =>
        name !== parts.join('-') && parts.join('-').startsWith(name.slice(0, HASHED_PREFIX));
      const long = targets.filter((target) => isLong(target.role.name, environment.key, key, target.key));
      const own = isLong(role.name, environment.key, key) ? { role: { ...override.role, name: role.name } } : {};
      if (workload === undefined || (long.length === 0 && !('role' in own))) continue;
      const named = long.map((target) => {
        const before = override.targets?.[target.key];
        return [target.key, { ...before, role: { ...before?.role, name: target.role.name } }] as const;
      });
      const added = {
        ...override,
        ...own,
        ...(long.length > 0 && { targets: { ...override.targets, ...Object.fromEntries(named) } }),
      };
      workloads[key] = { ...workload, overrides: { ...workload.overrides, [environment.key]: added } };
    }
  return { ...written, workloads };
}

/** What a long name keeps before its hash: see `roleName` of the inventory. */
const HASHED_PREFIX = 55;
