import type { StateSettings } from '../inventory/Inventory';
import type { Blueprint } from './Blueprint';

/** The settings of one backend. */
type SettingsOf<B extends string> = StateSettings extends infer S
  ? S extends Readonly<Record<B, infer T>>
    ? T
    : never
  : never;

/** A workspace of HCP Terraform, Terraform Enterprise, or a server with the same API. */
interface Workspace {
  readonly hostname: string;
  readonly organization: string;
  readonly workspace: string;
}

/** Where the Terraform state of a stack is. */
export type StateLocation =
  | {
      readonly backend: 'local';
      /** Relative to the current folder, in the state folder, or absolute. */ readonly path: string;
    }
  | { readonly backend: 's3'; readonly bucket: string; readonly region: string; readonly key: string }
  | ({ readonly backend: 'cloud'; readonly project?: string } & Workspace)
  | ({ readonly backend: 'remote' } & Workspace)
  | ({ readonly backend: 'http' } & SettingsOf<'http'>)
  | ({
      readonly backend: 'gcs';
      /** The folder of the state alone: Terraform writes `default.tfstate` into it. */ readonly prefix: string;
    } & Omit<SettingsOf<'gcs'>, 'prefix'>)
  | ({ readonly backend: 'azurerm'; readonly key: string } & Omit<SettingsOf<'azurerm'>, 'prefix'>);

/** OpenTofu has no default. Source: opentofu/opentofu internal/cloud/backend.go (`setConfigurationFields`) */
const HCP_TERRAFORM = 'app.terraform.io';

/**
 * The place of a stack's state: that of the environment's `state`, else a local file. The name of the inventory is a part of the place, so that
 * two inventories with names never share a state. With `stateDirectory` the place is a file in that folder, so that a trial never changes
 * the state of real accounts.
 *
 * Where a backend has folders, the name is one. Elsewhere `_` stands after it: no key and no name of an inventory has one, so two places are never the same.
 */
export function stateLocation(
  stack: string,
  { state, inventory, folder }: Pick<Blueprint, 'state' | 'inventory' | 'folder'>,
  stateDirectory: string | undefined,
): StateLocation {
  const file = inventory === undefined ? `${stack}.tfstate` : `${inventory}.${stack}.tfstate`;
  if (stateDirectory !== undefined && stateDirectory !== '')
    return { backend: 'local', path: below(stateDirectory, file) };
  if (state === undefined) return { backend: 'local', path: `terraform.${file}` };
  const flat = inventory === undefined ? stack : `${inventory}_${stack}`;
  if ('s3' in state) {
    const { bucket, region, prefix } = state.s3;
    return { backend: 's3', bucket, region, key: below(prefix, inventory, `${stack}.tfstate`) };
  }
  if ('cloud' in state) {
    const { prefix = '', hostname = HCP_TERRAFORM, ...rest } = state.cloud;
    return { backend: 'cloud', ...rest, hostname, workspace: `${prefix}${flat}` };
  }
  if ('remote' in state) {
    const { prefix = '', hostname = HCP_TERRAFORM, ...rest } = state.remote;
    return { backend: 'remote', ...rest, hostname, workspace: `${prefix}${flat}` };
  }
  if ('http' in state) return httpLocation(state.http, flat);
  if ('gcs' in state) {
    const { prefix, ...rest } = state.gcs;
    return { backend: 'gcs', ...rest, prefix: below(prefix, inventory, stack) };
  }
  if ('azurerm' in state) {
    const { prefix, ...rest } = state.azurerm;
    return { backend: 'azurerm', ...rest, key: below(prefix, inventory, `${stack}.tfstate`) };
  }
  return { backend: 'local', path: from(folder ?? '', `${state.local.folder}/${file}`) };
}

/** A lock has to be removed where it was taken: Terraform removes none without `unlock_address`. Source: internal/backend/remote-state/http/client.go (`Unlock`) */
function httpLocation(
  { address, lockAddress, unlockAddress, ...rest }: SettingsOf<'http'>,
  name: string,
): StateLocation {
  const at = (template: string): string => template.replaceAll('{stack}', name);
  return {
    backend: 'http',
    address: at(address),
    ...(lockAddress !== undefined && {
      lockAddress: at(lockAddress),
      unlockAddress: at(unlockAddress ?? lockAddress),
    }),
    ...rest,
  };
}

/** A path that starts in a folder, without `.` and, as far as the folder has names, without `..`. */
function from(folder: string, path: string): string {
  const names = folder.split('/').filter((name) => name !== '');
  for (const name of path.split('/')) {
    if (name === '..' && names.length > 0 && names.at(-1) !== '..') names.pop();
    else if (name !== '' && name !== '.' && !(name === '..' && folder.startsWith('/'))) names.push(name);
  }
  return `${folder.startsWith('/') ? '/' : ''}${names.join('/')}`;
}

/** Names as one path, without those that are empty. */
function below(...names: readonly (string | undefined)[]): string {
  return names
    .map((name = '', index) => (index === names.length - 1 ? name : name.replace(/\/+$/, '')))
    .filter((name, index) => name !== '' || (index === 0 && names[0]?.startsWith('/') === true))
    .join('/');
}

/** The place for people: a path, an address, or `s3://bucket/key`. */
export function locationText(location: StateLocation): string {
  switch (location.backend) {
    case 'local':
      return location.path;
    case 's3':
      return `s3://${location.bucket}/${location.key}`;
    case 'cloud':
    case 'remote':
      return `https://${location.hostname}/app/${location.organization}/workspaces/${location.workspace}`;
    case 'http':
      return location.address;
    case 'gcs':
      return `gs://${location.bucket}/${location.prefix}/default.tfstate`;
    case 'azurerm':
      return `azurerm://${location.storageAccountName}/${location.containerName}/${location.key}`;
  }
}

/**
 * A text that two locations share when they are one state.
 * - Names of organizations and workspaces are the same in capitals. Source: https://github.com/hashicorp/terraform/pull/29005
 * - File systems of macOS and Windows take capitals and small letters for the same.
 * - The names of buckets are unique in all regions, those of storage accounts in one cloud of Azure.
 * - The host of an address is the same in capitals, and its path is the server's own. Source: RFC 3986 section 6.2.2.1
 */
export function placeKey(location: StateLocation): string {
  switch (location.backend) {
    case 'local':
      return `file ${location.path}`.toLowerCase();
    case 's3':
    case 'gcs':
      return locationText(location);
    case 'cloud':
    case 'remote':
      return locationText(location).toLowerCase();
    case 'http':
      return location.address.replace(/^[^/]*\/\/[^/?]*/, (host) => host.toLowerCase());
    case 'azurerm':
      return `${location.environment ?? 'public'} ${locationText(location)}`;
  }
}
