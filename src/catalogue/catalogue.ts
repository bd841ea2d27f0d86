import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import {
  catalogueSchema,
  type Conditions,
  type KnownController,
  type KnownKind,
  type KnownMode,
} from './catalogueSchema';

/** `secretstores.external-secrets.io`, as kubectl names the objects of a kind in its preferred version; of the core group the plural alone. */
export function resourceOf({ plural, group }: Pick<KnownKind, 'plural' | 'group'>): string {
  return group === '' ? plural : `${plural}.${group}`;
}

/** A kind of the catalogue with its controller. */
export interface CatalogueKind extends KnownKind {
  readonly controller: KnownController;
}

let files: readonly string[] | undefined;
const pages = new Map<string, KnownController>();

/** The names of the pages, in their order: `src/catalogue/<name>.yaml`. */
function pageNames(): readonly string[] {
  files ??= readdirSync(__dirname)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.slice(0, -'.yaml'.length))
    .toSorted();
  return files;
}

/** A page; each is read once. */
function page(name: string): KnownController {
  const read = pages.get(name) ?? catalogueSchema.parse(parse(readFileSync(join(__dirname, `${name}.yaml`), 'utf8')));
  pages.set(name, read);
  return read;
}

/** All pages of the catalogue, in the order of their names. */
export function catalogue(): readonly KnownController[] {
  return pageNames().map(page);
}

/** The page of a controller by its name or one of its aliases; undefined for any other name. */
export function knownController(name: string): KnownController | undefined {
  // A page is read alone where its own name stands: all of them are many.
  if (pageNames().includes(name)) return page(name);
  return catalogue().find(({ aliases }) => aliases?.includes(name));
}

/** Whether the catalogue has permissions for a controller: it can stand in `use`. */
export function hasPermissions({ policy, managedPolicies }: KnownController): boolean {
  return policy !== undefined || managedPolicies !== undefined;
}

/** All kinds of the catalogue, by their resource. */
export function catalogueKinds(): ReadonlyMap<string, CatalogueKind> {
  const kinds = catalogue().flatMap((controller) => (controller.kinds ?? []).map((kind) => ({ ...kind, controller })));
  return new Map(kinds.map((kind) => [resourceOf(kind), kind]));
}

/** The API groups of the catalogue. */
export function catalogueGroups(): ReadonlySet<string> {
  return new Set(catalogueResources().map(groupOf));
}

/** All resources whose objects the catalogue reads: those of its kinds, and those that the objects name. */
export function catalogueResources(): readonly string[] {
  const kinds = [...catalogueKinds()];
  const through = kinds.flatMap(([, { modes }]) =>
    modes.flatMap((mode) => Object.values(mode.through?.resources ?? {})),
  );
  return [...new Set([...kinds.map(([resource]) => resource), ...through])].toSorted();
}

/** The group of a resource: `external-secrets.io` of `secretstores.external-secrets.io`; empty for the core group. */
export function groupOf(resource: string): string {
  const [, ...group] = resource.split('.');
  return group.join('.');
}

/** Whether a cluster with these API groups can have a resource: every cluster has the core group, which `/apis` does not list. */
export function hasGroupOf(groups: readonly string[], resource: string): boolean {
  return ['', ...groups].includes(groupOf(resource));
}

/** The fields of the objects of a resource that podlift reads, as paths: all others are dropped. */
export function fieldsOf(resource: string): readonly string[] {
  const all = catalogue().flatMap(({ kinds = [] }) => kinds);
  const own = all.filter((kind) => resourceOf(kind) === resource).flatMap(({ modes }) => modes.flatMap(fieldsOfMode));
  const referred = all.flatMap(({ modes }) => modes.flatMap((mode) => fieldsThrough(mode, resource)));
  return [...new Set([...own, ...referred])].toSorted();
}

function fieldsOfMode({ when = {}, through, account, role, change }: KnownMode): readonly string[] {
  return [
    ...Object.keys(when),
    ...(through === undefined ? [] : [through.kind, through.name]),
    ...('named' in account ? [account.named, ...(account.namespace === undefined ? [] : [account.namespace])] : []),
    ...('claimedBy' in account ? [`${account.claimedBy}.namespace`, `${account.claimedBy}.name`] : []),
    ...('target' in account ? [`${account.target}.kind`, `${account.target}.name`] : []),
    ...(role === undefined ? [] : [role]),
    ...(through === undefined && change !== undefined ? [change.field] : []),
  ];
}

function fieldsThrough({ through, change }: KnownMode, resource: string): readonly string[] {
  if (through === undefined || !Object.values(through.resources).includes(resource)) return [];
  return [...Object.keys(through.when), ...(change === undefined ? [] : [change.field])];
}

/** The texts with which conditions compare the fields, by the path: everybody knows them. */
export function comparedValues(): ReadonlyMap<string, ReadonlySet<string>> {
  const values = new Map<string, Set<string>>();
  const add = (conditions: Conditions): void => {
    for (const [path, wanted] of Object.entries(conditions))
      if (wanted !== 'present')
        values.set(path, new Set([...(values.get(path) ?? []), ...wanted.flatMap((one) => one ?? [])]));
  };
  for (const { modes } of catalogue().flatMap(({ kinds = [] }) => kinds))
    for (const { when = {}, through, account, change } of modes) {
      add(when);
      if (through !== undefined) {
        add(through.when);
        add({ [through.kind]: Object.keys(through.resources) });
      }
      if ('target' in account)
        add({ [`${account.target}.kind`]: ['Deployment', 'StatefulSet', 'DaemonSet', 'Rollout'] });
      if (typeof change?.to === 'string') add({ [change.field]: [change.to] });
    }
  return values;
}
