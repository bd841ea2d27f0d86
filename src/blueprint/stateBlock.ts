import type { StateLocation } from './stateLocation';

/** A value of an argument of a backend, or a block with further ones. */
type Argument = string | boolean | Arguments;
interface Arguments {
  readonly [name: string]: Argument;
}

/** The block of Terraform's settings for a location: `cloud`, or a backend with its type. */
export interface StateBlock {
  /** The type, also in Terraform's record of the backend: `s3`, `cloud`. */
  readonly type: StateLocation['backend'];
  readonly arguments: Arguments;
}

/**
 * The arguments by which Terraform and OpenTofu find a state. A local path stays as it is: whoever writes the block makes it absolute, or relative to the folder
 * in which Terraform runs.
 *
 * Sources, hashicorp/terraform v1.11.4: website/docs/language/backend/{s3,remote,http,gcs,azurerm,local}.mdx, website/docs/cli/cloud/settings.mdx. OpenTofu 1.10 has each
 * of these arguments too.
 */
export function stateBlock(location: StateLocation): StateBlock {
  const { backend: type } = location;
  switch (location.backend) {
    case 'local':
      return { type, arguments: { path: location.path } };
    case 's3': {
      const { bucket, region, key } = location;
      // Locks by a file beside the state, since Terraform and OpenTofu 1.10.
      return { type, arguments: { bucket, region, key, encrypt: true, use_lockfile: true } };
    }
    case 'cloud':
    case 'remote': {
      const { hostname, organization, workspace } = location;
      const project: Arguments =
        location.backend === 'cloud' && location.project !== undefined ? { project: location.project } : {};
      return { type, arguments: { hostname, organization, workspaces: { name: workspace, ...project } } };
    }
    default: {
      const { backend: _, ...rest } = location;
      return {
        type,
        arguments: Object.fromEntries(
          Object.entries(rest).map(([name, value]) => [snakeCase(name), value as Argument]),
        ),
      };
    }
  }
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/**
 * Whether Terraform's record of a backend is of this location: it has all arguments of the block. It also has those that nobody wrote.
 * Source: hashicorp/terraform internal/command/meta_backend.go
 */
export function isRecordOf(
  { type, arguments: wanted }: StateBlock,
  record: { readonly type: string; readonly config: object },
): boolean {
  return record.type === type && contains(record.config, wanted);
}

function contains(found: unknown, wanted: Argument): boolean {
  if (typeof wanted !== 'object') return found === wanted;
  // A block that nests others is a list in the records of some versions.
  const object: unknown = Array.isArray(found) && found.length === 1 ? found[0] : found;
  return (
    typeof object === 'object' &&
    object !== null &&
    Object.entries(wanted).every(([name, value]) =>
      contains((object as Readonly<Record<string, unknown>>)[name], value),
    )
  );
}
