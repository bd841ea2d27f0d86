import type { Blueprint } from './Blueprint';

/** Where the Terraform state of a stack is. */
export type StateLocation =
  | { readonly backend: 'local'; /** Relative to the current folder, or in the state folder. */ readonly path: string }
  | { readonly backend: 's3'; readonly bucket: string; readonly region: string; readonly key: string };

/**
 * The place of a stack's state: S3 if the environment has `state`, else a local file. The name of the inventory is a part of the place, so that
 * two inventories with names never share a state. With `stateDirectory` the place is a file in that folder, so that a trial never changes
 * the state of real accounts.
 */
export function stateLocation(
  stack: string,
  { state, inventory }: Pick<Blueprint, 'state' | 'inventory'>,
  stateDirectory: string | undefined,
): StateLocation {
  const named = inventory === undefined ? `${stack}.tfstate` : `${inventory}.${stack}.tfstate`;
  if (stateDirectory !== undefined && stateDirectory !== '')
    return { backend: 'local', path: `${stateDirectory.replace(/\/+$/, '')}/${named}` };
  if (state === undefined) return { backend: 'local', path: `terraform.${named}` };
  const { bucket, region, prefix } = state.s3;
  const parts = [prefix?.replace(/\/+$/, '') ?? '', inventory ?? '', `${stack}.tfstate`];
  return { backend: 's3', bucket, region, key: parts.filter((part) => part !== '').join('/') };
}

/** The place for people: a path, or `s3://bucket/key`. */
export function locationText(location: StateLocation): string {
  return location.backend === 'local' ? location.path : `s3://${location.bucket}/${location.key}`;
}
